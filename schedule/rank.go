package schedule

import (
	"slices"

	"github.com/jepsen-lite/jepsen-lite/checker"
)

// kind says which check failed, and how. Its zero value is no failure.
type kind struct{ check, anomaly string }

// unexplained is the anomaly that says no more than that something is wrong.
const unexplained = "non-linearizable"

func kindOf(e *Execution) kind {
	if e == nil {
		return kind{}
	}
	for _, r := range e.Results {
		if r.Verdict == checker.Invalid && len(r.Anomalies) > 0 {
			return kind{r.Name, r.Anomalies[0].Type}
		}
	}
	return kind{}
}

// becomes reports whether a failure may be shrunk into another: one of the same
// kind, or one that is explained better.
func (k kind) becomes(other kind) bool {
	return k == other || k.anomaly == unexplained && k.check == other.check
}

// rank says how hard a failure is to understand: the smaller, the easier. What
// comes first counts most.
type rank [7]int

// rank counts operations, steps, clients, operations that overlap, and changes
// from one lane to another; then whether it is explained, and how much time
// passes.
func (a attempt) rank() rank {
	s, e := a.schedule, a.execution
	r := rank{s.Operations(), len(s.Steps), len(s.Clients), overlaps(e), s.switches()}
	if kindOf(e).anomaly == unexplained {
		r[5] = 1
	}
	for _, step := range s.Steps {
		r[6] += int(step.For)
	}
	return r
}

func (r rank) below(other rank) bool { return slices.Compare(r[:], other[:]) < 0 }

// overlaps counts the pairs of operations that were under way at the same time.
func overlaps(e *Execution) int {
	n := 0
	ops := e.History.Ops
	for i := range ops {
		for j := range ops[:i] {
			if ops[i].Call <= ops[j].Return && ops[j].Call <= ops[i].Return {
				n++
			}
		}
	}
	return n
}

// switches counts how often another lane goes on than before.
func (s *Schedule) switches() int {
	n := 0
	for i := 1; i < len(s.Steps); i++ {
		if a, b := s.Steps[i-1], s.Steps[i]; a.Verb.takes() != b.Verb.takes() || a.Client != b.Client {
			n++
		}
	}
	return n
}
