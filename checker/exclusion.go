package checker

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model"
)

// exclusion looks at what holders of a lock believe: from the return of an
// acquire to the call of its release. Unlike the model mutex it needs no search,
// and counts every hold that began during another.
type exclusion struct{}

func (exclusion) Name() string { return "exclusion" }

// hold is one holder's belief.
type hold struct {
	grant    *model.Op
	from, to int64
}

func (exclusion) Check(_ context.Context, h *history.History, _ Options) (Result, error) {
	ops, err := prepare("mutex", h)
	if err != nil {
		return Result{}, err
	}
	ends := findEndings(h.Ops, ops)
	holds := map[string][]hold{}
	var keys []string
	total := 0
	for i := range ops {
		if op := &ops[i]; granted(op) {
			if holds[op.Key] == nil {
				keys = append(keys, op.Key)
			}
			total++
			holds[op.Key] = append(holds[op.Key], hold{op, op.Return, ends.of(op)})
		}
	}
	var anomalies []Anomaly
	for _, key := range keys {
		anomalies = append(anomalies, overlaps(key, holds[key])...)
	}
	r := found(anomalies, map[string]any{"keys": len(keys), "holds": total, "overlaps": len(anomalies)})
	if total == 0 {
		r.Verdict, r.Reason = Unknown, "the lock was never granted"
	}
	r.Engine = "intervals"
	return r, nil
}

// overlaps reports each hold that began while an earlier one of the key lasted.
func overlaps(key string, holds []hold) []Anomaly {
	slices.SortFunc(holds, func(a, b hold) int { return cmp.Compare(a.from, b.from) })
	var anomalies []Anomaly
	longest := holds[0]
	for _, next := range holds[1:] {
		if next.from < longest.to && next.from < next.to {
			both := time.Duration(min(next.to, longest.to) - next.from)
			a := anomaly("two-holders", "%s was granted the lock while %s still believed to hold it: both did for %s",
				holder(next.grant), holder(longest.grant), readable(both))
			a.Key, a.Ops = key, []int{longest.grant.ID, next.grant.ID}
			anomalies = append(anomalies, a)
		}
		if next.to > longest.to {
			longest = next
		}
	}
	return anomalies
}
