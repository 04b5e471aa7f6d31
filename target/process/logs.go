package process

import (
	"io"
	"os"
	"strings"
)

// maxTailBytes bounds how much of a file's end is looked at for its last lines.
const maxTailBytes = 64 << 10

// logs are a node's log and output, each from where one life of the server
// begins in it.
type logs [2]mark

type mark struct {
	path string
	from int64
}

// markLogs remembers how long the files are now.
func markLogs(log, output string) logs {
	marks := logs{{path: log}, {path: output}}
	for i := range marks {
		if info, err := os.Stat(marks[i].path); err == nil {
			marks[i].from = info.Size()
		}
	}
	return marks
}

// tail returns the last lines written since, at most count, none of them empty.
func (l logs) tail(count int) []string {
	var lines []string
	for _, m := range l {
		lines = append(lines, m.lines()...)
	}
	return lines[max(0, len(lines)-max(0, count)):]
}

// lines returns the lines in the last part of the file that are there in whole.
// A file that cannot be read has none.
func (m mark) lines() []string {
	file, err := os.Open(m.path)
	if err != nil {
		return nil
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil
	}
	from := max(m.from, info.Size()-maxTailBytes)
	text, err := io.ReadAll(io.NewSectionReader(file, from, maxTailBytes))
	if err != nil {
		return nil
	}
	var lines []string
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	if from > m.from && len(lines) > 0 {
		lines = lines[1:] // its beginning is cut off
	}
	return lines
}
