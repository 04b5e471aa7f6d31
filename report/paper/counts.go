package paper

import (
	"slices"

	"github.com/jepsen-lite/jepsen-lite/checker"
)

// tally is a count of violations in a check's statistics, and of what they are a part.
type tally struct{ field, what, ofField, of string }

// tallies returns what a check counts. The statistics count all violations, whereas
// results.json lists some of them.
func tallies(check string) []tally {
	switch base(check) {
	case "linearizable":
		return []tally{{"invalid_keys", "keys not linearizable", "keys", "keys"}}
	case "delivery":
		return []tally{
			{"lost", "elements lost", "enqueued", "acknowledged"},
			{"duplicated", "elements delivered again", "dequeued", "deliveries"},
			{"unexpected", "elements from nowhere", "dequeued", "deliveries"},
		}
	case "at-least-once":
		return []tally{{"lost", "elements lost", "enqueued", "acknowledged"}}
	case "durability":
		return []tally{
			{"lost", "elements lost", "acknowledged", "acknowledged"},
			{"unexpected", "elements from nowhere", "attempted", "attempted"},
		}
	case "exclusion":
		return []tally{{"overlaps", "overlapping holds", "holds", "holds"}}
	case "expiry":
		return []tally{{"overdue", "leases seen overdue", "tokens", "tokens"}}
	case "fencing":
		return []tally{{"violations", "tokens out of order", "grants", "grants"}}
	case "freshness":
		return []tally{{"violations", "stale reads", "reads", "reads"}}
	}
	return nil
}

// count adds up what checks counted.
func (s *Study) count() {
	s.pairs(func(configuration, plan string, runs []*Run) {
		first := len(s.Counts)
		for _, r := range runs {
			for _, c := range r.checks {
				for _, t := range tallies(c.Name) {
					s.countRun(first, Count{Configuration: configuration, Plan: plan, Check: c.Name, What: t.what, Of: t.of}, r, c, t)
				}
			}
		}
		s.Counts = append(s.Counts[:first], slices.DeleteFunc(slices.Clone(s.Counts[first:]), func(c Count) bool { return c.N == 0 })...)
	})
}

func (s *Study) countRun(first int, as Count, r *Run, c checker.Result, t tally) {
	at := slices.IndexFunc(s.Counts[first:], func(x Count) bool { return x.Check == as.Check && x.What == as.What })
	if at < 0 {
		at = len(s.Counts) - first
		s.Counts = append(s.Counts, as)
	}
	x := &s.Counts[first+at]
	n := count(c, t.field)
	x.N += n
	x.All += count(c, t.ofField)
	x.Runs = append(x.Runs, r.Label)
	if n > 0 {
		x.Shown = append(x.Shown, r.Label)
	}
}

// count reads a count of a check's statistics; 0 where there is none.
func count(c checker.Result, name string) int {
	switch n := c.Statistics[name].(type) {
	case int:
		return n
	case float64:
		return int(n)
	}
	return 0
}
