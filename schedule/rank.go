package schedule

import (
	"slices"

	"github.com/jepsen-lite/jepsen-lite/checker"
)

// unexplained is the anomaly that says no more than that something is wrong.
const unexplained = "non-linearizable"

// failed returns the first check that failed, with its first anomaly, or nothing.
func (e *Execution) failed() (checker.Result, checker.Anomaly) {
	if e != nil {
		for _, r := range e.Results {
			if r.Verdict == checker.Invalid && len(r.Anomalies) > 0 {
				return r, r.Anomalies[0]
			}
		}
	}
	return checker.Result{}, checker.Anomaly{}
}

// kindOf says which check failed, and how; empty: none. A failure is not shrunk
// into one of another kind.
//
// Why not how, where a model was searched for: the anomaly's type there is the
// sentence that fits the witness, and a smaller witness of the same cause often
// has a clearer one.
func kindOf(e *Execution) string {
	r, a := e.failed()
	if r.Model != "" {
		return r.Name
	}
	return r.Name + a.Type
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
	if _, a := e.failed(); a.Type == unexplained {
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
