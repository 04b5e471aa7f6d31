package schedule

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// GoTest returns a Go test, of package main_test, that fails while the schedule
// breaks a promise. Its history is performed on a simulated server.
func (s *Schedule) GoTest(anomaly string) []byte {
	return fmt.Appendf(nil, `package main_test

import (
	"testing"

	jepsenlite "github.com/jepsen-lite/jepsen-lite"
)

// %s
func Test%s(t *testing.T) {
	jepsenlite.ReplayWorkload(t, %s)
}
`, strings.ReplaceAll(anomaly, "\n", " "), testName(s.Workload.Name), literal(strings.TrimSuffix(string(s.Encode()), "\n")))
}

// literal writes a text of several lines as Go does, raw if possible.
func literal(text string) string {
	if strings.Contains(text, "`") {
		return strconv.Quote(text)
	}
	return "`" + text + "`"
}

// testName makes the name of a test of lock-naive: LockNaive.
func testName(name string) string {
	var out strings.Builder
	up := true
	for _, r := range name {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			up = true
		case up:
			out.WriteRune(unicode.ToUpper(r))
			up = false
		default:
			out.WriteRune(r)
		}
	}
	return out.String()
}
