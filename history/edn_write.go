package history

import (
	"strconv"
	"strings"
)

// AppendEDN appends the event as one line of EDN, newline included: a map such
// as Jepsen writes. [Read] gets the same event back from it, with the fields of
// objects in another order.
func AppendEDN(dst []byte, e *Event) []byte {
	dst = append(dst, `{:index `...)
	dst = strconv.AppendInt(dst, int64(e.Index), 10)
	dst = append(dst, `, :time `...)
	dst = strconv.AppendInt(dst, e.Time, 10)
	dst = append(dst, `, :process `...)
	switch e.Process {
	case Nemesis:
		dst = append(dst, `:nemesis`...)
	case Nobody:
		dst = append(dst, `nil`...)
	default:
		dst = strconv.AppendInt(dst, int64(e.Process), 10)
	}
	dst = append(append(dst, `, :type :`...), e.Type.String()...)
	dst = appendName(append(dst, `, :f `...), e.F)
	if e.Key != "" {
		dst = appendEDNString(append(dst, `, :key `...), e.Key)
	}
	if !e.Value.IsAbsent() {
		dst = appendEDNValue(append(dst, `, :value `...), e.Value)
	}
	if e.Error != "" {
		dst = appendName(append(dst, `, :error `...), e.Error)
	}
	if e.Extra != "" {
		s := scanner{data: []byte("{" + e.Extra + "}")}
		_ = s.object(func(name []byte) error { // it was JSON when it was read
			dst = append(appendName(append(dst, `, `...), string(name)), ' ')
			v, err := s.value()
			dst = appendEDNValue(dst, v)
			return err
		})
	}
	return append(dst, '}', '\n')
}

// appendName appends a name as a keyword, or as a string where it cannot be one.
func appendName(dst []byte, name string) []byte {
	if isKeyword(name) {
		return append(append(dst, ':'), name...)
	}
	return appendEDNString(dst, name)
}

// isKeyword reports whether name can stand after a colon.
func isKeyword(name string) bool {
	for i := range len(name) {
		switch c := name[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', c == '_':
		case i > 0 && ('0' <= c && c <= '9' || strings.IndexByte("-.*+!?<>=", c) >= 0):
		default:
			return false
		}
	}
	return name != ""
}

// appendEDNValue appends a value. A string that reads as a keyword is written as
// one: that is what it was.
func appendEDNValue(dst []byte, v Value) []byte {
	switch v.kind {
	case Absent, Null:
		return append(dst, "nil"...)
	case String:
		if len(v.text) > 1 && v.text[0] == ':' && isKeyword(v.text[1:]) {
			return append(dst, v.text...)
		}
		return appendEDNString(dst, v.text)
	case Raw:
		if v.text[0] == '[' || v.text[0] == '{' {
			return appendEDNComposite(dst, v)
		}
		switch dst = append(dst, v.text...); {
		case v.text == "-0":
			return append(dst, ".0"...) // JSON's is a fraction, EDN's is not
		case strings.IndexAny(v.text, ".eE") < 0:
			return append(dst, 'N') // beyond 64 bits
		}
		return dst
	}
	return v.AppendJSON(dst)
}

func appendEDNComposite(dst []byte, v Value) []byte {
	if members, ok := v.Elements(); ok {
		dst = append(dst, '[')
		for i, m := range members {
			if i > 0 {
				dst = append(dst, ' ')
			}
			dst = appendEDNValue(dst, m)
		}
		return append(dst, ']')
	}
	dst = append(dst, '{')
	s, begun := scanner{data: []byte(v.text)}, false
	_ = s.object(func(name []byte) error { // a Raw value is JSON
		if begun {
			dst = append(dst, `, `...)
		}
		begun = true
		dst = append(appendEDNValue(dst, Str(string(name))), ' ')
		m, err := s.value()
		dst = appendEDNValue(dst, m)
		return err
	})
	return append(dst, '}')
}

// appendEDNString appends s as an EDN string. Bytes that are not UTF-8 become
// U+FFFD, as in JSON.
func appendEDNString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			dst = append(dst, '\\', byte(r))
		case r == '\n':
			dst = append(dst, `\n`...)
		case r == '\t':
			dst = append(dst, `\t`...)
		case r == '\r':
			dst = append(dst, `\r`...)
		case r < 0x20:
			dst = append(dst, `\u00`...)
			dst = append(dst, "0123456789abcdef"[r>>4], "0123456789abcdef"[r&15])
		default:
			dst = append(dst, string(r)...)
		}
	}
	return append(dst, '"')
}
