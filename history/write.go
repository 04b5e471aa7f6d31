package history

import (
	"bufio"
	"fmt"
	"io"
)

// Writer writes a history in one of the formats that can be written: JSON lines,
// EDN with a map a line, and a JSON array. It is used by one goroutine at a time.
//
// In the formats of others, null stands for what they mean by it: see
// [ReadOptions].
type Writer struct {
	format Format
	out    *bufio.Writer
	append func(dst []byte, e *Event) []byte
	array  bool
	events int
	line   []byte
}

// WritableFormats returns the formats that a [Writer] writes.
func WritableFormats() []Format { return []Format{FormatJSONL, FormatEDN, FormatJSON} }

// NewWriter returns a writer to w.
func NewWriter(w io.Writer, f Format) (*Writer, error) {
	out := &Writer{format: f, out: bufio.NewWriterSize(w, 1<<18), append: AppendEvent}
	switch f {
	case FormatJSONL:
	case FormatEDN:
		out.append = AppendEDN
	case FormatJSON:
		out.array = true
	default:
		return nil, fmt.Errorf("histories are not written as %q: expected one of %v", f, WritableFormats())
	}
	return out, nil
}

// Write writes the next event.
func (w *Writer) Write(e *Event) error {
	w.line = w.append(w.line[:0], e)
	if w.array {
		before := ",\n"
		if w.events == 0 {
			before = "["
		}
		if _, err := w.out.WriteString(before); err != nil {
			return err
		}
		w.line = w.line[:len(w.line)-1]
	}
	w.events++
	_, err := w.out.Write(w.line)
	return err
}

// Close writes what is pending. It does not close what it writes to.
func (w *Writer) Close() error {
	if w.array {
		end := "]\n"
		if w.events == 0 {
			end = "[]\n"
		}
		if _, err := w.out.WriteString(end); err != nil {
			return err
		}
	}
	return w.out.Flush()
}
