package history

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"
)

// maxDepth bounds how deep lists and maps may stand in one another.
const maxDepth = 256

// tuple tags a pair of a key and a value, in histories of jepsen.independent.
const tuple = "jepsen.independent.Tuple"

// ParseEDN reads one EDN value, with nothing but blanks around it.
//
// Integers become [Integer], strings [String], nil null. Keywords keep their
// colon, so that :a and "a" are different values; symbols and characters become
// strings of their text. Vectors and lists become JSON lists, sets sorted ones.
// Maps become objects sorted by field, whose fields are the text of a string or
// else the key as JSON. The tag of a tagged value is dropped. Ratios and what is
// not a number become strings, other numbers JSON's.
func ParseEDN(text []byte) (Value, error) {
	p := ednParser{data: text}
	v, err := p.value(0)
	if err != nil {
		return Value{}, err
	}
	return v, p.end()
}

// ednParser reads forms of EDN strictly.
//
// Why our own: olympos.io/encoding/edn v0.0.0-20201019073823 reads a history at
// 11 MB/s, into a struct or into a tree of interfaces, on a core on which this
// one does 150 MB/s (BenchmarkReadEvents).
type ednParser struct {
	data []byte
	pos  int
}

func (p *ednParser) errorf(format string, args ...any) error {
	if p.pos >= len(p.data) {
		return errTorn
	}
	return errors.New(fmt.Sprintf(format, args...) + fmt.Sprintf(", at %.20q", p.data[p.pos:]))
}

// peek steps over blanks and discarded forms and returns the byte after them, or
// 0 at the end.
func (p *ednParser) peek(depth int) (byte, error) {
	for {
		if p.pos = blankEnd(p.data, p.pos); p.pos >= len(p.data) {
			return 0, nil
		}
		c := p.data[p.pos]
		if c != '#' || p.pos+1 == len(p.data) || p.data[p.pos+1] != '_' {
			return c, nil
		}
		p.pos += 2
		if depth >= maxDepth {
			return 0, p.tooDeep()
		}
		if _, err := p.appendValue(nil, depth+1); err != nil {
			return 0, err
		}
	}
}

func (p *ednParser) tooDeep() error {
	return fmt.Errorf("nested more than %d deep", maxDepth)
}

func (p *ednParser) end() error {
	if c, err := p.peek(0); err != nil || c == 0 {
		return err
	}
	return p.errorf("more than one value")
}

// word returns the number, symbol, keyword or character that begins here.
func (p *ednParser) word() []byte {
	start := p.pos
	p.pos = wordEnd(p.data, start)
	return p.data[start:p.pos]
}

// value reads any form.
func (p *ednParser) value(depth int) (Value, error) {
	c, err := p.peek(depth)
	if err != nil {
		return Value{}, err
	}
	switch c {
	case '[', '(', '{', '#':
		text, err := p.appendValue(nil, depth)
		if err != nil {
			return Value{}, err
		}
		return valueOf(text)
	case '"':
		text, err := p.string()
		return Str(string(text)), err
	}
	return p.atom(c)
}

// valueOf returns the value that our own compact JSON stands for.
func valueOf(text []byte) (Value, error) {
	if text[0] == '[' || text[0] == '{' {
		return Value{kind: Raw, text: string(text)}, nil
	}
	s := scanner{data: text}
	return s.value()
}

// atom reads a form of one word, which begins with c.
func (p *ednParser) atom(c byte) (Value, error) {
	if '0' <= c && c <= '9' {
		if n, ok := p.shortInteger(); ok {
			return Int(n), nil
		}
	}
	if c == 0 || isDelimiter(c) {
		return Value{}, p.errorf("expected a value")
	}
	start := p.pos
	word := p.word()
	switch {
	case c == ':':
		if len(word) == 1 {
			p.pos = start
			return Value{}, p.errorf("expected a keyword")
		}
	case c == '\\':
		text, ok := ednCharacter(word[1:])
		if !ok {
			return Value{}, fmt.Errorf("%.20q is no character", word)
		}
		return Str(text), nil
	case '0' <= c && c <= '9', (c == '-' || c == '+') && len(word) > 1 && '0' <= word[1] && word[1] <= '9':
		return ednNumber(word)
	case string(word) == "nil":
		return NullValue, nil
	case string(word) == "true", string(word) == "false":
		return Bool(c == 't'), nil
	}
	if !utf8.Valid(word) {
		return Value{}, fmt.Errorf("%.40q is not UTF-8", word)
	}
	return Str(string(word)), nil
}

