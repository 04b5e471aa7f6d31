package history

import (
	"fmt"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// ednUnescape returns the characters of a string that has escapes.
func ednUnescape(text []byte) ([]byte, error) {
	out := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' {
			out = append(out, text[i])
			continue
		}
		i++ // a string does not end in a lone backslash
		switch c := text[i]; c {
		case '"', '\\', '/':
			out = append(out, c)
		case 'n':
			out = append(out, '\n')
		case 't':
			out = append(out, '\t')
		case 'r':
			out = append(out, '\r')
		case 'b':
			out = append(out, '\b')
		case 'f':
			out = append(out, '\f')
		case 'u':
			r, digits := unicodeEscape(text[i+1:])
			if digits == 0 {
				return nil, fmt.Errorf(`a string has \u without four hexadecimal digits after it`)
			}
			out = utf8.AppendRune(out, r)
			i += digits
		default:
			return nil, fmt.Errorf(`a string has the unknown escape \%c`, c)
		}
	}
	return out, nil
}

// unicodeEscape reads the digits after \u, of both halves where a character is
// written as two, and returns how many bytes they take; 0 where there are none.
func unicodeEscape(text []byte) (r rune, length int) {
	first, ok := fourHex(text)
	if !ok {
		return 0, 0
	}
	if utf16.IsSurrogate(first) && len(text) >= 10 && text[4] == '\\' && text[5] == 'u' {
		if second, ok := fourHex(text[6:]); ok {
			if r := utf16.DecodeRune(first, second); r != utf8.RuneError {
				return r, 10
			}
		}
	}
	return first, 4 // half a character is appended as U+FFFD
}

func fourHex(text []byte) (rune, bool) {
	if len(text) < 4 {
		return 0, false
	}
	n, err := strconv.ParseUint(string(text[:4]), 16, 16)
	return rune(n), err == nil
}

// ednCharacter returns the text of the character that stands after a backslash.
func ednCharacter(name []byte) (string, bool) {
	switch string(name) {
	case "newline":
		return "\n", true
	case "space":
		return " ", true
	case "tab":
		return "\t", true
	case "return":
		return "\r", true
	case "backspace":
		return "\b", true
	case "formfeed":
		return "\f", true
	}
	if len(name) == 5 && name[0] == 'u' {
		r, ok := fourHex(name[1:])
		return string(r), ok
	}
	return string(name), utf8.Valid(name) && utf8.RuneCount(name) == 1
}
