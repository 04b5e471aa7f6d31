package paper

import (
	"fmt"
	"slices"
	"strings"

	"github.com/jepsen-lite/jepsen-lite/report/figure"
)

// results is the central part.
func (c *composer) results() {
	c.section(1, "results", "Results")
	c.promiseTable()
	c.expected()
	c.notDecided()
	c.countTable()
	c.examples()
	c.availabilityTables()
}

// planText names a plan and its faults.
func (c *composer) planText(label string) Text {
	for _, p := range c.study.Plans {
		if p.Label == label {
			return text(p.Label, " ", strings.Join(p.faults, ", "))
		}
	}
	return text(label)
}

// workload returns the workload of a configuration.
func (c *composer) workload(label string) string {
	for _, x := range c.study.Configurations {
		if x.Label == label {
			return x.Workload
		}
	}
	return ""
}

func (c *composer) configuration(label string) Text { return text(label, " ", c.workload(label)) }

func (c *composer) promiseTable() {
	var rows [][]Text
	last := ""
	for _, f := range c.study.Findings {
		where, faults := c.configuration(f.Configuration), c.planText(f.Plan)
		if key := f.Configuration + f.Plan; key == last {
			where, faults = nil, nil
		} else {
			last = key
		}
		runs := slices.Concat(f.Held, f.Violated, f.NotDecided)
		rows = append(rows, []Text{where, faults, text(f.Promise), text(number(len(runs), runs)), text(number(f.Operations, slices.Concat(f.Held, f.Violated))),
			text(number(len(f.Held), f.Held)), text(number(len(f.Violated), f.Violated)), text(number(len(f.NotDecided), f.NotDecided)),
			text(mark(f.Standing)), text(f.Chance.String())})
	}
	c.table(text("Promises by configuration and fault plan. A run counts as held, violated or open (not decided). Operations are those of the runs that decided. ",
		"The last column is about the chance p that such a run shows a violation, at 95 %: an upper bound where none did, else the share of runs that did and in brackets the interval of p."),
		[]Column{{"System", 15, false}, {"Faults", 15, false}, {"Promise", 17, false}, {"Runs", 7, true}, {"Operations", 14, true}, {"Held", 7, true}, {"Violated", 11, true},
			{"Open", 8, true}, {"Overall", 14, false}, {"p", 20, true}}, rows)
	c.meanings()
}

// meanings says what the promises of the table mean.
func (c *composer) meanings() {
	var meanings []string
	names := map[string][]string{}
	for _, f := range c.study.Findings {
		if names[f.Meaning] == nil {
			meanings = append(meanings, f.Meaning)
		}
		if !slices.Contains(names[f.Meaning], f.Promise) {
			names[f.Meaning] = append(names[f.Meaning], f.Promise)
		}
	}
	var items []Text
	for _, meaning := range meanings {
		items = append(items, text(strong(strings.Join(names[meaning], ", ")), ": "+meaning+"."))
	}
	c.list(items...)
}

func (c *composer) notDecided() {
	var items []Text
	for _, f := range c.study.Findings {
		for _, reason := range f.Reasons {
			items = append(items, text(f.Configuration, ", ", f.Plan, ", ", strong(f.Promise), " (", of(spans(f.NotDecided), f.NotDecided), "): ", reason, "."))
		}
	}
	if len(items) > 0 {
		c.section(2, "open", "What was not decided")
		c.list(items...)
	}
	var same []Text
	for _, r := range c.study.Runs {
		if r.SameAs != "" {
			same = append(same, text(r.Label, " has the same history as ", r.SameAs, " and is not counted again."))
		}
	}
	c.list(same...)
}

func (c *composer) countTable() {
	if len(c.study.Counts) == 0 {
		return
	}
	c.section(2, "anomalies", "Anomalies")
	c.say("Checks count all violations, and list some of them. The table has the counts; shares are of all runs of the configuration under the plan, those without a violation too. ",
		"Anomalies within a run have one cause more often than not (one crash loses many elements), so shares are no estimate of a chance and have no interval.")
	var rows [][]Text
	for _, x := range c.study.Counts {
		share := "–"
		if x.All > 0 {
			share = percent(float64(x.N) / float64(x.All))
		}
		rows = append(rows, []Text{c.configuration(x.Configuration), text(x.Plan), text(code(x.Check)), text(x.What), text(number(x.N, x.Shown)),
			text(number(x.All, x.Runs), " ", x.Of), text(share), text(of(fmt.Sprintf("%d of %d", len(x.Shown), len(x.Runs)), x.Shown))})
	}
	c.table(text("Violations that checks counted."), []Column{{"System", 14, false}, {"Faults", 7, false}, {"Check", 25, false}, {"Counted", 20, false}, {"Number", 9, true},
		{"Of", 21, true}, {"Share", 8, true}, {"In runs", 10, true}}, rows)
}

