package history

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
)

// foreignEvent is an event as a format of others has it.
type foreignEvent struct {
	Event
	// key is the object's name as it was written; Absent: none.
	key Value
	// tupled tells that the key came from a tagged tuple.
	tupled bool
}

// ednReader reads the events of an EDN text: maps one after another, or in one
// vector or list.
type ednReader struct {
	*forms
	words   words
	bracket byte // that closes the vector or list; 0: there is none
	opened  int  // the line on which that begins
	done    bool
	parser  ednParser
}

func newEDNReader(r io.Reader) *ednReader { return &ednReader{forms: newForms(r), words: words{}} }

// next sets e to the next event; io.EOF after the last.
func (r *ednReader) next(e *foreignEvent) error {
	r.parser = ednParser{}
	c, err := r.peek()
	r.start = r.line
	if err == nil && r.bracket == 0 && !r.done && (c == '[' || c == '(') {
		r.opened, r.bracket = r.line, closing(c)
		r.take()
		c, err = r.peek()
	}
	r.start = r.line
	switch {
	case err == io.EOF && r.bracket != 0:
		return fmt.Errorf("the text ends inside the vector that begins on line %d: it was cut off", r.opened)
	case errors.Is(err, errTorn) && r.bracket == 0:
		return tornError{err}
	case err != nil:
		return err
	case r.bracket != 0 && c == r.bracket:
		r.take()
		r.bracket, r.done = 0, true
		return r.next(e)
	case r.done && r.opened > 0:
		return fmt.Errorf("%q after the end of the vector that begins on line %d", c, r.opened)
	}
	form, err := r.forms.next()
	if errors.Is(err, errTorn) && r.bracket == 0 {
		return tornError{err}
	}
	if err != nil {
		return err
	}
	r.parser.data = form
	*e = foreignEvent{Event: Event{Index: -1, Time: -1}}
	return r.event(e)
}

func closing(c byte) byte {
	if c == '(' {
		return ')'
	}
	return ']'
}

// at is the line that the last call of next was about.
func (r *ednReader) at() int {
	return r.start + bytes.Count(r.parser.data[:min(r.parser.pos, len(r.parser.data))], []byte{'\n'})
}

// empty is the error of a text without events, unless it says that it has none.
func (r *ednReader) empty() error {
	if r.opened > 0 {
		return nil
	}
	return ErrEmpty
}

// event reads the map of an event, which may have a tag.
func (r *ednReader) event(e *foreignEvent) error {
	p := &r.parser
	c, err := p.peek(0)
	if err != nil {
		return err
	}
	if c == '#' && p.pos+1 < len(p.data) && p.data[p.pos+1] != '{' {
		p.word()
		if c, err = p.peek(0); err != nil {
			return err
		}
	}
	if c != '{' {
		return p.errorf("expected a map such as {:process 0, :type :invoke, :f :read, :value nil}")
	}
	var seen fields
	for p.pos++; ; {
		c, err := p.peek(0)
		if err != nil {
			return err
		}
		if c == '}' {
			p.pos++
			break
		}
		if err := r.field(e, &seen); err != nil {
			return err
		}
	}
	if err := p.end(); err != nil {
		return err
	}
	e.nameTransaction(&seen)
	return seen.missing(":process", ":type", ":f")
}

// nameTransaction calls an event txn that has no name and whose value is a list:
// Elle does not look at names, so histories for it may lack them.
func (e *foreignEvent) nameTransaction(seen *fields) {
	if !seen.f && e.Value.kind == Raw && e.Value.text[0] == '[' {
		e.F, seen.f = "txn", true
	}
}

// name reads a keyword without its colon, a string or a symbol. It is valid
// until the text is.
func (r *ednReader) name(what string) ([]byte, error) {
	p := &r.parser
	c, err := p.peek(0)
	switch {
	case err != nil:
		return nil, err
	case c == '"':
		return p.string()
	case c == ':':
		if word := p.word(); len(word) > 1 {
			return word[1:], nil
		}
	case 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z':
		return p.word(), nil
	}
	return nil, p.errorf("expected a keyword as %s", what)
}

func (r *ednReader) field(e *foreignEvent, seen *fields) error {
	name, err := r.name("the key of a map")
	if err != nil {
		return err
	}
	switch string(name) {
	case "index":
		n, err := r.integer("index", &seen.index)
		e.Index = int(n)
		return err
	case "time":
		e.Time, err = r.integer("time", &seen.time)
		return err
	case "process":
		if err := once("process", &seen.process); err != nil {
			return err
		}
		v, err := r.parser.value(0)
		if err != nil {
			return err
		}
		e.Process, err = foreignProcess(v)
		return err
	case "type":
		return r.typ(e, seen)
	case "f":
		if err := once("f", &seen.f); err != nil {
			return err
		}
		word, err := r.name("f")
		e.F = r.words.of(word)
		return err
	case "value":
		if err := once("value", &seen.value); err != nil {
			return err
		}
		return r.value(e)
	case "key":
		if err := once("key", &seen.key); err != nil {
			return err
		}
		e.key, err = r.key()
		return err
	}
	return r.other(e, seen, string(name))
}

