package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"github.com/jepsen-lite/jepsen-lite/harness"
)

// plainEvery is the time between two lines of progress off a terminal.
const plainEvery = 10 * time.Second

// progress shows how a run stands: on a terminal one line that is written over,
// elsewhere a line now and then.
type progress struct {
	out      io.Writer
	quiet    bool
	terminal bool
	last     time.Time
	drawn    bool
}

func newProgress(out io.Writer, quiet bool) *progress {
	return &progress{out: out, quiet: quiet, terminal: isTerminal(out), last: time.Now()}
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// show is called by one goroutine at a time.
func (p *progress) show(s harness.Status) {
	if p.quiet {
		return
	}
	line := statusLine(s)
	if p.terminal {
		width, _, err := term.GetSize(int(p.out.(*os.File).Fd()))
		if err == nil && width > 0 && len([]rune(line)) >= width {
			line = string([]rune(line)[:width-1])
		}
		fmt.Fprintf(p.out, "\r\033[K%s", line)
		p.drawn = true
		return
	}
	if now := time.Now(); now.Sub(p.last) >= plainEvery {
		p.last = now
		fmt.Fprintln(p.out, line)
	}
}

// done removes the line.
func (p *progress) done() {
	if p.drawn {
		fmt.Fprint(p.out, "\r\033[K")
	}
}

func statusLine(s harness.Status) string {
	parts := []string{fmt.Sprintf("%5.1f s", s.Elapsed.Seconds())}
	if s.Phase != "running" {
		parts = append(parts, s.Phase)
	} else {
		parts[0] += fmt.Sprintf(" of %v", s.Limit)
		parts = append(parts, fmt.Sprintf("%5.0f ops/s", s.PerSecond))
	}
	parts = append(parts, fmt.Sprintf("%d ok %d fail %d info", s.Counts.OK, s.Counts.Fail, s.Counts.Info),
		fmt.Sprintf("%d faults", s.Faults))
	if s.Doing != "" {
		parts = append(parts, s.Doing)
	}
	return strings.Join(parts, "  ")
}
