package history

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"math/bits"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Kind is the JSON type of a [Value].
type Kind uint8

const (
	// Absent is the zero Value: the event has no value field, and so says
	// nothing. It differs from null, which is a value like any other.
	Absent Kind = iota
	Null
	Boolean
	Integer
	String
	// Raw is any other JSON: lists, objects, and numbers that are not 64-bit
	// integers.
	Raw
)

// Value is an operation's argument or result: any JSON value, held without
// allocation for the common kinds. Values are immutable and compare with ==;
// lists and objects are equal when their compact JSON is the same text.
type Value struct {
	kind Kind
	num  int64
	text string // a String's characters, or compact JSON when Raw
}

// NullValue is JSON's null.
var NullValue = Value{kind: Null}

// Int returns the value of an integer.
func Int(n int64) Value { return Value{kind: Integer, num: n} }

// Str returns the value of a string.
func Str(s string) Value { return Value{kind: String, text: s} }

// Bool returns the value of a boolean.
func Bool(b bool) Value {
	if b {
		return Value{kind: Boolean, num: 1}
	}
	return Value{kind: Boolean}
}

// List returns the JSON array of the values; an Absent one becomes null.
func List(values ...Value) Value {
	text := make([]byte, 0, 2+8*len(values))
	text = append(text, '[')
	for i, v := range values {
		if i > 0 {
			text = append(text, ',')
		}
		text = v.AppendJSON(text)
	}
	return Value{kind: Raw, text: string(append(text, ']'))}
}

// Object returns the JSON object with the one field given.
func Object(name string, v Value) Value {
	text := appendString([]byte{'{'}, name)
	text = v.AppendJSON(append(text, ':'))
	return Value{kind: Raw, text: string(append(text, '}'))}
}

// JSON returns the value of any Go value that encoding/json can write.
func JSON(v any) (Value, error) {
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false) // people read it: n1->n2
	if err := e.Encode(v); err != nil {
		return Value{}, fmt.Errorf("encode value: %w", err)
	}
	return ParseValue(text.Bytes())
}

// ParseValue reads one JSON value, with nothing but white space around it.
func ParseValue(text []byte) (Value, error) {
	s := scanner{data: text}
	v, err := s.value()
	if err == nil {
		err = s.end()
	}
	return v, err
}

// Kind returns the value's JSON type.
func (v Value) Kind() Kind { return v.kind }

// IsAbsent reports whether there is no value at all.
func (v Value) IsAbsent() bool { return v.kind == Absent }

// IsNull reports whether the value is JSON's null.
func (v Value) IsNull() bool { return v.kind == Null }

// IsFalse reports whether the value is JSON's false.
func (v Value) IsFalse() bool { return v.kind == Boolean && v.num == 0 }

// Int returns the integer, and whether the value is one.
func (v Value) Int() (int64, bool) { return v.num, v.kind == Integer }

// Text returns the characters of a string, and whether the value is one.
func (v Value) Text() (string, bool) {
	if v.kind != String {
		return "", false
	}
	return v.text, true
}

// Word returns the characters of a string, of a keyword without its colon; empty
// for other values.
func (v Value) Word() string {
	text, _ := v.Text()
	return strings.TrimPrefix(text, ":")
}

// Field returns the value of an object's field, and whether the value is an
// object that has it. In EDN the name may be a keyword: {:saw 1}.
func (v Value) Field(name string) (Value, bool) {
	if v.kind != Raw || v.text[0] != '{' {
		return Value{}, false
	}
	if field, ok := v.plainField(name); ok {
		return field, true
	}
	var found Value
	s := scanner{data: []byte(v.text)}
	err := s.object(func(field []byte) error {
		e, err := s.value()
		if len(field) > 0 && field[0] == ':' {
			field = field[1:]
		}
		if err == nil && string(field) == name {
			found = e
		}
		return err
	})
	return found, err == nil && found.kind != Absent
}

// Fields returns the names and values of an object's fields, in order, and
// whether the value is an object.
func (v Value) Fields() (names []string, values []Value, ok bool) {
	if v.kind != Raw || v.text[0] != '{' {
		return nil, nil, false
	}
	s := scanner{data: []byte(v.text)}
	err := s.object(func(field []byte) error {
		name := string(field)
		e, err := s.value()
		names, values = append(names, name), append(values, e)
		return err
	})
	return names, values, err == nil
}

// AppendJSON appends the value as compact JSON; an Absent value as null.
func (v Value) AppendJSON(dst []byte) []byte {
	switch v.kind {
	case Boolean:
		return strconv.AppendBool(dst, v.num != 0)
	case Integer:
		return strconv.AppendInt(dst, v.num, 10)
	case String:
		return appendString(dst, v.text)
	case Raw:
		return append(dst, v.text...)
	}
	return append(dst, "null"...)
}

// String returns the value as compact JSON.
func (v Value) String() string { return string(v.AppendJSON(nil)) }

// MarshalJSON implements json.Marshaler.
func (v Value) MarshalJSON() ([]byte, error) { return v.AppendJSON(nil), nil }

// UnmarshalJSON implements json.Unmarshaler.
func (v *Value) UnmarshalJSON(text []byte) error {
	parsed, err := ParseValue(text)
	*v = parsed
	return err
}

// Hash returns the same number for equal values, spread over all 64 bits.
func (v Value) Hash() uint64 {
	h := uint64(v.kind)*0x9e3779b97f4a7c15 ^ uint64(v.num)
	for i := range len(v.text) {
		h = (h ^ uint64(v.text[i])) * 0x100000001b3
	}
	hi, lo := bits.Mul64(h^0xe7037ed1a0b428db, 0xa0761d6478bd642f)
	return hi ^ lo
}

// appendString appends s as a JSON string. Bytes that are not UTF-8 become
// U+FFFD, as in encoding/json.
func appendString(dst []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < 0x20 || c == '"' || c == '\\' || c >= utf8.RuneSelf {
			// Through runes: else U+FFFD would be written in two ways.
			quoted, _ := json.Marshal(string([]rune(s))) // cannot fail for a string
			return append(dst, quoted...)
		}
	}
	dst = append(dst, '"')
	dst = append(dst, s...)
	return append(dst, '"')
}

// Compare orders values: by kind, then integers by size and the rest by text.
func (v Value) Compare(w Value) int {
	if c := cmp.Compare(v.kind, w.kind); c != 0 {
		return c
	}
	if c := cmp.Compare(v.num, w.num); c != 0 {
		return c
	}
	return cmp.Compare(v.text, w.text)
}
