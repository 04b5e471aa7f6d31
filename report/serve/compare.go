package serve

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/harness"
	"github.com/jepsen-lite/jepsen-lite/report/svg"
)

// comparison is the page of two runs beside each other.
type comparison struct {
	A, B *digest
	// Differ are the parameters in which they differ, Same the others.
	Differ, Same []pair
	// Promises and Checks are by what became of them.
	Promises, Checks []pair
	Counts           []pair
	Latency          []latencyPair
	Pictures         bool
}

// pair is a line of both runs.
type pair struct{ Name, A, B string }

// Differs reports whether the runs differ in it.
func (p pair) Differs() bool { return p.A != p.B }

// latencyPair is how long an operation took in both runs; nil where a run has none.
type latencyPair struct {
	Operation string
	A, B      *checker.Latency
}

// Ratio is how much longer the quantile took in B than in A, in words.
func (l latencyPair) Ratio(quantile func(*checker.Latency) int64) string {
	if l.A == nil || l.B == nil || quantile(l.A) <= 0 {
		return ""
	}
	return fmt.Sprintf("×%.2g", float64(quantile(l.B))/float64(quantile(l.A)))
}

// Lines are the quantiles of both.
func (l latencyPair) Lines() (lines []latencyLine) {
	for _, q := range []struct {
		name string
		of   func(*checker.Latency) int64
	}{
		{"50 %", func(x *checker.Latency) int64 { return x.P50NS }},
		{"95 %", func(x *checker.Latency) int64 { return x.P95NS }},
		{"99 %", func(x *checker.Latency) int64 { return x.P99NS }},
		{"longest", func(x *checker.Latency) int64 { return x.MaxNS }},
	} {
		line := latencyLine{Quantile: q.name, Ratio: l.Ratio(q.of)}
		if l.A != nil {
			line.A = took(q.of(l.A))
		}
		if l.B != nil {
			line.B = took(q.of(l.B))
		}
		lines = append(lines, line)
	}
	return lines
}

type latencyLine struct{ Quantile, A, B, Ratio string }

var errNotTwo = &problem{
	http.StatusBadRequest, "Two runs can be compared, no more and no fewer.",
	"Tick two runs of the list, then choose “Compare”.",
}

// compare shows two runs, which stand in the URL as run=…&run=….
func (p *pages) compare(w http.ResponseWriter, r *http.Request) {
	named := r.URL.Query()["run"]
	if len(named) != 2 {
		p.refuse(w, errNotTwo)
		return
	}
	var runs [2]*digest
	var results [2]*harness.Results
	for i, name := range named {
		id, ok := parseRun(name)
		if !ok {
			p.refuse(w, errNoRun)
			return
		}
		var err error
		if runs[i], err = p.store.digestOf(id); err != nil {
			p.refuse(w, err)
			return
		}
		if results[i] = new(harness.Results); runs[i].State == Judged {
			if results[i], err = p.store.results(id); err != nil {
				p.refuse(w, err)
				return
			}
		}
	}
	c := comparison{A: runs[0], B: runs[1], Pictures: runs[0].State == Judged && runs[1].State == Judged}
	c.parameters()
	c.Promises = promisePairs(results[0], results[1])
	c.Checks = checkPairs(results[0], results[1])
	c.Counts = countPairs(c.A, c.B)
	c.latency()
	p.show(w, http.StatusOK, "compare.html", "Two runs", c)
}

func (c *comparison) parameters() {
	for _, line := range pairs(parametersOf(c.A.Info), parametersOf(c.B.Info)) {
		if line.Differs() {
			c.Differ = append(c.Differ, line)
		} else {
			c.Same = append(c.Same, line)
		}
	}
}

// pairs puts the lines of one name together, in the order of a, then of b.
func pairs(a, b []parameter) (lines []pair) {
	at := map[string]int{}
	for _, p := range a {
		at[p.Name] = len(lines)
		lines = append(lines, pair{Name: p.Name, A: p.Value})
	}
	for _, p := range b {
		i, known := at[p.Name]
		if !known {
			i = len(lines)
			at[p.Name] = i
			lines = append(lines, pair{Name: p.Name})
		}
		lines[i].B = p.Value
	}
	return lines
}

// promisePairs are what became of the promises in both.
func promisePairs(a, b *harness.Results) []pair {
	standings := func(r *harness.Results) (lines []parameter) {
		for _, p := range r.Promises {
			lines = append(lines, parameter{p.Name, standing(p.Standing)})
		}
		return lines
	}
	return pairs(standings(a), standings(b))
}

// checkPairs are the verdicts of the checks of both.
func checkPairs(a, b *harness.Results) []pair {
	verdicts := func(r *harness.Results) (lines []parameter) {
		for _, c := range r.Checks {
			if c.Name != "stats" { // it judges nothing
				lines = append(lines, parameter{c.Name, string(c.Verdict)})
			}
		}
		return lines
	}
	return pairs(verdicts(a), verdicts(b))
}

// countPairs are the figures of both that are one number.
func countPairs(a, b *digest) []pair {
	figures := func(d *digest) []parameter {
		if d.State != Judged {
			return nil
		}
		lines := []parameter{
			{"succeeded", svg.Count(d.Results.Ops.OK)}, {"failed", svg.Count(d.Results.Ops.Fail)}, {"unknown outcome", svg.Count(d.Results.Ops.Info)},
			{"faults", faults(d.Results.Faults)},
		}
		if rate := d.PerSecond(); rate > 0 {
			lines = append(lines, parameter{"succeeded per second", svg.Count(int(rate))})
		}
		if d.Lost >= 0 {
			lines = append(lines, parameter{"acknowledged and lost", svg.Count(d.Lost)})
		}
		return lines
	}
	return pairs(figures(a), figures(b))
}

func (c *comparison) latency() {
	names := map[string]bool{}
	for _, of := range []map[string]checker.OperationStats{c.A.LatencyOf, c.B.LatencyOf} {
		for name := range maps.Keys(of) {
			names[name] = true
		}
	}
	for _, name := range slices.SortedFunc(maps.Keys(names), strings.Compare) {
		l := latencyPair{Operation: name, A: c.A.LatencyOf[name].Latency, B: c.B.LatencyOf[name].Latency}
		if l.A != nil || l.B != nil {
			c.Latency = append(c.Latency, l)
		}
	}
}
