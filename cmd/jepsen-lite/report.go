package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/harness"
	"github.com/jepsen-lite/jepsen-lite/report/page"
	"github.com/jepsen-lite/jepsen-lite/report/svg"
	"github.com/jepsen-lite/jepsen-lite/report/terminal"
)

// report prints results for people, or as JSON.
func report(s streams, r *harness.Results, asJSON bool) error {
	if asJSON {
		return encodeJSON(s.out, r)
	}
	var text strings.Builder
	printVerdict(&text, r, painter(s.out))
	printChecks(&text, r)
	printAnomalies(&text, r)
	printOperations(&text, r)
	printRun(&text, r)
	_, err := io.WriteString(s.out, text.String())
	return err
}

// painter returns a function that colours text, on a terminal only.
func painter(out io.Writer) func(code int, text string) string {
	if !isTerminal(out) || os.Getenv("NO_COLOR") != "" {
		return func(_ int, text string) string { return text }
	}
	return func(code int, text string) string { return fmt.Sprintf("\033[1;%dm%s\033[0m", code, text) }
}

func printVerdict(w io.Writer, r *harness.Results, paint func(int, string) string) {
	line := paintVerdict(paint, r.Verdict)
	if r.Workload != "" {
		line += ": " + r.Workload + " on " + r.Redis
	}
	fmt.Fprintln(w, line)
	if r.Reason != "" {
		fmt.Fprintln(w, wrap(terminal.Clean(r.Reason), "  "))
	}
	fmt.Fprintln(w)
}

func paintVerdict(paint func(int, string) string, v checker.Verdict) string {
	const red, green, yellow = 31, 32, 33
	colour := map[checker.Verdict]int{checker.Valid: green, checker.Invalid: red, checker.Unknown: yellow}[v]
	return paint(colour, string(v))
}

func printChecks(w io.Writer, r *harness.Results) {
	width := 0
	for _, c := range r.Checks {
		width = max(width, len(c.Name))
	}
	for _, c := range r.Checks {
		if c.Name == "stats" {
			continue // it judges nothing; its figures stand below
		}
		detail := terminal.Clean(c.Reason)
		if detail == "" {
			detail = summary(c)
		}
		fmt.Fprintln(w, strings.TrimRight(fmt.Sprintf("  %-*s  %-7s  %s", width, c.Name, c.Verdict, detail), " "))
	}
}

// summary shows the figures of a check that matter to a reader.
func summary(c checker.Result) string {
	figure := func(name string) string {
		switch n := c.Statistics[name].(type) {
		case int:
			return svg.Count(n)
		case string:
			return n
		}
		return "0"
	}
	switch name, _, _ := strings.Cut(c.Name, "("); name {
	case "linearizable":
		text := figure("operations") + " operations on " + figure("keys") + " keys"
		if c.Statistics["keys"] == 1 {
			text = figure("operations") + " operations on 1 key"
		}
		if c.Verdict == checker.Invalid {
			text += ", " + figure("invalid_keys") + " not linearizable"
		}
		return text
	case "evidence":
		if without, _ := c.Statistics["faults_without_effect"].([]string); len(without) > 0 {
			return "never took effect: " + strings.Join(without, ", ")
		}
	case "exclusion":
		return figure("holds") + " holds, " + figure("overlaps") + " overlaps"
	case "fencing":
		return figure("grants") + " grants, " + figure("writes") + " writes, " + figure("violations") + " violations"
	case "durability":
		return figure("acknowledged") + " acknowledged, " + figure("lost") + " lost, " + figure("recovered") + " recovered, " + figure("unexpected") + " unexpected"
	case "delivery":
		return figure("dequeued") + " delivered, " + figure("lost") + " lost, " + figure("duplicated") + " duplicated; exactly once: " + figure("exactly_once")
	case "at-least-once":
		return figure("dequeued") + " delivered, " + figure("lost") + " lost"
	}
	return ""
}

// shownAnomalies bounds what is printed; results.json has more.
const shownAnomalies = 3

func printAnomalies(w io.Writer, r *harness.Results) {
	for _, c := range r.Checks {
		for i, a := range c.Anomalies {
			if i == shownAnomalies {
				fmt.Fprintf(w, "\n  … and %d more of %s (see results.json)\n", len(c.Anomalies)-i, c.Name)
				break
			}
			where := ""
			if a.Key != "" {
				where = " on " + terminal.Clean(a.Key)
			}
			fmt.Fprintf(w, "\n  %s%s (%s)\n%s\n", a.Type, where, c.Name, wrap(terminal.Clean(a.Explanation), "    "))
			printWitness(w, a, r.Nemesis)
		}
	}
}

func printRun(w io.Writer, r *harness.Results) {
	if r.Workload != "" {
		printFact(w, "faults", faultCounts(r.Faults))
	}
	for _, finding := range r.Findings {
		printFact(w, "note", finding)
	}
	if r.Folder != "" {
		printCommand(w, "run folder", r.Folder)
		if path := filepath.Join(r.Folder, page.File); exists(path) {
			printCommand(w, "report", path)
		}
	}
	if r.Command != "" {
		printCommand(w, "repeat", r.Command)
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// printCommand prints a fact that is copied, and so never broken into lines.
func printCommand(w io.Writer, name, text string) { fmt.Fprintf(w, "  %-10s  %s\n", name, text) }

func faultCounts(faults map[string]int) string {
	if len(faults) == 0 {
		return "none took effect"
	}
	return counted(faults)
}

// wrap breaks text into lines of at most 80 columns, each indented.
func wrap(text, indent string) string { return terminal.Wrap(text, indent) }
