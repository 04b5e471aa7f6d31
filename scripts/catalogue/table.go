package main

import (
	"fmt"
	"os"
	"strings"
)

// document holds the table, between these lines.
const (
	document = "docs/catalogue.md"
	begin    = "<!-- catalogue: made by make catalogue -->\n"
	end      = "<!-- end of catalogue -->\n"
)

// table returns what stands in the document: the table of all bugs, and the
// commands that find them.
func table(tried []result) string {
	var out strings.Builder
	out.WriteString("| bug | what is wrong | faults | seed | steps | what jepsen-lite says | right | real server |\n")
	out.WriteString("| --- | --- | --- | --: | --: | --- | --- | --: |\n")
	for _, r := range tried {
		out.WriteString(r.facts() + r.measured() + " |\n")
	}
	out.WriteString("\n```\n")
	for _, r := range tried {
		out.WriteString(command(r.bug.Plan) + "\n")
	}
	out.WriteString("```\n")
	return out.String()
}

// facts are the cells of a line that are the same each time.
func (r result) facts() string {
	b, says, faults := r.bug, "", "none"
	if a := r.shown.Execution.Anomaly(); a != nil {
		says = a.Explanation
	}
	if len(b.Plan.Faults) > 0 {
		faults = strings.Join(b.Plan.Faults, ", ")
	}
	return fmt.Sprintf("| %s | %s | %s | %d | %d | %s | %s | ",
		b.Name, b.Anomaly, faults, b.Plan.Seed, len(r.smallest.Steps), says, counterpart(b))
}

// measured is the last cell: how often a real server showed it.
func (r result) measured() string {
	if r.simulated != "" {
		return "simulator only"
	}
	return fmt.Sprintf("%d of %d", r.again.Reproduced, r.again.Times)
}

// replace puts a table between the document's two lines.
func replace(path, table string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	before, rest, opened := strings.Cut(string(text), begin)
	_, after, closed := strings.Cut(rest, end)
	if !opened || !closed {
		return fmt.Errorf("%s: expected a line %q and later a line %q", path, strings.TrimSpace(begin), strings.TrimSpace(end))
	}
	return os.WriteFile(path, []byte(before+begin+table+end+after), 0o644)
}
