package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"

	"github.com/jepsen-lite/jepsen-lite/harness"
)

const (
	// plainEvery is the time between two lines of progress off a terminal.
	plainEvery = 10 * time.Second
	// patientFor is how long judging may take before it tells how far it is.
	patientFor = 2 * time.Second
)

// progress shows how something stands: on a terminal one line that is written
// over, elsewhere a line now and then. Safe for concurrent use.
type progress struct {
	out      io.Writer
	quiet    bool
	terminal bool
	began    time.Time

	mu    sync.Mutex
	last  time.Time
	drawn bool
}

func newProgress(out io.Writer, quiet bool) *progress {
	now := time.Now()
	return &progress{out: out, quiet: quiet, terminal: isTerminal(out), began: now, last: now}
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// run shows a run.
func (p *progress) run(s harness.Status) { p.show(statusLine(s)) }

// judging shows a check that has judged so many keys.
func (p *progress) judging(check string, done, total int) {
	if spent := time.Since(p.began); spent > patientFor {
		p.show(fmt.Sprintf("%5.1f s  %s: %d of %d keys", spent.Seconds(), check, done, total))
	}
}

func (p *progress) show(line string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch now := time.Now(); {
	case p.quiet:
	case p.terminal:
		width, _, err := term.GetSize(int(p.out.(*os.File).Fd()))
		if err == nil && width > 0 && len([]rune(line)) >= width {
			line = string([]rune(line)[:width-1])
		}
		fmt.Fprintf(p.out, "\r\033[K%s", line)
		p.drawn = true
	case now.Sub(p.last) >= plainEvery:
		p.last = now
		fmt.Fprintln(p.out, line)
	}
}

// done removes the line.
func (p *progress) done() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.drawn {
		fmt.Fprint(p.out, "\r\033[K")
	}
}

func statusLine(s harness.Status) string {
	parts := []string{fmt.Sprintf("%5.1f s", s.Elapsed.Seconds())}
	if s.Simulated {
		parts[0] += " simulated"
	}
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
