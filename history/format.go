package history

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// Format is a way in which histories stand in files.
type Format string

const (
	// FormatAuto is the zero Format: told from the content, never from a file's name.
	FormatAuto Format = ""
	// FormatJSONL is our own format: one JSON object a line. What [Load] reads.
	FormatJSONL Format = "jsonl"
	// FormatEDN is Jepsen's and Knossos': maps, one after another or in a vector or a
	// list.
	FormatEDN Format = "edn"
	// FormatLog is what Jepsen prints while it runs, and its history.txt: process,
	// type, f and value, between tabs.
	FormatLog Format = "jepsen-log"
	// FormatJSON is elle-cli's: an array of objects, or an object whose field history
	// is one. Jepsen's rules hold in it.
	FormatJSON Format = "json"
)

// Formats returns the formats that can be read.
func Formats() []Format { return []Format{FormatJSONL, FormatEDN, FormatLog, FormatJSON} }

// ParseFormat reads a format's name; auto is [FormatAuto].
func ParseFormat(name string) (Format, error) {
	if name == "auto" {
		return FormatAuto, nil
	}
	if f := Format(name); slices.Contains(Formats(), f) {
		return f, nil
	}
	names := []string{"auto"}
	for _, f := range Formats() {
		names = append(names, string(f))
	}
	return FormatAuto, fmt.Errorf("unknown format %q: expected %s", name, strings.Join(names, ", "))
}

// foreign reports whether the rules of Jepsen's histories hold in the format.
func (f Format) foreign() bool { return f != FormatJSONL }

// sniffBytes is how far into a file its format shows.
const sniffBytes = 64 << 10

// sniff tells the format of the text that begins with head. What it cannot place
// it calls JSON lines, whose reader says what it expects.
func sniff(head []byte) Format {
	if isLog(head) {
		return FormatLog
	}
	rest := afterBlank(head)
	for len(rest) > 0 && (rest[0] == '[' || rest[0] == '(') {
		if rest[0] == '(' {
			return FormatEDN
		}
		if rest = afterBlank(rest[1:]); len(rest) > 0 && rest[0] == ']' {
			return FormatJSON // empty: either would do
		}
	}
	if len(rest) == 0 || rest[0] != '{' {
		if len(rest) > 0 && rest[0] == '#' {
			return FormatEDN
		}
		return FormatJSONL
	}
	inArray := bytes.IndexByte(head[:len(head)-len(rest)], '[') >= 0
	return sniffMap(rest, inArray)
}

// sniffMap tells the format of a file by its first map or object.
func sniffMap(text []byte, inArray bool) Format {
	first := afterBlank(text[1:])
	if len(first) == 0 {
		return FormatJSONL
	}
	if first[0] != '"' {
		if first[0] == '}' && !inArray {
			return FormatJSONL // {}: either refuses it
		}
		return FormatEDN
	}
	end, whole := formEnd(first, 0)
	if after := afterBlank(first[end:]); whole && len(after) > 0 && after[0] != ':' {
		return FormatEDN // a map with strings as keys
	}
	if inArray || hasField(text, "history") {
		return FormatJSON
	}
	return FormatJSONL
}

// hasField reports whether the JSON object that text begins with has the field,
// as far as text goes.
func hasField(text []byte, name string) bool {
	for rest := afterBlank(text[1:]); len(rest) > 0 && rest[0] == '"'; {
		end, whole := formEnd(rest, 0)
		if !whole {
			return false
		}
		found := string(rest[1:end-1]) == name
		if rest = afterBlank(rest[end:]); found || len(rest) == 0 || rest[0] != ':' {
			return found
		}
		rest = afterBlank(rest[1:])
		if end, whole = formEnd(rest, 0); !whole || end == 0 {
			return false
		}
		rest = afterBlank(rest[end:])
	}
	return false
}

// afterBlank returns text without leading white space, commas and comments.
func afterBlank(text []byte) []byte {
	return text[blankEnd(text, 0):]
}
