package history

import "strings"

// IsList reports whether the value is a list.
func (v Value) IsList() bool { return v.kind == Raw && v.text[0] == '[' }

// Each calls yield with each member of a list, in order, until it returns false;
// a value that is no list has none. It is made to be ranged over:
//
//	for member := range v.Each {
//
// Why not Elements: a read of a large set has a million members, and there are
// hundreds of such reads. Members here share the value's memory, and small
// integers and plain strings cost no allocation.
func (v Value) Each(yield func(Value) bool) {
	if !v.IsList() || v.text[1] == ']' {
		return
	}
	// The text is compact and was checked when it was read: each member is
	// followed by a comma or by the closing bracket.
	for rest := v.text[1:]; rest != ""; rest = rest[1:] {
		e, after, ok := plain(rest)
		if !ok {
			end := memberEnd(rest)
			e, after = member(rest[:end]), rest[end:]
		}
		if !yield(e) {
			return
		}
		rest = after
	}
}

// Elements returns the members of a list, in order, and whether the value is a
// list.
func (v Value) Elements() ([]Value, bool) {
	if !v.IsList() {
		return nil, false
	}
	out := make([]Value, 0, strings.Count(v.text, ",")+1)
	for e := range v.Each {
		out = append(out, e)
	}
	return out, true
}

// memberEnd returns where the member ends with which the text begins.
func memberEnd(text string) int {
	for at, depth := 0, 0; ; at++ {
		switch text[at] {
		case '[', '{':
			depth++
		case ']', '}':
			if depth--; depth < 0 {
				return at
			}
		case ',':
			if depth == 0 {
				return at
			}
		case '"':
			for at++; text[at] != '"'; at++ {
				if text[at] == '\\' {
					at++
				}
			}
		}
	}
}

// member returns the value that compact JSON says, sharing its memory.
func member(text string) Value {
	if text[0] == '[' || text[0] == '{' {
		return Value{kind: Raw, text: text}
	}
	v, _ := ParseValue([]byte(text)) // it was checked with the list
	return v
}
