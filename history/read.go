package history

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
)

// ReadOptions say how a history is read. The zero value recognises the format,
// and reads the histories of others as Jepsen and Knossos understand them.
type ReadOptions struct {
	// Format is the history's; [FormatAuto] tells it from the content.
	Format Format
	// Keyed says that values are [key value], as jepsen.independent writes them.
	// Tuples with their tag are read as such without it.
	Keyed bool
	// NilIsInitial says that a completed read of nil saw a nil. By default, in
	// the formats of others, it says nothing, which is Knossos' rule. In our own
	// format null is a value like any other, whatever stands here.
	NilIsInitial bool
	// Unpaired keeps completions that nobody invoked, in [History.Unpaired],
	// instead of refusing the history. It is for checks that look at events
	// alone, as some of Jepsen's do: to one that needs operations, a completion
	// without its invocation would be missing.
	Unpaired bool
}

// Read reads a history in any format, also compressed with gzip, checks it and
// pairs its events. In the formats of others the order of events counts, not
// what their times say: times are moved forward where they disagree.
// Defects are [LineError].
func Read(r io.Reader, o ReadOptions) (*History, error) {
	reader, err := NewReader(r, o)
	if err != nil {
		return nil, err
	}
	p := newPairer()
	p.foreign, p.unpaired = reader.format.foreign(), o.Unpaired
	for {
		e, err := reader.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		p.line = reader.Line()
		if n := len(p.history.Ops); n >= manyOps && n == cap(p.history.Ops) {
			p.history.Ops = slices.Grow(p.history.Ops, reader.input.more(n))
		}
		if err := p.add(e); err != nil {
			return nil, &LineError{p.line, err}
		}
	}
	p.history.Format = reader.format
	p.history.original = reader.rules.original
	p.history.Warnings = append(reader.Warnings(), p.warnings()...)
	return p.history, nil
}

// manyOps is from how many operations on it is worth guessing how many will come.
//
// Why guess: growing by a quarter at a time copies a million operations ten
// times, and leaves five times their memory to be collected.
const manyOps = 1 << 15

// Reader reads the events of a history one after another, in bounded memory,
// and does not pair them. It is used by one goroutine at a time.
type Reader struct {
	format   Format
	input    *input
	from     decoder
	rules    rules
	event    foreignEvent
	events   int
	warnings []string
}

// decoder reads the events of one format.
type decoder interface {
	// next sets e to the next event; io.EOF after the last, and tornError where
	// the last one was cut off.
	next(e *foreignEvent) error
	// at is the line that the last call of next was about.
	at() int
	// empty is the error of a text without events; nil if it may have none.
	empty() error
}

// tornError says that the last event of a text was cut off.
type tornError struct{ error }

func (e tornError) Unwrap() error { return e.error }

// NewReader returns a reader of the history that r holds. The error is that of
// reading the beginning, by which the format is told.
func NewReader(r io.Reader, o ReadOptions) (*Reader, error) {
	counted := newInput(r)
	in := bufio.NewReaderSize(counted, 1<<18)
	head, err := in.Peek(2)
	if err != nil && err != io.EOF {
		return nil, err
	}
	if bytes.Equal(head, []byte{0x1f, 0x8b}) {
		unpacked, err := gzip.NewReader(in)
		if err != nil {
			return nil, fmt.Errorf("unpack: %w", err)
		}
		in = bufio.NewReaderSize(unpacked, 1<<18)
	}
	if head, err = in.Peek(sniffBytes); err != nil && err != io.EOF {
		return nil, err
	}
	if mark := []byte("\ufeff"); bytes.HasPrefix(head, mark) { // some editors begin UTF-8 with it
		head = head[len(mark):]
		_, _ = in.Discard(len(mark)) // it was peeked at
	}
	if bytes.HasPrefix(head, []byte("JEPSEN")) {
		return nil, errBinary
	}
	reader := &Reader{format: o.Format, input: counted}
	if reader.format == FormatAuto {
		reader.format = sniff(head)
	}
	reader.rules = newRules(reader.format, o)
	switch reader.format {
	case FormatJSONL:
		reader.from = newJSONLReader(in)
	case FormatEDN:
		reader.from = newEDNReader(in)
	case FormatJSON:
		reader.from = newJSONReader(in)
	case FormatLog:
		reader.from = &logReader{lineReader{r: in}, words{}}
	default:
		return nil, fmt.Errorf("unknown format %q", reader.format)
	}
	return reader, nil
}

var errBinary = errors.New("this is Jepsen's binary test.jepsen, which is not read: take history.edn or history.txt, which stand beside it")

// Next returns the next event, as our own format has it: numbered from 0, its
// key apart from its value. It is valid until the next call. The error is a
// [LineError], and io.EOF after the last event.
func (r *Reader) Next() (*Event, error) {
	err := r.from.next(&r.event)
	if err == nil {
		err = r.rules.apply(&r.event)
	}
	if err == nil {
		r.events++
		return &r.event.Event, nil
	}
	if err == io.EOF {
		if empty := r.from.empty(); empty != nil && r.events == 0 {
			return nil, empty
		}
		return nil, io.EOF
	}
	var torn tornError
	if errors.As(err, &torn) {
		if err = torn.error; r.events > 0 {
			r.warnings = append(r.warnings,
				fmt.Sprintf("line %d is torn (the recording was cut off) and was dropped", r.from.at()))
			return nil, io.EOF
		}
	}
	return nil, &LineError{r.from.at(), err}
}

// Format returns the format of the history.
func (r *Reader) Format() Format { return r.format }

// Line is the line of the last event, from 1.
func (r *Reader) Line() int { return r.from.at() }

// Warnings are defects that were tolerated so far, one sentence each.
func (r *Reader) Warnings() []string { return r.warnings }

// Open returns a reader of a file, of the history in a run folder, or of the one
// in a store folder of Jepsen's. Close it.
func Open(path string, o ReadOptions) (*FileReader, error) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		whole, parts, err := inStore(path)
		if err != nil {
			return nil, err
		}
		if parts != nil {
			return nil, fmt.Errorf("open %s: a history for each key: expected one of them, such as %s", path, parts[0])
		}
		path = whole
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open history: %w", err)
	}
	r, err := NewReader(f, o)
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	return &FileReader{r, f}, nil
}

// FileReader is a [Reader] of a file.
type FileReader struct {
	*Reader
	file *os.File
}

// Close closes the file.
func (r *FileReader) Close() error { return r.file.Close() }

// ReadFile is [Read] on what [Open] opens. Histories that a store folder has for
// each key are read as one.
func ReadFile(path string, o ReadOptions) (*History, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("open history: %w", err)
	}
	if info.IsDir() {
		return readStore(path, o)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open history: %w", err)
	}
	defer f.Close()
	h, err := Read(f, o)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	return h, nil
}
