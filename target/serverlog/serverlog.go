package serverlog

import (
	"io"
	"os"
	"strings"
)

// maxTailBytes bounds how much of a file's end is looked at for its last lines.
const maxTailBytes = 64 << 10

// Log is what one life of a server writes: some files, each from where that life
// begins in it. The zero value is empty.
type Log []mark

type mark struct {
	path string
	from int64
}

// Begin remembers how long the files are now. One that is missing is empty.
func Begin(paths ...string) Log {
	log := make(Log, len(paths))
	for i, path := range paths {
		log[i].path = path
		if info, err := os.Stat(path); err == nil {
			log[i].from = info.Size()
		}
	}
	return log
}

// Tail returns the last lines written since, at most count, none of them empty:
// those of the first file, then of the next.
func (l Log) Tail(count int) []string {
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