func (c *composer) examples() {
	if len(c.study.Examples) == 0 {
		return
	}
	c.section(2, "counterexamples", "Counterexamples")
	c.say("One counterexample of each type of anomaly, the smallest that was found. Bars reach from call to return, have no end where the outcome is unknown, and are not filled where the operation failed; bands are faults. ",
		"Where pictures have no axis they show the order of events, not durations, and times since the first call stand beside each operation.")
	for _, e := range c.study.Examples {
		where := text()
		if e.Key != "" {
			where = text(" on key ", code(shorten(e.Key, 60)))
		}
		caption := text(strong(e.Type), where, ": ", sentence(shorten(e.Text, 400)), " Found by ", code(e.Check), " in ", of(e.Run, []string{e.Run}),
			"; the type occurs in ", of(spans(e.Runs), e.Runs), ".")
		if e.proof.before != "" && len(e.proof.Faults) == 0 {
			caption = append(caption, text(" "+e.proof.before)...)
		}
		if e.Drawing.More > 0 {
			caption = append(caption, text(fmt.Sprintf(" %s more lasted meanwhile.", counted(e.Drawing.More, "fault", "faults")))...)
		}
		if e.Drawing.Left > 0 {
			caption = append(caption, text(fmt.Sprintf(" %s of the proof may not be drawn.", counted(e.Drawing.Left, "later operation", "later operations")))...)
		}
		if len(e.Drawing.Bars) == 0 {
			c.add(Block{Paragraph: caption})
			continue
		}
		c.figures++
		c.add(Block{Figure: &Figure{Number: c.figures, Caption: caption, Drawing: e.Drawing, Order: orderWords(e.proof.Proof), proof: e.proof.Proof}})
	}
}

// orderWords says how far the operations can be explained; nothing where that is not
// known.
func orderWords(p figure.Proof) Text {
	if p.Order == nil {
		return nil
	}
	var steps []string
	for _, s := range p.Order {
		steps = append(steps, shorten(p.Operations[s.Operation].Text, maxShown)+" leads to "+shorten(s.State, maxShown))
	}
	words := "From " + shorten(p.Start, maxShown) + ", " + strings.Join(steps, ", then ")
	if p.Broken >= 0 && p.Broken < len(p.Operations) {
		words += "; no order of all explains " + shorten(p.Operations[p.Broken].Text, maxShown)
	}
	return Text{{Kind: Plain, Text: words + "."}}
}

// sentence makes a sentence of an explanation.
func sentence(text string) string { return strings.TrimRight(text, ".") + "." }

func (c *composer) availabilityTables() {
	if len(c.study.Latencies) == 0 {
		return
	}
	c.section(2, "availability", "Availability and latency under faults")
	c.say("A client calls one operation at a time, so that few are called while nobody answers: shares and quantiles of calls make a silent server look better than it was ",
		"(coordinated omission). The longest gap without a success does not.")
	var rows [][]Text
	for _, a := range c.study.Availability {
		rows = append(rows, c.availabilityRow(a))
	}
	c.table(text("Availability while a fault lasted (for one that is over at once, within a second of it), and outside all faults: how many operations were called then, and the share that the servers answered ",
		"(that succeeded, or failed for what the servers saw, as a compare-and-set does); the longest time without any success; ",
		"the time from the healing to the first success, median and longest; and after how many injections there was none until the end of the run."),
		[]Column{{"System", 16, false}, {"Fault", 14, false}, {"Injected", 10, true}, {"Called", 10, true}, {"Answered", 11, true}, {"Longest gap", 11, true},
			{"First success", 20, true}, {"None", 6, true}}, rows)
	rows = nil
	for _, l := range c.study.Latencies {
		rows = append(rows, []Text{c.configuration(l.Configuration), text(number(l.Outside.N, l.Runs)), text(of(quantiles(l.Outside), l.Runs)),
			text(number(l.Under.N, l.Runs)), text(of(quantiles(l.Under), l.Runs))})
	}
	c.table(text("Latency of operations that succeeded: median / 99 % / longest, of those called outside all faults and while one lasted. ",
		"Figures are rounded up by at most one in 32. Operations that never succeeded have no latency, so a fault can seem faster than it is."),
		[]Column{{"System", 16, false}, {"Operations outside", 14, true}, {"Latency outside", 27, true}, {"Operations under faults", 14, true}, {"Latency under faults", 27, true}}, rows)
}

func (c *composer) availabilityRow(a Availability) []Text {
	answered := "–"
	if a.Called > 0 {
		answered = percent(float64(a.Answered) / float64(a.Called))
	}
	row := []Text{nil, text("none"), nil, text(number(a.Called, a.Runs)), text(of(answered, a.Runs)), nil, nil, nil}
	if a.Fault == "" {
		row[0] = c.configuration(a.Configuration)
		return row
	}
	first := "–"
	if a.Injections > a.Unanswered {
		first = took(a.MedianFirstNS) + " / " + took(a.LongestFirstNS)
	}
	row[1], row[2] = text(a.Fault), text(number(a.Injections, a.Runs))
	row[5], row[6], row[7] = text(of(took(a.LongestGapNS), a.Runs)), text(of(first, a.Runs)), text(number(a.Unanswered, a.Runs))
	return row
}

func quantiles(q Quantiles) string {
	if q.N == 0 {
		return "–"
	}
	return took(q.P50NS) + " / " + took(q.P99NS) + " / " + took(q.MaxNS)
}
