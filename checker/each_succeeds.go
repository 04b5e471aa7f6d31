package checker

import (
	"context"
	"maps"
	"slices"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// eachSucceeds wants that of each kind of operation that was completed at least
// one succeeded. Jepsen's verdict on statistics.
type eachSucceeds struct{}

func (eachSucceeds) Name() string { return "each-succeeds" }

func (eachSucceeds) Check(_ context.Context, h *history.History, o Options) (Result, error) {
	h = withUnpaired(h)
	completed, succeeded := map[string][]int{}, map[string]int{}
	for i := range h.Ops {
		op := &h.Ops[i]
		if op.Completed < 0 {
			continue
		}
		completed[op.F] = append(completed[op.F], op.Invoked)
		if op.Outcome == history.OK {
			succeeded[op.F]++
		}
	}
	var anomalies []Anomaly
	for _, f := range slices.Sorted(maps.Keys(completed)) {
		if ops := completed[f]; succeeded[f] == 0 {
			a := anomaly("never-succeeds", "none of %d operations %s succeeded", len(ops), f)
			a.Ops = ops[:min(len(ops), maxShown)]
			anomalies = append(anomalies, a)
		}
	}
	r := found(anomalies, map[string]any{"operations": len(completed), "succeeded": len(succeeded)})
	r.Engine = "counting"
	return r.untried(o, len(completed) == 0, "no operation was completed"), nil
}
