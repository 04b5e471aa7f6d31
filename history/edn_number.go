package history

import (
	"bytes"
	"fmt"
	"strconv"
)

// ednNumber reads a number that is not a short integer.
func ednNumber(word []byte) (Value, error) {
	text := bytes.TrimPrefix(word, []byte("+"))
	if n, err := strconv.ParseInt(string(bytes.TrimSuffix(text, []byte("N"))), 0, 64); err == nil && isPlainInteger(text) {
		return Int(n), nil
	}
	text = bytes.TrimSuffix(bytes.TrimSuffix(text, []byte("N")), []byte("M"))
	if over, under, ok := bytes.Cut(text, []byte("/")); ok && isDigits(bytes.TrimPrefix(over, []byte("-"))) && isDigits(under) {
		return Str(string(text)), nil
	}
	s := scanner{data: text}
	v, err := s.number()
	if err != nil || s.pos != len(text) {
		return Value{}, fmt.Errorf("%.40q is not a number", word)
	}
	return v, nil
}

// isPlainInteger reports whether text is digits without a leading zero, or a
// hexadecimal number, as Clojure prints addresses.
func isPlainInteger(text []byte) bool {
	text = bytes.TrimPrefix(bytes.TrimSuffix(text, []byte("N")), []byte("-"))
	if bytes.HasPrefix(text, []byte("0x")) {
		return true
	}
	return isDigits(text) && (text[0] != '0' || len(text) == 1)
}

func isDigits(text []byte) bool {
	for _, c := range text {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(text) > 0
}
