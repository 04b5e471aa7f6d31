package checker

import (
	"context"
	"fmt"
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
// enough of them, and at least one fault that took effect if any was asked for.
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

// Faults counts the faults that took effect, by name. A nemesis event says so in
// its value: {"effect":true}; one that heals a fault has a field heals.
func Faults(h *history.History) map[string]int {
	counts := map[string]int{}
	for i := range h.Nemesis {
		e := &h.Nemesis[i]
		effect, _ := e.Value.Field("effect")
		if _, heals := e.Value.Field("heals"); !heals && effect == history.Bool(true) {
			counts[e.F]++
		}
	}
	return counts
}

func (e evidence) Check(_ context.Context, h *history.History, _ Options) (Result, error) {
	perKey, succeeded := map[string]int{}, 0
	for i := range h.Ops {
		if op := &h.Ops[i]; op.Outcome == history.OK {
			perKey[op.Key]++
			succeeded++
		}
	}
	tried := 0
	for _, n := range perKey {
		if n >= MinPerKey {
			tried++
		}
	}
	faults := Faults(h)
	without := []string{}
	for _, name := range e.asked {
		if faults[name] == 0 {
			without = append(without, name)
		}
	}
	slices.Sort(without)
	r := Result{Verdict: Valid, Engine: "counting", Statistics: map[string]any{
		"succeeded": succeeded, "keys": len(perKey), "keys_tried": tried, "faults": faults, "faults_without_effect": without,
	}}
	switch {
	case succeeded < MinOperations:
		r.Reason = fmt.Sprintf("only %d operations succeeded, fewer than %d; try a longer --time-limit or a higher --rate", succeeded, MinOperations)
	case tried == 0:
		r.Reason = fmt.Sprintf("no key saw %d operations that succeeded; try fewer --keys or more --ops-per-key", MinPerKey)
	case len(e.asked) > 0 && len(without) == len(e.asked):
		r.Reason = fmt.Sprintf("no fault took effect, though %s was asked for; try a longer --time-limit or a shorter --nemesis-interval", strings.Join(e.asked, ", "))
	}
	if r.Reason != "" {
		r.Verdict = Unknown
	}
	return r, nil
}
