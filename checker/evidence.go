package checker

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// Thresholds below which a run proved nothing.
const (
	// MinOperations is how many operations must have succeeded.
	MinOperations = 100
	// MinPerKey is how many operations a key needs to count as tried.
	MinPerKey = 10
)

// evidence asks whether a run tried anything: enough operations, on keys with
// enough of them, of each kind that was called, and at least one fault that took
// effect if any was asked for.
// It is about runs: a history file is judged as it is.
type evidence struct{ asked []string }

// Evidence returns the check for a run that was asked for these faults.
func Evidence(asked []string) Check { return evidence{asked} }

func parseEvidence(parameter string) (Check, error) {
	if parameter == "none" {
		return evidence{}, nil
	}
	asked := strings.Split(parameter, ",")
	if slices.Contains(asked, "") {
		return nil, fmt.Errorf("check evidence(%s): expected names of faults with commas between, or none", parameter)
	}
	return evidence{asked}, nil
}

func (e evidence) Name() string {
	if len(e.asked) == 0 {
		return "evidence(none)"
	}
	return "evidence(" + strings.Join(e.asked, ",") + ")"
}

func (e evidence) Check(_ context.Context, h *history.History, _ Options) (Result, error) {
	w := weigh(h)
	faults := Faults(h)
	without := []string{}
	for _, name := range e.asked {
		if faults[name] == 0 {
			without = append(without, name)
		}
	}
	slices.Sort(without)
	r := Result{Verdict: Valid, Engine: "counting", Statistics: map[string]any{
		"succeeded": w.succeeded, "keys": len(w.perKey), "keys_tried": w.keysTried, "faults": faults, "faults_without_effect": without,
	}}
	switch barely := w.barelyTried(); {
	case w.succeeded < MinOperations:
		r.Reason = fmt.Sprintf("only %d operations succeeded, fewer than %d; try a longer --time-limit or a higher --rate", w.succeeded, MinOperations)
	case w.onTried < MinOperations:
		r.Reason = fmt.Sprintf("only %d operations were on keys that saw %d or more; try fewer --keys or more --ops-per-key", w.onTried, MinPerKey)
	case barely != "":
		r.Reason = fmt.Sprintf("of %d operations %s only %d were answered, so that what it does was not tried; see the errors", w.called[barely], barely, w.answered[barely])
	case len(e.asked) > 0 && len(without) == len(e.asked):
		r.Reason = fmt.Sprintf("no fault took effect, though %s was asked for; try a longer --time-limit or a shorter --nemesis-interval", strings.Join(e.asked, ", "))
	}
	if r.Reason != "" {
		r.Verdict = Unknown
	}
	return r, nil
}

// weight is how much a history tried.
type weight struct {
	succeeded int
	perKey    map[string]int // operations that succeeded
	// keysTried are the keys with enough of them, onTried the operations there.
	keysTried, onTried int
	// called and answered count by operation. A failure that tells what it saw
	// is an answer.
	called, answered map[string]int
}

func weigh(h *history.History) weight {
	w := weight{perKey: map[string]int{}, called: map[string]int{}, answered: map[string]int{}}
	for i := range h.Ops {
		op := &h.Ops[i]
		w.called[op.F]++
		if op.Outcome == history.OK || op.Outcome == history.Fail && !op.Output.IsAbsent() {
			w.answered[op.F]++
		}
		if op.Outcome == history.OK {
			w.succeeded++
			w.perKey[op.Key]++
		}
	}
	for _, n := range w.perKey {
		if n >= MinPerKey {
			w.keysTried++
			w.onTried += n
		}
	}
	return w
}

// barelyTried returns an operation that was called often and hardly ever
// answered, or "".
func (w weight) barelyTried() string {
	for _, f := range slices.Sorted(maps.Keys(w.called)) {
		if w.called[f] >= MinOperations && w.answered[f] < MinPerKey {
			return f
		}
	}
	return ""
}