// shortInteger reads the digits that begin here, if they are a whole number of
// at most 18 of them.
func (p *ednParser) shortInteger() (n int64, ok bool) {
	i := p.pos
	for ; i < len(p.data) && '0' <= p.data[i] && p.data[i] <= '9'; i++ {
		n = n*10 + int64(p.data[i]-'0')
	}
	digits := i - p.pos
	if digits > 18 || digits > 1 && p.data[p.pos] == '0' || i < len(p.data) && !isDelimiter(p.data[i]) {
		return 0, false
	}
	p.pos = i
	return n, true
}

// appendValue appends the form that comes next as compact JSON.
func (p *ednParser) appendValue(dst []byte, depth int) ([]byte, error) {
	c, err := p.peek(depth)
	if err != nil {
		return nil, err
	}
	if depth >= maxDepth {
		return nil, p.tooDeep()
	}
	switch c {
	case '[':
		return p.appendList(dst, ']', depth+1)
	case '(':
		return p.appendList(dst, ')', depth+1)
	case '{':
		return p.appendMap(dst, depth+1)
	case '#':
		return p.appendDispatched(dst, depth+1)
	case '"':
		text, err := p.string()
		if err != nil {
			return nil, err
		}
		return appendString(dst, string(text)), nil
	}
	v, err := p.atom(c)
	if err != nil {
		return nil, err
	}
	return v.AppendJSON(dst), nil
}

func (p *ednParser) appendList(dst []byte, closing byte, depth int) ([]byte, error) {
	p.pos++
	dst = append(dst, '[')
	for first := true; ; first = false {
		c, err := p.peek(depth)
		if err != nil {
			return nil, err
		}
		if c == closing {
			p.pos++
			return append(dst, ']'), nil
		}
		if !first {
			dst = append(dst, ',')
		}
		if dst, err = p.appendValue(dst, depth); err != nil {
			return nil, err
		}
	}
}

// appendDispatched reads what begins with #: a set, a tagged value, ##Inf.
func (p *ednParser) appendDispatched(dst []byte, depth int) ([]byte, error) {
	p.pos++
	if p.pos < len(p.data) && p.data[p.pos] == '{' {
		return p.appendSet(dst, depth)
	}
	if p.pos >= len(p.data) || isDelimiter(p.data[p.pos]) {
		return nil, p.errorf("expected a tag or a set after #")
	}
	if tag := p.word(); tag[0] == '#' {
		return appendString(dst, string(tag[1:])), nil
	}
	return p.appendValue(dst, depth)
}

func (p *ednParser) appendSet(dst []byte, depth int) ([]byte, error) {
	var members []Value
	for p.pos++; ; {
		c, err := p.peek(depth)
		if err != nil {
			return nil, err
		}
		if c == '}' {
			p.pos++
			break
		}
		v, err := p.value(depth)
		if err != nil {
			return nil, err
		}
		members = append(members, v)
	}
	slices.SortFunc(members, Value.Compare)
	return List(members...).AppendJSON(dst), nil
}

// field is a field of a JSON object.
type field struct{ name, value string }

func (p *ednParser) appendMap(dst []byte, depth int) ([]byte, error) {
	var fields []field
	p.pos++
	for {
		c, err := p.peek(depth)
		if err != nil {
			return nil, err
		}
		if c == '}' {
			p.pos++
			break
		}
		key, err := p.value(depth)
		if err != nil {
			return nil, err
		}
		name, isText := key.Text()
		if !isText {
			name = key.String()
		}
		value, err := p.appendValue(nil, depth)
		if err != nil {
			return nil, err
		}
		fields = append(fields, field{name, string(value)})
	}
	return appendObject(dst, fields)
}

// appendObject appends a JSON object of the fields, sorted by name.
func appendObject(dst []byte, fields []field) ([]byte, error) {
	slices.SortFunc(fields, func(a, b field) int { return bytes.Compare([]byte(a.name), []byte(b.name)) })
	dst = append(dst, '{')
	for i, f := range fields {
		if i > 0 {
			if fields[i-1].name == f.name {
				return nil, fmt.Errorf("a map has the key %.40q twice", f.name)
			}
			dst = append(dst, ',')
		}
		dst = append(appendString(dst, f.name), ':')
		dst = append(dst, f.value...)
	}
	return append(dst, '}'), nil
}

// string reads a string. The result may share the parser's memory.
func (p *ednParser) string() ([]byte, error) {
	start := p.pos
	end := stringEnd(p.data, start)
	if end < 0 {
		p.pos = len(p.data)
		return nil, errTorn
	}
	p.pos = end
	text := p.data[start+1 : end-1]
	if !utf8.Valid(text) {
		return nil, fmt.Errorf("the string %.40q is not UTF-8", text)
	}
	if bytes.IndexByte(text, '\\') < 0 {
		return text, nil
	}
	return ednUnescape(text)
}