// key reads the object's name; nil is none.
func (r *ednReader) key() (Value, error) {
	c, err := r.parser.peek(0)
	if err == nil && c == '"' {
		text, err := r.parser.string()
		return Str(r.words.of(text)), err
	}
	v, err := r.parser.value(0)
	if v.IsNull() {
		v = Value{}
	}
	return v, err
}

// other reads :error, and the fields that only are kept.
func (r *ednReader) other(e *foreignEvent, seen *fields, name string) error {
	c, err := r.parser.peek(0)
	if err != nil {
		return err
	}
	v, err := r.parser.value(0)
	if err != nil {
		return err
	}
	if name == "error" {
		text := errorText(v)
		if c == ':' {
			text = text[1:]
		}
		e.Error = r.words.of([]byte(text))
		return once("error", &seen.error)
	}
	if e.Extra != "" {
		e.Extra += ","
	}
	e.Extra += string(v.AppendJSON(append(appendString(nil, name), ':')))
	return nil
}

func (r *ednReader) typ(e *foreignEvent, seen *fields) error {
	if err := once("type", &seen.typ); err != nil {
		return err
	}
	word, err := r.name("type")
	if err != nil {
		return err
	}
	var known bool
	if e.Type, known = parseType(word); !known {
		return fmt.Errorf("unknown type %q: expected :invoke, :ok, :fail or :info", word)
	}
	return nil
}

// integer reads an index or a time. What counts from before 0 is not known.
func (r *ednReader) integer(name string, seen *bool) (int64, error) {
	if err := once(name, seen); err != nil {
		return -1, err
	}
	v, err := r.parser.value(0)
	if err != nil {
		return -1, err
	}
	return foreignInteger(name, v)
}

// value reads the value of an event; that of a tagged tuple is a key and a value.
func (r *ednReader) value(e *foreignEvent) error {
	p := &r.parser
	c, err := p.peek(0)
	if err != nil {
		return err
	}
	if c == '#' {
		if rest := p.data[p.pos+1:]; bytes.HasPrefix(rest, []byte("jepsen.independent")) && string(tagOf(rest)) == tuple {
			p.pos++
			p.word()
			e.tupled = true
		}
	}
	if e.Value, err = p.value(0); err != nil || !e.tupled {
		return err
	}
	if !e.key.IsAbsent() {
		return errors.New("a tuple in :value, and a :key besides: expected one of them")
	}
	var ok bool
	if e.key, e.Value, ok = split(e.Value); !ok {
		return fmt.Errorf("the tuple is %.40s: expected [key value]", e.Value)
	}
	return nil
}

// tagOf returns the name of a tag with a dot before its last part, which may be
// written with a slash.
func tagOf(text []byte) []byte {
	tag := text[:wordEnd(text, 0)]
	return bytes.ReplaceAll(tag, []byte("/"), []byte("."))
}

// split returns the two members of a list of two.
func split(v Value) (key, value Value, ok bool) {
	pair, ok := v.Elements()
	if !ok || len(pair) != 2 {
		return Value{}, v, false
	}
	return pair[0], pair[1], true
}

// foreignProcess reads a process. One that is no number is a nemesis; nil is
// nobody.
func foreignProcess(v Value) (Process, error) {
	if n, ok := v.Int(); ok && n >= 0 {
		return Process(n), nil
	}
	if _, ok := v.Text(); ok {
		return Nemesis, nil
	}
	if v.IsNull() {
		return Nobody, nil
	}
	return 0, fmt.Errorf("process is %.40s: expected a number from 0 or a name", v)
}

func foreignInteger(name string, v Value) (int64, error) {
	n, ok := v.Int()
	switch {
	case v.IsNull() || ok && n < 0:
		return -1, nil
	case !ok:
		return -1, fmt.Errorf("%s is %.40s: expected an integer", name, v)
	}
	return n, nil
}

// errorText returns an error as we write them: a word, then what was said.
func errorText(v Value) string {
	if text, ok := v.Text(); ok {
		return text
	}
	if v.IsNull() {
		return ""
	}
	parts, ok := v.Elements()
	if !ok || len(parts) == 0 {
		return v.String()
	}
	word, ok := parts[0].Text()
	if !ok {
		return v.String()
	}
	said := make([]string, 0, len(parts))
	for _, part := range parts[1:] {
		if text, ok := part.Text(); ok {
			said = append(said, text)
		} else if !part.IsNull() {
			said = append(said, part.String())
		}
	}
	if word = strings.TrimPrefix(word, ":"); len(said) == 0 {
		return word
	}
	return word + ": " + strings.Join(said, " ")
}
