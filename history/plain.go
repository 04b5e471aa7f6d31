package history

import (
	"strings"
	"unicode/utf8"
)

// plain reads the integer, string without escapes, or null at the beginning of
// compact JSON, and returns what follows it; false for anything else.
//
// Why beside the scanner: pairs and one-field objects are half of what locks and
// registers record, and this reads them in place, allocating nothing.
func plain(text string) (v Value, rest string, ok bool) {
	if text == "" {
		return Value{}, text, false
	}
	switch c := text[0]; {
	case c == '"':
		end := strings.IndexByte(text[1:], '"') + 1
		if end == 0 || strings.IndexByte(text[1:end], '\\') >= 0 || !utf8.ValidString(text[1:end]) {
			return Value{}, text, false
		}
		return Str(text[1:end]), text[end+1:], true
	case c == '-' || '0' <= c && c <= '9':
		return plainInteger(text)
	}
	if rest, ok = strings.CutPrefix(text, "null"); ok {
		return NullValue, rest, true
	}
	return Value{}, text, false
}

// plainInteger reads up to 18 digits, which fit 64 bits.
func plainInteger(text string) (v Value, rest string, ok bool) {
	i, n := 0, int64(0)
	if text[0] == '-' {
		i = 1
	}
	first := i
	for ; i < len(text) && '0' <= text[i] && text[i] <= '9'; i++ {
		if i-first == 18 {
			return Value{}, text, false
		}
		n = n*10 + int64(text[i]-'0')
	}
	switch {
	case i == first, text[0] == '-' && n == 0:
		return Value{}, text, false
	case i < len(text) && strings.IndexByte(".eE", text[i]) >= 0:
		return Value{}, text, false
	case text[0] == '-':
		n = -n
	}
	return Int(n), text[i:], true
}

// plainField is [Value.Field] of an object whose only field is that one, with a
// plain value.
func (v Value) plainField(name string) (Value, bool) {
	text := v.text
	if len(text) < len(name)+5 || text[:2] != `{"` || text[2:2+len(name)] != name || text[2+len(name):4+len(name)] != `":` {
		return Value{}, false
	}
	field, rest, ok := plain(text[4+len(name):])
	return field, ok && rest == "}"
}

// Pair returns the members of a list of two, and whether the value is one.
func (v Value) Pair() (first, second Value, ok bool) {
	if v.kind != Raw || v.text[0] != '[' {
		return Value{}, Value{}, false
	}
	if a, rest, ok := plain(v.text[1:]); ok && rest != "" && rest[0] == ',' {
		if b, rest, ok := plain(rest[1:]); ok && rest == "]" {
			return a, b, true
		}
	}
	members, _ := v.Elements()
	if len(members) != 2 {
		return Value{}, Value{}, false
	}
	return members[0], members[1], true
}
