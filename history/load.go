package history

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
)

// maxLineBytes bounds the memory one line can take.
const maxLineBytes = 64 << 20

// LineError says which line of a history is wrong, and why.
type LineError struct {
	Line int // from 1
	Err  error
}

func (e *LineError) Error() string { return fmt.Sprintf("line %d: %v", e.Line, e.Err) }

// Unwrap returns what is wrong with the line.
func (e *LineError) Unwrap() error { return e.Err }

// ErrEmpty is the error of a history without any event.
var ErrEmpty = errors.New("the history is empty: expected one JSON object a line")

// LoadFile is [Load] on a file.
func LoadFile(path string) (*History, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open history: %w", err)
	}
	defer f.Close()
	h, err := Load(f)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	return h, nil
}

// Load reads a history in the JSON-lines format, checks it and pairs its
// events. A last line without its newline that does not parse was torn by a
// crash: it is dropped, and the history's warnings say so. Any other defect is
// a [LineError]. Events may all lack index and time; their place then serves.
func Load(r io.Reader) (*History, error) {
	return Read(r, ReadOptions{Format: FormatJSONL})
}

// jsonlReader reads the events of our own format.
type jsonlReader struct {
	lines  lineReader
	parser lineParser
}

func newJSONLReader(r *bufio.Reader) *jsonlReader {
	return &jsonlReader{lineReader{r: r}, lineParser{words: words{}}}
}

// next sets e to the next event; io.EOF after the last.
func (r *jsonlReader) next(e *foreignEvent) error {
	for {
		line, whole, err := r.lines.next()
		if err != nil {
			return err
		}
		if len(line) == 0 {
			continue
		}
		if err = r.parser.parse(line, e); err != nil && !whole {
			return tornError{err}
		}
		return err
	}
}

func (r *jsonlReader) at() int { return r.lines.number }

func (r *jsonlReader) empty() error { return ErrEmpty }

// lineReader splits its input into lines of bounded length.
type lineReader struct {
	r      *bufio.Reader
	number int
	long   []byte
}

// next returns the next line without its end, whether it had one, and io.EOF
// after the last. The line is valid until the next call.
func (l *lineReader) next() (line []byte, whole bool, err error) {
	l.number++
	line, err = l.r.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		l.long = l.long[:0]
		for errors.Is(err, bufio.ErrBufferFull) {
			if l.long = append(l.long, line...); len(l.long) > maxLineBytes {
				return nil, false, fmt.Errorf("longer than %d MiB: expected one event a line", maxLineBytes>>20)
			}
			line, err = l.r.ReadSlice('\n')
		}
		l.long = append(l.long, line...)
		line = l.long
	}
	if err != nil && (err != io.EOF || len(line) == 0) {
		return nil, false, err
	}
	n := len(line)
	if whole = line[n-1] == '\n'; whole {
		n--
	}
	for n > 0 && (line[n-1] == '\r' || line[n-1] == ' ') {
		n--
	}
	return line[:n], whole, nil
}
