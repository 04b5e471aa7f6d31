package tool

import (
	"fmt"
	"os"
	"strings"
)

// Replace puts a table into a file, between the line "<!-- NAME: made by make NAME -->"
// and the line "<!-- end of NAME -->".
func Replace(path, name, table string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	begin, end := fmt.Sprintf("<!-- %s: made by make %s -->\n", name, name), fmt.Sprintf("<!-- end of %s -->\n", name)
	before, rest, opened := strings.Cut(string(text), begin)
	_, after, closed := strings.Cut(rest, end)
	if !opened || !closed {
		return fmt.Errorf("%s: expected a line %q and later a line %q", path, strings.TrimSpace(begin), strings.TrimSpace(end))
	}
	return os.WriteFile(path, []byte(before+begin+table+end+after), 0o644)
}
