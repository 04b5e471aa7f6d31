package paper

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/report/figure"
	"github.com/jepsen-lite/jepsen-lite/report/series"
)

// prove keeps what is to be drawn of the anomalies of a run. A nil history could not be
// read.
func (r *Run) prove(h *history.History, over *series.Series) {
	if h == nil {
		r.eachAnomaly(func(c checker.Result, a checker.Anomaly) { r.proofs = append(r.proofs, told(c, a)) })
		return
	}
	r.eachAnomaly(func(c checker.Result, a checker.Anomaly) {
		r.proofs = append(r.proofs, proof{c.Name, a, figure.ProofOf(h, over, c, a), before(over.Faults, a, h)})
	})
}

// eachAnomaly calls do with what the run's checks found, and with what broke those
// promises that none of them judges.
func (r *Run) eachAnomaly(do func(checker.Result, checker.Anomaly)) {
	for _, c := range r.checks {
		for _, a := range c.Anomalies {
			do(c, a)
		}
	}
	for _, p := range r.Promises {
		if p.Witness != nil && !p.Asked {
			do(checker.Result{Name: p.Name}, *p.Witness)
		}
	}
}

// proof is an anomaly with what is drawn of it.
type proof struct {
	check   string
	anomaly checker.Anomaly
	figure.Proof
	// before says which fault ended last before it, where none lasted meanwhile.
	before string
}

// told is the proof of an anomaly of which only the results are left.
func told(c checker.Result, a checker.Anomaly) proof {
	p := figure.Proof{Type: a.Type, Key: a.Key, Broken: -1}
	for _, w := range a.Witness {
		op := figure.Operation{Index: w.Index, Process: w.Process, Text: w.Operation, Call: w.CallNS, Return: w.ReturnNS, Outcome: history.OK}
		if w.ReturnNS == 0 {
			op.Return, op.Outcome = history.Never, history.Info
		}
		p.Operations = append(p.Operations, op)
	}
	slices.SortStableFunc(p.Operations, func(a, b figure.Operation) int { return cmp.Compare(a.Call, b.Call) })
	return proof{c.Name, a, p, ""}
}

// before says which fault ended last before the first operation of an anomaly.
func before(faults []series.Fault, a checker.Anomaly, h *history.History) string {
	first := int64(history.Never)
	for _, invoked := range a.Ops {
		if at, found := history.Find(h.Ops, invoked); found {
			first = min(first, h.Ops[at].Call)
		}
	}
	last := -1
	for i, f := range faults {
		if f.To < first && (last < 0 || f.To > faults[last].To) {
			last = i
		}
	}
	if last < 0 || first == history.Never {
		return ""
	}
	return fmt.Sprintf("The last fault before, %s, was over %s before the first call.", faultLabel(faults[last]), stamp(first-faults[last].To))
}

// thinned keeps of each check's anomalies one of each type: that with the fewest
// operations, of several the first. One that was not shown by its witness comes
// after those that were.
func thinned(checks []checker.Result) []checker.Result {
	kept := slices.Clone(checks)
	for i := range kept {
		var types []checker.Anomaly
		for _, a := range kept[i].Anomalies {
			at := slices.IndexFunc(types, func(b checker.Anomaly) bool { return a.Type == b.Type })
			if at < 0 {
				types = append(types, a)
			} else if simpler(a, types[at]) {
				types[at] = a
			}
		}
		kept[i].Anomalies = types
	}
	return kept
}

func simpler(a, b checker.Anomaly) bool {
	if (len(a.Witness) > 0) != (len(b.Witness) > 0) {
		return len(a.Witness) > 0
	}
	return len(a.Ops) < len(b.Ops)
}
