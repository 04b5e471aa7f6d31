package serve

import (
	"net/url"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// runID names a run of a store by its two folders.
type runID struct{ Workload, Name string }

// parseID reads what comes from a request: ok is false for whatever cannot be the
// names of two folders, so that a runID never leads out of the store.
func parseID(workload, name string) (id runID, ok bool) {
	return runID{workload, name}, isName(workload) && isName(name)
}

// parseRun is parseID of workload/name.
func parseRun(text string) (runID, bool) {
	workload, name, _ := strings.Cut(text, "/")
	return parseID(workload, name)
}

// isName reports whether text names a file or folder, with nothing of a path in it.
// Hidden ones are none of a run's.
func isName(text string) bool {
	return text != "" && len(text) <= 255 && text[0] != '.' && utf8.ValidString(text) &&
		!strings.ContainsAny(text, "/\\\x00") && filepath.IsLocal(text)
}

// String returns workload/name, which is also the run's folder in the store.
func (id runID) String() string { return path.Join(id.Workload, id.Name) }

// escaped is String for a URL's path.
func (id runID) escaped() string { return url.PathEscape(id.Workload) + "/" + url.PathEscape(id.Name) }

// nameTime is how a run's folder begins: see docs/run-folder.md.
const nameTime = "20060102T150405.000Z"

// began returns when the run began, as its folder's name has it; ok is false where
// somebody gave it another name.
func (id runID) began() (at time.Time, ok bool) {
	stamp, _, _ := strings.Cut(id.Name, "-")
	at, err := time.Parse(nameTime, stamp)
	return at, err == nil
}

// seed returns the seed, as the folder's name has it.
func (id runID) seed() (seed uint64, ok bool) {
	_, text, _ := strings.Cut(id.Name, "-")
	seed, err := strconv.ParseUint(text, 10, 64)
	return seed, err == nil
}
