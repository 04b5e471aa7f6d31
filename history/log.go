package history

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
)

// logReader reads the operations in what Jepsen prints while it runs. A line is
//
//	INFO  jepsen.util - 4	:invoke	:read	nil
//
// with whatever the logger puts before the process, or nothing, as in
// history.txt; an error may follow after one more tab. Lines of another shape
// are no operations and are skipped.
type logReader struct {
	lines lineReader
	words words
}

// columns are those of an operation in a log.
type columns struct{ process, typ, f, value, err []byte }

// next sets e to the next event; io.EOF after the last.
func (r *logReader) next(e *foreignEvent) error {
	for {
		line, whole, err := r.lines.next()
		if err != nil {
			return err
		}
		c, ok := logColumns(line)
		if !ok {
			continue
		}
		*e = foreignEvent{Event: Event{Index: -1, Time: -1}}
		err = r.event(e, c)
		switch {
		case whole:
			return err
		case err != nil:
			return tornError{err}
		case c.err == nil && mayGoOn(c.value) && e.Process != Nemesis:
			return fmt.Errorf("the last line has no newline and may be cut off inside %q: expected a newline if it is whole", c.value)
		}
		return nil
	}
}

// mayGoOn reports whether more text after the value could make it another.
func mayGoOn(value []byte) bool {
	return len(value) == 0 || bytes.IndexByte([]byte(`]})"`), value[len(value)-1]) < 0
}

func (r *logReader) at() int { return r.lines.number }

func (r *logReader) empty() error {
	return errors.New("the log has no operation: expected lines with process, type, f and value between tabs")
}

// logColumns finds the columns of an operation in a line, if it is one.
func logColumns(line []byte) (columns, bool) {
	for at := 0; ; at++ {
		n := bytes.Index(line[at:], []byte("\t:"))
		if n < 0 {
			return columns{}, false
		}
		at += n
		typ, rest, _ := bytes.Cut(line[at+2:], []byte{'\t'})
		if _, known := parseType(typ); !known {
			continue
		}
		c := columns{process: line[bytes.LastIndexAny(line[:at], " \t")+1 : at], typ: typ}
		var more bool
		if c.f, rest, more = bytes.Cut(rest, []byte{'\t'}); !more {
			rest = nil
		}
		if c.value, c.err, more = bytes.Cut(rest, []byte{'\t'}); !more {
			c.err = nil
		}
		return c, true
	}
}

func (r *logReader) event(e *foreignEvent, c columns) error {
	e.Type, _ = parseType(c.typ)
	if err := r.process(e, c.process); err != nil {
		return err
	}
	p := ednReader{words: r.words, parser: ednParser{data: c.f}}
	f, err := p.name("f")
	if err == nil {
		err = p.parser.end()
	}
	if err != nil {
		return fmt.Errorf("read the operation's name %q: %w", c.f, err)
	}
	e.F, e.Error = r.words.of(f), r.words.of(bytes.TrimPrefix(c.err, []byte{':'}))
	if c.value == nil {
		return errors.New("no value: expected process, type, f and value between tabs")
	}
	completes := e.Type == Fail || e.Type == Info
	if completes && len(c.value) > 1 && c.value[0] == ':' && c.err == nil {
		e.Error = r.words.of(c.value[1:]) // :timed-out in place of the value
		return nil
	}
	p.parser = ednParser{data: c.value}
	if err = p.value(e); err == nil {
		err = p.parser.end()
	}
	switch {
	case err == nil:
	case completes || e.Process == Nemesis:
		e.Value, e.key, e.tupled = Str(string(bytes.ToValidUTF8(c.value, []byte("\ufffd")))), Value{}, false // not EDN, and says nothing
	default:
		return fmt.Errorf("read the value %.40q: %w", c.value, err)
	}
	return nil
}

func (r *logReader) process(e *foreignEvent, text []byte) error {
	if len(text) > 1 && text[0] == ':' {
		e.Process = Nemesis
		return nil
	}
	n, err := strconv.Atoi(string(text))
	if err != nil || n < 0 {
		return fmt.Errorf("process is %.40q: expected a number from 0 or a keyword", text)
	}
	e.Process = Process(n)
	return nil
}

// isLog reports whether a text that begins with head is a log: one of its lines
// is an operation, or the first begins as loggers begin theirs.
func isLog(head []byte) bool {
	first := true
	for line := range bytes.Lines(head) {
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		if bytes.IndexByte([]byte("{[(#;"), line[0]) >= 0 {
			return false
		}
		if _, ok := logColumns(line); ok {
			return true
		}
		if first && hasLevel(line) {
			return true
		}
		first = false
	}
	return false
}

// hasLevel reports whether a logger's level stands near the line's beginning.
func hasLevel(line []byte) bool {
	words := bytes.Fields(line[:min(len(line), 80)])
	for _, word := range words[:min(len(words), 4)] {
		switch string(word) {
		case "DEBUG", "INFO", "WARN", "ERROR":
			return true
		}
	}
	return false
}
