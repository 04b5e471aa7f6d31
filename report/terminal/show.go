package terminal

import (
	"fmt"
	"io"
	"strings"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/checker/promise"
	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/report/figure"
	"github.com/jepsen-lite/jepsen-lite/report/runfolder"
	"github.com/jepsen-lite/jepsen-lite/report/series"
	"github.com/jepsen-lite/jepsen-lite/report/svg"
)

// Options say how to show a run. The zero value is plain text.
type Options struct {
	// Colour: the output understands escape sequences for colours.
	Colour bool
}

// Show writes a run for people. What is missing of the run is said in the text and
// no error; the error is of the writing.
func Show(w io.Writer, run *runfolder.Run, o Options) error {
	p := &printer{colour: o.Colour}
	h, err := run.History()
	if err != nil {
		run.Problems = append(run.Problems, fmt.Sprintf("Its history cannot be read: %v.", err))
		h = &history.History{}
	}
	incidents := checker.Incidents(h)
	if err != nil && run.Results != nil {
		incidents = run.Results.Nemesis
	}
	s := series.Of(h, incidents)
	p.verdict(run, s.End)
	p.checks(run)
	p.promises(run)
	switch {
	case err == nil:
		p.operations(s)
		p.overTime(s)
	case run.Results != nil:
		ops := run.Results.Ops
		p.outcomes(series.Outcomes{OK: ops.OK, Fail: ops.Fail, Info: ops.Info})
		p.line("")
	}
	if run.Results != nil {
		for _, c := range run.Results.Checks {
			p.anomalies(h, s, c)
		}
	}
	p.notes(run)
	_, err = io.WriteString(w, p.text.String())
	return err
}

// printer collects lines.
type printer struct {
	text   strings.Builder
	colour bool
}

func (p *printer) line(format string, args ...any) {
	p.text.WriteString(strings.TrimRight(fmt.Sprintf(format, args...), " ") + "\n")
}

// Colours, as ECMA-48 numbers them.
const (
	plain  = 0
	red    = 31
	green  = 32
	yellow = 33
	violet = 35
	faint  = 90
)

func (p *printer) paint(colour int, text string) string {
	if !p.colour || colour == plain {
		return text
	}
	return fmt.Sprintf("\033[%dm%s\033[0m", colour, text)
}

// verdict prints what was found in how long a run: in its own time, which may be
// simulated.
func (p *printer) verdict(run *runfolder.Run, end int64) {
	verdict := run.Verdict()
	colour := map[checker.Verdict]int{checker.Valid: green, checker.Invalid: red, checker.Unknown: yellow}[verdict]
	c := run.Info.Config
	text := fmt.Sprintf("%s on %s", c.Workload, run.Info.Redis)
	if end > 0 {
		text += ", " + svg.Duration(float64(end))
	}
	text += fmt.Sprintf(", seed %d", c.Seed)
	p.line("%s: %s", p.paint(colour, string(verdict)), fit(text, columns-len(verdict)-2))
	if run.Results != nil && run.Results.Reason != "" {
		p.line("%s", Wrap(shortened(run.Results.Reason), "  "))
	}
	p.line("")
}

// shortened cuts a sentence that quotes a very long value.
func shortened(text string) string { return fit(text, 5*columns) }

func (p *printer) checks(run *runfolder.Run) {
	if run.Results == nil {
		return
	}
	widest := 0
	for _, c := range run.Results.Checks {
		widest = max(widest, width(fit(c.Name, 40)))
	}
	for _, c := range run.Results.Checks {
		if c.Name == "stats" {
			continue // it judges nothing; its figures stand below
		}
		detail := shortened(c.Reason)
		if n := len(c.Anomalies); n > 0 {
			detail = fmt.Sprintf("%d anomalies listed", n)
			if n == 1 {
				detail = "1 anomaly listed"
			}
		}
		indent := strings.Repeat(" ", widest+13)
		p.line("  %s  %-7s  %s", pad(fit(c.Name, 40), widest), c.Verdict, strings.TrimPrefix(Wrap(detail, indent), indent))
	}
	p.line("")
}

// promises prints which were held, violated or not decided, each on a line of its own.
func (p *printer) promises(run *runfolder.Run) {
	if run.Results == nil || len(run.Results.Promises) == 0 {
		return
	}
	for _, s := range []promise.Standing{promise.Held, promise.Violated, promise.NotDecided} {
		var names []string
		for _, x := range run.Results.Promises {
			if x.Standing == s {
				names = append(names, x.Name)
			}
		}
		if len(names) > 0 {
			p.fact(strings.ReplaceAll(string(s), "-", " "), strings.Join(names, ", "))
		}
	}
	p.line("")
}

func (p *printer) outcomes(o series.Outcomes) {
	p.line("  operations  %s ok, %s fail, %s info", svg.Count(o.OK), svg.Count(o.Fail), svg.Count(o.Info))
}

func (p *printer) operations(s *series.Series) {
	p.outcomes(s.Counts)
	const row = "    %s%9s%12s%12s%12s%12s"
	for i, h := range s.Histograms {
		n := 0
		for _, count := range h.Counts {
			n += count
		}
		if i == 0 {
			p.line(row, pad("", 12), "ok", "50 %", "95 %", "99 %", "max")
		}
		took := func(ns int64) string {
			if n == 0 {
				return "–"
			}
			return svg.Duration(float64(ns))
		}
		p.line(row, pad(fit(s.Operations[h.Operation], 12), 12), svg.Count(n), took(h.P50), took(h.P95), took(h.P99), took(h.Max))
	}
	p.line("")
}

// shownAnomalies bounds how many of one check are shown: one of each type, so many
// types.
const shownAnomalies = 3

func (p *printer) anomalies(h *history.History, s *series.Series, c checker.Result) {
	shown := map[string]bool{}
	for _, a := range c.Anomalies {
		if shown[a.Type] || len(shown) == shownAnomalies {
			continue
		}
		shown[a.Type] = true
		proof := figure.ProofOf(h, s, c, a)
		p.line("  %s", p.paint(red, fit(proof.Title()+" ("+c.Name+")", columns-2)))
		p.line("%s", Wrap(shortened(a.Explanation), "    "))
		p.line("")
		p.witness(proof)
		p.line("")
	}
	if left := len(c.Anomalies) - len(shown); left > 0 {
		p.line("    … and %d more of %s: see results.json\n", left, fit(c.Name, 40))
	}
}

func (p *printer) notes(run *runfolder.Run) {
	if run.Results != nil {
		for _, finding := range run.Results.Findings {
			p.fact("note", shortened(finding))
		}
	}
	for _, problem := range run.Problems {
		p.fact("note", shortened(problem))
	}
	p.line("  %-10s%s", "run folder", "  "+Clean(run.Dir))
	if run.Info.Command != "" {
		p.line("  %-10s%s", "repeat", "  "+Clean(run.Info.Command))
	}
}

// fact prints a fact under a heading, with its further lines indented.
func (p *printer) fact(heading, text string) {
	indent := strings.Repeat(" ", 14)
	p.line("  %-12s%s", heading, strings.TrimPrefix(Wrap(text, indent), indent))
}
