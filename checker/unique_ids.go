package checker

import (
	"context"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// uniqueIDs wants that no two operations generate the same id.
type uniqueIDs struct{}

func (uniqueIDs) Name() string { return "unique-ids" }

func (c uniqueIDs) Check(_ context.Context, h *history.History, o Options) (Result, error) {
	h, err := about(c.Name(), h, "generate")
	if err != nil {
		return Result{}, err
	}
	attempted, acknowledged := 0, 0
	type id struct {
		key string
		id  history.Value
	}
	by := map[id][]int{}
	var order []id
	for i := range h.Ops {
		op := &h.Ops[i]
		if op.F != "generate" {
			continue
		}
		attempted++
		if op.Outcome != history.OK || op.Output.IsAbsent() {
			continue
		}
		acknowledged++
		at := id{op.Key, op.Output}
		if by[at] == nil {
			order = append(order, at)
		}
		by[at] = append(by[at], op.Invoked)
	}
	var anomalies []Anomaly
	for _, at := range order {
		if ops := by[at]; len(ops) > 1 {
			a := anomaly("duplicate-id", "the id %s was generated %d times", at.id, len(ops))
			a.Key, a.Ops = at.key, ops[:min(len(ops), maxShown)]
			anomalies = append(anomalies, a)
		}
	}
	r := found(anomalies, map[string]any{"attempted": attempted, "acknowledged": acknowledged, "duplicated": len(anomalies)})
	r.Engine = "counting"
	return r.untried(o, acknowledged == 0, "no id was generated"), nil
}

// maxShown bounds how many operations prove an anomaly of which each more only
// repeats the proof.
const maxShown = 8
