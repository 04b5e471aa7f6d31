package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/jepsen-lite/jepsen-lite/harness"
	"github.com/jepsen-lite/jepsen-lite/report/svg"
	"github.com/jepsen-lite/jepsen-lite/schedule"
)

// reportFound prints what was found, or that nothing was.
func reportFound(s streams, x *harness.Exploration, asJSON bool) error {
	if asJSON {
		return encodeJSON(s.out, foundResults(x))
	}
	var text strings.Builder
	fmt.Fprintf(&text, "%s: %s on %s\n", paintVerdict(painter(s.out), x.Verdict), x.Workload, x.Redis)
	if x.Reason != "" {
		fmt.Fprintln(&text, wrap(x.Reason, "  "))
	}
	if x.Schedule == nil {
		printNothingFound(&text, x)
	} else {
		printFound(&text, x)
	}
	switch {
	case x.Command != "" && x.Schedule != nil:
		printCommand(&text, "found by", x.Command)
	case x.Command != "":
		printCommand(&text, "repeat", x.Command)
	}
	_, err := io.WriteString(s.out, text.String())
	return err
}

// foundResults returns the results of the run folder, or what stands for them
// where there is none.
func foundResults(x *harness.Exploration) *harness.Results {
	if x.Results != nil {
		return x.Results
	}
	r := &harness.Results{Verdict: x.Verdict, Reason: x.Reason, Workload: x.Workload, Seed: x.Seed, Redis: x.Redis, Command: x.Command}
	if x.Schedule == nil && x.Exhausted == nil {
		r.Findings = []string{"tried " + tried(x)}
	}
	return r
}

func printFound(w io.Writer, x *harness.Exploration) {
	fmt.Fprintf(w, "\n%s\n", x.Picture)
	shrunk := fmt.Sprintf("shrunk from %d operations and %d steps to %d and %d in %v",
		x.First.Operations(), len(x.First.Steps), x.Schedule.Operations(), len(x.Schedule.Steps), short(x.Shrunk))
	if x.Interrupted {
		shrunk += ", and interrupted: it may get smaller yet"
	}
	switch {
	case x.Exhausted != nil:
		printFact(w, "how", x.How)
	case x.How != "":
		printFact(w, "how", x.How)
		printFact(w, "found", shrunk)
	default:
		printFact(w, "found", fmt.Sprintf("in schedule %s, %v; %s", svg.Count(x.At), short(x.Searched), shrunk))
	}
	if x.Rate < 1 {
		printFact(w, "rate", fmt.Sprintf("as it was found, it fails in %.0f %% of executions", 100*x.Rate))
	}
	if x.Tries > 0 {
		printFact(w, "reproduced", fmt.Sprintf("%d of %d", x.Reproduced, x.Tries))
	}
	if x.Results != nil {
		printCommand(w, "run folder", x.Results.Folder)
		printCommand(w, "replay", x.Results.Command)
	}
}

func printNothingFound(w io.Writer, x *harness.Exploration) {
	fmt.Fprintln(w)
	switch {
	case x.Exhausted != nil:
		printExhausted(w, x.Exhausted)
	case x.Command != "" || x.Schedules > 0: // there was a search
		printFact(w, "tried", tried(x))
	}
}

// tried says how much a search tried that found nothing.
func tried(x *harness.Exploration) string {
	text := svg.Count(x.Schedules) + " schedules in " + short(x.Searched).String() + ", and none broke a promise"
	if x.CutShort {
		text += "; the search was cut short"
	}
	return text
}

// printExhausted says what is known once every interleaving was visited.
func printExhausted(w io.Writer, all *schedule.Exhausted) {
	visited := fmt.Sprintf("%s different states, by %s words, in %v", svg.Count(all.States), svg.Count(all.Words), short(all.Searched))
	printFact(w, "visited", visited)
	if all.Complete {
		printFact(w, "complete", "no interleaving of these operations and faults breaks a promise (of other operations nothing is said):")
	}
	for i, ops := range all.Clients {
		var texts []string
		for _, op := range ops {
			texts = append(texts, op.String())
		}
		fmt.Fprintf(w, "    c%d: %s\n", i, strings.Join(texts, ", "))
	}
}

// short rounds a time for people.
func short(d time.Duration) time.Duration {
	switch {
	case d > 10*time.Second:
		return d.Round(time.Second)
	case d > time.Second:
		return d.Round(100 * time.Millisecond)
	}
	return d.Round(time.Millisecond)
}

func encodeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}
