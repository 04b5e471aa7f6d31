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
	text := v.text
	for at := 1; at < len(text); at++ {
		if n, end := shortInt(text, at); end > at && (text[end] == ',' || text[end] == ']') {
			if !yield(Value{kind: Integer, num: n}) {
				return
			}
			at = end
			continue
		}
		end := memberEnd(text, at)
		if !yield(member(text[at:end])) {
			return
		}
		at = end
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

// shortInt reads an integer of up to 18 digits as the scanner does; what it does
// not read ends where it starts.
func shortInt(text string, at int) (n int64, end int) {
	i, negative := at, text[at] == '-'
	if negative {
		i++
	}
	first := i
	for ; i < len(text); i++ {
		digit := text[i] - '0'
		if digit > 9 {
			break
		}
		n = n*10 + int64(digit)
	}
	if i == first || i-first > 18 || negative && n == 0 {
		return 0, at // long integers and minus zero are for the scanner
	}
	if negative {
		n = -n
	}
	return n, i
}

// memberEnd returns where the member ends that starts there.
func memberEnd(text string, at int) int {
	for depth := 0; ; at++ {
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
	switch c := text[0]; {
	case c == '[' || c == '{':
		return Value{kind: Raw, text: text}
	case c == '"' && strings.IndexByte(text, '\\') < 0:
		return Value{kind: String, text: text[1 : len(text)-1]}
	}
	v, _ := ParseValue([]byte(text)) // it was checked with the list
	return v
}
