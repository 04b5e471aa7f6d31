package schedule

import (
	"bytes"
	"strconv"
	"strings"
)

// showCommand returns a request as one would type it, without our prefix of keys.
func showCommand(args []string) string {
	words := make([]string, 0, len(args))
	for i, a := range args {
		switch name := strings.ToUpper(args[0]); {
		case i == 0:
			a = name
		case i == 1 && (name == "EVAL" || name == "EVALSHA"):
			a = "script"
		case i == 2 && (name == "EVAL" || name == "EVALSHA"):
			continue // how many keys
		case i > 1 && isOption(a):
			a = strings.ToUpper(a)
		default:
			a = strings.TrimPrefix(a, keyPrefix)
		}
		words = append(words, a)
	}
	return strings.Join(words, " ")
}

// isOption reports whether a word is one that client libraries write in lower case
// here and in upper case there.
func isOption(word string) bool {
	switch strings.ToLower(word) {
	case "ex", "px", "nx", "xx", "get", "keepttl", "left", "right", "byscore", "limit", "withscores", "rev":
		return true
	}
	return false
}

// showReply returns a RESP reply as people read it: OK, 3, nil, [a b].
func showReply(reply []byte) string {
	if reply == nil {
		return "(the server is gone)"
	}
	text, _ := readReply(reply)
	return text
}

// readReply shows the first value in p, and returns what comes after it.
func readReply(p []byte) (text string, rest []byte) {
	line, rest, _ := bytes.Cut(p, []byte("\r\n"))
	if len(line) == 0 {
		return "", nil
	}
	kind, head := line[0], string(line[1:])
	n, _ := strconv.Atoi(head)
	switch kind {
	case '$', '=', '!':
		if n < 0 || n+2 > len(rest) {
			return "nil", rest
		}
		return string(rest[:n]), rest[n+2:]
	case '*', '~', '>', '%':
		if n < 0 {
			return "nil", rest
		}
		if kind == '%' {
			n *= 2
		}
		var parts []string
		for range n {
			if len(rest) == 0 {
				break
			}
			text, rest = readReply(rest)
			parts = append(parts, text)
		}
		return "[" + strings.Join(parts, " ") + "]", rest
	case '_':
		return "nil", rest
	case '#':
		return map[string]string{"t": "true", "f": "false"}[head], rest
	}
	return head, rest
}
