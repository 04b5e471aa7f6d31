package checker

import (
	"context"
	"fmt"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// durability compares what was added to a set with the last read of it: an
// acknowledged element that is missing is lost, an element whose add had an
// unknown outcome and that is there was recovered, and one that was never added
// is unexpected. Of last reads at the same time the one most in favour of the
// set counts. A read of null saw an empty set.
type durability struct{}

func (durability) Name() string { return "durability" }

// tally counts what became of elements.
type tally struct {
	attempted, acknowledged, lost, recovered, unexpected, unread int
}

func (durability) Check(_ context.Context, h *history.History, o Options) (Result, error) {
	if _, err := prepare("set", h); err != nil {
		return Result{}, err
	}
	h = withUnpaired(h)
	keys, byKey := history.Keys(h.Ops)
	var (
		anomalies []Anomaly
		t         tally
	)
	for _, key := range keys {
		anomalies = append(anomalies, t.judge(key, byKey[key], o.JepsenQuirks)...)
	}
	r := found(anomalies, map[string]any{
		"keys": len(keys), "attempted": t.attempted, "acknowledged": t.acknowledged, "lost": t.lost,
		"recovered": t.recovered, "unexpected": t.unexpected, "keys_without_final_read": t.unread,
	})
	r.Engine = "final read"
	if r.Verdict == Valid && (t.unread > 0 || t.acknowledged == 0 && !o.JepsenQuirks) {
		r.Verdict = Unknown
		r.Reason = fmt.Sprintf("%d of %d keys have no read after their last add, and %d adds were acknowledged", t.unread, len(keys), t.acknowledged)
	}
	return r, nil
}

func (t *tally) judge(key string, ops []history.Op, quirks bool) []Anomaly {
	lastReturn, added := int64(-1), 0
	for i := range ops {
		op := &ops[i]
		if op.F != "add" {
			continue
		}
		added++
		if op.Outcome == history.OK {
			lastReturn = max(lastReturn, op.Return)
		}
	}
	var best *balance
	finals := finalReads(ops, lastReturn)
	if quirks {
		finals = lastRead(ops)
	}
	for _, final := range finals {
		if b := compare(key, ops, final, quirks); best == nil || len(b.anomalies) < len(best.anomalies) {
			best = &b
		}
	}
	if best == nil {
		if added > 0 {
			t.unread++
		}
		return nil
	}
	t.attempted += best.attempted
	t.acknowledged += best.acknowledged
	t.lost += best.lost
	t.recovered += best.recovered
	t.unexpected += best.unexpected
	return best.anomalies
}

// addsUntil returns the most certain add of each element called by then.
func addsUntil(ops []history.Op, end int64) map[history.Value]*history.Op {
	adds := map[history.Value]*history.Op{}
	for i := range ops {
		op := &ops[i]
		if op.F != "add" || op.Call > end {
			continue
		}
		if old := adds[op.Input]; old == nil || op.Outcome == history.OK || old.Outcome == history.Fail {
			adds[op.Input] = op
		}
	}
	return adds
}

// finalReads returns the reads that may have been the last of all, provided that
// one was called after that time. The last to be called comes first.
func finalReads(ops []history.Op, after int64) []*history.Op {
	var last []*history.Op
	for i := len(ops) - 1; i >= 0; i-- {
		op := &ops[i]
		said := op.F == "read" && op.Outcome == history.OK && !op.Output.IsAbsent()
		if said && (len(last) == 0 && op.Call > after || len(last) > 0 && op.Return >= last[0].Call) {
			last = append(last, op)
		}
	}
	return last
}

// balance is what one final read says.
type balance struct {
	tally
	anomalies []Anomaly
}

// lastRead returns the last read to end, which is what Jepsen's set looks at, be
// it before or after the adds.
func lastRead(ops []history.Op) []*history.Op {
	var last *history.Op
	for i := range ops {
		op := &ops[i]
		if op.F == "read" && op.Outcome == history.OK && !op.Output.IsAbsent() && (last == nil || op.Completed > last.Completed) {
			last = op
		}
	}
	if last == nil {
		return nil
	}
	return []*history.Op{last}
}

func compare(key string, ops []history.Op, final *history.Op, quirks bool) balance {
	end := final.Return
	if quirks {
		end = history.Never
	}
	adds := addsUntil(ops, end)
	var b balance
	report := func(kind, format string, v history.Value, ids ...int) {
		a := anomaly(kind, format, v)
		a.Key, a.Ops = key, append(ids, final.Invoked)
		b.anomalies = append(b.anomalies, a)
	}
	members, _ := final.Output.Elements()
	present := map[history.Value]bool{}
	for _, v := range members {
		if present[v] {
			continue
		}
		present[v] = true
		switch add := adds[v]; {
		case add == nil:
			b.unexpected++
			report("unexpected", "%s is in the final read, but nobody had begun to add it", v)
		case add.Outcome == history.Fail && !quirks:
			b.unexpected++
			report("unexpected", "%s is in the final read, but its add had failed", v, add.Invoked)
		case add.Outcome != history.OK:
			b.recovered++
		}
	}
	for i := range ops {
		op := &ops[i]
		if op.F != "add" || adds[op.Input] != op {
			continue
		}
		b.attempted++
		if op.Outcome != history.OK {
			continue
		}
		b.acknowledged++
		if !present[op.Input] {
			b.lost++
			report("lost", "%s was added and acknowledged, and is missing at the final read", op.Input, op.Invoked)
		}
	}
	return b
}
