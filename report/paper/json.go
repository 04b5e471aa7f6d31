package paper

import (
	"encoding/json"
	"io"
)

// writeJSON writes all of the document, and what it was made from.
func writeJSON(w io.Writer, d *Document) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(struct {
		// Version is that of this format; fields are only ever added.
		Version int `json:"version"`
		*Document
	}{1, d})
}
