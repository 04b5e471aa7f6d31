package target

import "strings"

// ParseVersion reads what a server answers to --version, as in
// "Redis server v=7.0.15 sha=…": it returns "redis 7.0.15", or false for the answer
// of another program.
func ParseVersion(text string) (string, bool) {
	words := strings.Fields(text)
	if len(words) < 3 || words[1] != "server" {
		return "", false
	}
	number, ok := strings.CutPrefix(words[2], "v=")
	return strings.ToLower(words[0]) + " " + number, ok
}
