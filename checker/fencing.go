package checker

import (
	"cmp"
	"context"
	"slices"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model"
)

// fencing judges the numbers that a fenced lock grants: never the same twice,
// never smaller than one granted before; and that the protected resource, whose
// accepted operations are the writes, never takes an older number after a newer
// one. See Kleppmann, How to do distributed locking (2016).
type fencing struct{}

func (fencing) Name() string { return "fencing" }

// numbered is an operation with its fencing token.
type numbered struct {
	id           int
	call, end, n int64
}

func (fencing) Check(_ context.Context, h *history.History, _ Options) (Result, error) {
	ops, err := prepare("fenced-mutex", h)
	if err != nil {
		return Result{}, err
	}
	grants, writes := map[string][]numbered{}, map[string][]numbered{}
	total := 0
	for i := range ops {
		if op := &ops[i]; granted(op) && op.Amount != model.NoFence {
			grants[op.Key] = append(grants[op.Key], numbered{op.ID, op.Call, op.Return, op.Amount})
			total++
		}
	}
	accepted := 0
	for i := range h.Ops {
		op := &h.Ops[i]
		if n, ok := op.Input.Int(); ok && op.F == "write" && op.Outcome == history.OK {
			writes[op.Key] = append(writes[op.Key], numbered{op.Invoked, op.Call, op.Return, n})
			accepted++
		}
	}
	keys, _ := history.Keys(h.Ops)
	var anomalies []Anomaly
	for _, key := range keys {
		anomalies = append(anomalies, repeated(key, grants[key])...)
		anomalies = append(anomalies, wentBack(key, grants[key], "token-went-back", "the fencing token %d was granted after %d had been")...)
		anomalies = append(anomalies, wentBack(key, writes[key], "stale-write", "the resource accepted a write with the token %d after one with %d")...)
	}
	r := found(anomalies, map[string]any{"keys": len(keys), "grants": total, "writes": accepted, "violations": len(anomalies)})
	if total == 0 && r.Verdict == Valid {
		r.Verdict, r.Reason = Unknown, "the lock was never granted with a number"
	}
	r.Engine = "intervals"
	return r, nil
}

func repeated(key string, grants []numbered) []Anomaly {
	var anomalies []Anomaly
	first := map[int64]int{}
	for _, g := range grants {
		if id, again := first[g.n]; again {
			a := anomaly("token-repeated", "the fencing token %d was granted twice", g.n)
			a.Key, a.Ops = key, []int{id, g.id}
			anomalies = append(anomalies, a)
			continue
		}
		first[g.n] = g.id
	}
	return anomalies
}

// wentBack sweeps over time: at each call it knows the largest number of all
// operations that had returned by then.
func wentBack(key string, ops []numbered, kind, format string) []Anomaly {
	calls, ends := slices.Clone(ops), slices.Clone(ops)
	slices.SortFunc(calls, func(a, b numbered) int { return cmp.Compare(a.call, b.call) })
	slices.SortFunc(ends, func(a, b numbered) int { return cmp.Compare(a.end, b.end) })
	var (
		anomalies []Anomaly
		largest   *numbered
		at        int
	)
	for _, op := range calls {
		for ; at < len(ends) && ends[at].end < op.call; at++ {
			if largest == nil || ends[at].n > largest.n {
				largest = &ends[at]
			}
		}
		if largest != nil && op.n < largest.n {
			a := anomaly(kind, format, op.n, largest.n)
			a.Key, a.Ops = key, []int{largest.id, op.id}
			anomalies = append(anomalies, a)
		}
	}
	return anomalies
}
