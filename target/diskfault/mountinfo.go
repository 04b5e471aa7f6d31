package diskfault

import (
	"fmt"
	"strconv"
	"strings"
)

// mountEntry is a line of /proc/self/mountinfo, as far as we need it.
type mountEntry struct {
	point  string
	fsType string
	source string
}

// IsMounted tells whether a process has a disk of this process at that point: table is
// the text of its /proc/PID/mountinfo.
func IsMounted(table, point string) (bool, error) {
	entries, err := parseMountinfo(table)
	isOurs := false
	for _, e := range entries { // what is mounted last hides the others
		if e.point == point {
			isOurs = e.fsType == fsType && e.source == source()
		}
	}
	return isOurs, err
}

// parseMountinfo reads the text of /proc/self/mountinfo (proc_pid_mountinfo(5)):
// in each line six fields and any number of optional ones, a "-", then the type,
// the source and options. Blanks in fields are written as octal escapes.
func parseMountinfo(text string) ([]mountEntry, error) {
	var entries []mountEntry
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		before, after, ok := strings.Cut(line, " - ")
		left, right := strings.Split(before, " "), strings.Split(after, " ")
		if !ok || len(left) < 6 || len(right) < 2 {
			return nil, fmt.Errorf("line %q of mountinfo: expected six fields, a dash, a type and a source", line)
		}
		entries = append(entries, mountEntry{unescape(left[4]), unescape(right[0]), unescape(right[1])})
	}
	return entries, nil
}

// unescape replaces a backslash and three octal digits by the byte they stand for
// (Linux, fs/seq_file.c, mangle_path).
func unescape(field string) string {
	var text strings.Builder
	for i := 0; i < len(field); i++ {
		if field[i] == '\\' && i+4 <= len(field) {
			if b, err := strconv.ParseUint(field[i+1:i+4], 8, 8); err == nil {
				text.WriteByte(byte(b))
				i += 3
				continue
			}
		}
		text.WriteByte(field[i])
	}
	return text.String()
}
