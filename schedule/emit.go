package schedule

import (
	"fmt"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"unicode"
)

// GoTest returns a Go test, of a package that fits into the folder, that fails
// while the schedule breaks a promise. It is performed on a simulated server.
func (s *Schedule) GoTest(folder, anomaly string) []byte {
	return fmt.Appendf(nil, `package %s

import (
	"testing"

	jepsenlite "github.com/jepsen-lite/jepsen-lite"
)

// %s
func Test%s(t *testing.T) {
	jepsenlite.ReplayWorkload(t, %s)
}
`, testPackage(folder), strings.ReplaceAll(anomaly, "\n", " "), testName(s.Workload.Name), literal(strings.TrimSuffix(string(s.Encode()), "\n")))
}

// testPackage names the package of a test beside what the folder has: the external
// test of its package.
func testPackage(folder string) string {
	paths, _ := filepath.Glob(filepath.Join(folder, "*.go")) // the pattern is well formed
	for _, path := range paths {
		if f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.PackageClauseOnly); err == nil {
			return strings.TrimSuffix(f.Name.Name, "_test") + "_test"
		}
	}
	return "main_test"
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
