package runfolder

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	// headLines and tailLines are what is kept of a long log, lineRunes of a line.
	headLines, tailLines, lineRunes = 300, 1200, 400
	// logEndBytes bounds what is read of each end of a log.
	logEndBytes = 1 << 20
)

// Log is what a server wrote.
type Log struct {
	Node string `json:"node"`
	// File is its path in the run folder, with slashes.
	File  string    `json:"file"`
	Lines []LogLine `json:"lines"`
	// Cut says in a sentence what was left out; empty: nothing.
	Cut string `json:"cut,omitempty"`
	// Unaligned says in a sentence why no line has a time; empty: it can have one.
	Unaligned string `json:"unaligned,omitempty"`
}

// LogLine is a line of a log.
type LogLine struct {
	// At is nanoseconds since the run began; -1: not known.
	At int64 `json:"at"`
	// Level is one of debug, verbose, notice, warning; empty: not known.
	Level string `json:"level,omitempty"`
	Text  string `json:"text"`
}

// Logs reads what the servers wrote, those of a node together: their beginnings and
// ends where they are long. Empty files are left out. What cannot be read is added
// to Problems.
func (r *Run) Logs() []Log {
	var logs []Log
	files, _ := filepath.Glob(filepath.Join(r.Dir, "servers", "*", "*.log")) // the pattern is well-formed
	slices.Sort(files)
	for _, path := range files {
		text, left, err := readEnds(path)
		relative, _ := filepath.Rel(r.Dir, path) // both begin with Dir
		switch {
		case err != nil:
			r.Problems = append(r.Problems, fmt.Sprintf("A log cannot be read: %v.", err))
		case len(text) > 0:
			log := Log{Node: filepath.Base(filepath.Dir(path)), File: filepath.ToSlash(relative)}
			log.fill(text, left)
			log.align(r.Info.Started)
			logs = append(logs, log)
		}
	}
	return logs
}

// readEnds reads a file, or both its ends with a line between them that is none of
// its own; left is how many bytes are missing there.
func readEnds(path string) (text []byte, left int64, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, 0, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, 0, err
	}
	if !info.Mode().IsRegular() {
		return nil, 0, errors.New(path + " is no file")
	}
	if left = info.Size() - 2*logEndBytes; left <= 0 {
		text, err = io.ReadAll(io.LimitReader(file, 2*logEndBytes))
		return text, 0, err
	}
	head, err := io.ReadAll(io.NewSectionReader(file, 0, logEndBytes))
	if err != nil {
		return nil, 0, err
	}
	tail, err := io.ReadAll(io.NewSectionReader(file, info.Size()-logEndBytes, logEndBytes))
	// Both are cut in the middle of a line.
	head = head[:bytes.LastIndexByte(head, '\n')+1]
	tail = tail[bytes.IndexByte(tail, '\n')+1:]
	return append(head, tail...), info.Size() - int64(len(head)+len(tail)), err
}

func (l *Log) fill(text []byte, leftBytes int64) {
	total := bytes.Count(text, []byte("\n"))
	at, long := 0, total > headLines+tailLines
	for line := range strings.Lines(string(text)) {
		at++
		if long && at > headLines && at <= total-tailLines {
			continue
		}
		if line = strings.TrimRight(line, "\r\n"); line != "" {
			l.Lines = append(l.Lines, LogLine{At: -1, Text: cutLine(line)})
		}
	}
	switch {
	case long && leftBytes > 0:
		l.Cut = fmt.Sprintf("The middle is left out: more than %d lines.", total-headLines-tailLines)
	case long:
		l.Cut = fmt.Sprintf("The middle is left out: %d of %d lines.", total-headLines-tailLines, total)
	case leftBytes > 0:
		l.Cut = fmt.Sprintf("The middle is left out: %d bytes.", leftBytes)
	}
}

func cutLine(line string) string {
	if utf8.RuneCountInString(line) <= lineRunes {
		return line
	}
	return string([]rune(line)[:lineRunes]) + "…"
}
