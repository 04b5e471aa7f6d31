package history

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// jsonReader reads the events of JSON as elle-cli takes it: objects one after
// another, an array of them, or an object whose field history is that array.
type jsonReader struct {
	*forms
	parser  lineParser
	begun   bool
	bracket bool // inside the array
	wrapped bool // inside the object around it
	opened  int  // the line on which the array begins; 0: none has
}

func newJSONReader(r io.Reader) *jsonReader {
	return &jsonReader{forms: newForms(r), parser: lineParser{words: words{}, foreign: true}}
}

// next sets e to the next event; io.EOF after the last.
func (r *jsonReader) next(e *foreignEvent) error {
	r.parser.scanner = scanner{}
	c, err := r.peek()
	if err == nil && !r.begun {
		r.begun = true
		c, err = r.enter(c)
	}
	if err == nil && r.bracket && c == ']' {
		r.take()
		r.bracket = false
		if c, err = r.leave(); err == nil {
			err = fmt.Errorf("%q after the end of the history", c)
		}
	}
	r.start = r.line
	switch {
	case err == io.EOF && r.bracket:
		return fmt.Errorf("the text ends inside the array that begins on line %d: it was cut off", r.opened)
	case err != nil:
		return err
	}
	form, err := r.forms.next()
	if errors.Is(err, errTorn) && !r.bracket {
		return tornError{err}
	}
	if err != nil {
		return err
	}
	return r.parser.parse(form, e)
}

// enter steps into the array, if there is one.
func (r *jsonReader) enter(c byte) (byte, error) {
	if c == '{' && hasField(r.buf[r.pos:], "history") {
		r.wrapped = true
		r.take()
		if err := r.fields("history"); err != nil {
			return 0, err
		}
		var err error
		if c, err = r.peek(); err != nil {
			return 0, err
		}
		if c != '[' {
			return 0, fmt.Errorf(`the field "history" begins with %q: expected an array of objects`, c)
		}
	}
	if c != '[' {
		return c, nil
	}
	r.opened, r.bracket = r.line, true
	r.take()
	return r.peek()
}

// leave reads what stands after the array; io.EOF where that is as it should be.
func (r *jsonReader) leave() (byte, error) {
	if r.wrapped {
		if err := r.fields(""); err != nil {
			return 0, err
		}
		r.take()
	}
	return r.peek()
}

// fields steps over fields of the object until the value of the one named, or
// until the object's end.
func (r *jsonReader) fields(until string) error {
	for {
		c, err := r.peek()
		if err == io.EOF {
			return errTorn
		}
		if err != nil || c == '}' {
			return err
		}
		s := scanner{}
		if s.data, err = r.forms.next(); err != nil {
			return err
		}
		name, err := s.string()
		if err != nil {
			return fmt.Errorf("read the name of a field: %w", err)
		}
		found := until != "" && string(name) == until
		if c, err = r.peek(); err != nil || c != ':' {
			return fmt.Errorf("expected ':' after the name of a field, found %q", c)
		}
		if r.take(); found {
			return nil
		}
		if _, err = r.peek(); err == nil {
			_, err = r.forms.next()
		}
		if err == io.EOF {
			err = errTorn
		}
		if err != nil {
			return err
		}
	}
}

// at is the line that the last call of next was about.
func (r *jsonReader) at() int {
	s := &r.parser.scanner
	return r.start + bytes.Count(s.data[:min(s.pos, len(s.data))], []byte{'\n'})
}

// empty is the error of a text without events, unless it says that it has none.
func (r *jsonReader) empty() error {
	if r.opened > 0 {
		return nil
	}
	return ErrEmpty
}

// canonical returns the value with the fields of its objects sorted.
func canonical(v Value) (Value, error) {
	s := scanner{data: []byte(v.text)}
	text, err := s.appendCanonical(make([]byte, 0, len(v.text)), 0)
	return Value{kind: Raw, text: string(text)}, err
}

func (s *scanner) appendCanonical(dst []byte, depth int) ([]byte, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("nested more than %d deep", maxDepth)
	}
	switch s.peek() {
	case '{':
		var members []field
		err := s.object(func(name []byte) error {
			own := string(name)
			value, err := s.appendCanonical(nil, depth+1)
			members = append(members, field{own, string(value)})
			return err
		})
		if err != nil {
			return nil, err
		}
		return appendObject(dst, members)
	case '[':
		s.pos++
		if dst = append(dst, '['); s.peek() == ']' {
			s.pos++
			return append(dst, ']'), nil
		}
		for {
			var err error
			if dst, err = s.appendCanonical(dst, depth+1); err != nil {
				return nil, err
			}
			if s.next() == ']' {
				return append(dst, ']'), nil
			}
			dst = append(dst, ',')
		}
	}
	v, err := s.value()
	if err != nil {
		return nil, err
	}
	return v.AppendJSON(dst), nil
}
