package promise

import (
	"context"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/history"
)

// Standing is what became of a promise.
type Standing string

const (
	// Held: it was put to the test, and kept.
	Held Standing = "held"
	// Violated: the witness proves it.
	Violated Standing = "violated"
	// NotDecided: for the reason given.
	NotDecided Standing = "not-decided"
)

// Promise is a rung of the ladder, and where a history stands on it.
type Promise struct {
	Name string `json:"name"`
	// Meaning is one line.
	Meaning  string   `json:"meaning"`
	Standing Standing `json:"standing"`
	// Reason says why it is not decided.
	Reason string `json:"reason,omitempty"`
	// Witness proves a violation: few operations, to be drawn. It is small, but
	// between several circles of writes not always the smallest.
	Witness *checker.Anomaly `json:"witness,omitempty"`
	// Figures say how much, in a fixed order.
	Figures []Figure `json:"figures,omitempty"`
	// Fault, of bounded-loss, is what the earliest of what was lost preceded.
	Fault *checker.Incident `json:"fault,omitempty"`
	// Asked: the run named a check of it, so that its verdict depends on it.
	Asked bool `json:"asked"`
}

// Figure is a number with its unit, which is empty for what is counted.
type Figure struct {
	Name  string `json:"name"`
	Value int64  `json:"value"`
	Unit  string `json:"unit,omitempty"`
}

// Given is what is known besides the history.
type Given struct {
	// Checks are the names of the checks that judge the run; they tell what it is
	// about. Nil: what its operations fit.
	Checks []string
	// Known are results of checks. None of them is asked again.
	Known []checker.Result
	// Options bound the checks that are asked.
	Options checker.Options
}

// Ladder returns the promises that concern what the history is about, the strongest
// first, and last those checks of the run that stand for no promise of the ladder.
// What is not decided when the context ends stays so. The error is about a name
// among the checks.
func Ladder(ctx context.Context, h *history.History, given Given) ([]Promise, error) {
	j := &judge{ctx: ctx, h: h, given: given, results: map[string]checker.Result{}}
	for _, r := range given.Known {
		j.results[r.Name] = r
	}
	if err := j.parse(); err != nil {
		return nil, err
	}
	var all []Promise
	switch j.subject.family {
	case registers, sets:
		all = j.consistency()
	case queues:
		all = j.queue()
	case locks:
		all = j.lock()
	case others:
		all = j.linear()
	}
	all = append(all, j.rest()...)
	j.weigh(all)
	return all, nil
}

// weigh takes back what held in a history that proved too little.
func (j *judge) weigh(all []Promise) {
	reason := ""
	if len(j.h.Ops) == 0 {
		reason = "the history has no operations"
	}
	for _, c := range j.checks {
		if kind, _ := checkOf(c.Name()); kind == "evidence" {
			j.result(c.Name())
		}
	}
	for name, r := range j.results {
		if kind, _ := checkOf(name); kind == "evidence" && r.Verdict == checker.Unknown {
			reason = r.Reason
		}
	}
	TakeBack(all, reason)
}

// TakeBack leaves undecided what held, for a reason why the run proved nothing; an
// empty reason is none. What was violated stays so.
func TakeBack(all []Promise, reason string) {
	for i := range all {
		if p := &all[i]; reason != "" && p.Standing == Held {
			p.Standing, p.Reason = NotDecided, reason
		}
	}
}
