package checker

import (
	"context"
	"fmt"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model"
)

// durability compares what was added to a set with the last read of it: an
// acknowledged element that is missing is lost, an element whose add had an
// unknown outcome and that is there was recovered, and one that was never added
// is unexpected.
type durability struct{}

func (durability) Name() string { return "durability" }

// tally counts what became of elements.
type tally struct {
	attempted, acknowledged, lost, recovered, unexpected, unread int
}

func (durability) Check(_ context.Context, h *history.History, _ Options) (Result, error) {
	m, err := model.Parse("set")
	if err != nil {
		return Result{}, err
	}
	if _, err := m.Prepare(h.Ops); err != nil {
		return Result{}, err
	}
	keys, byKey := history.Keys(h.Ops)
	var (
		anomalies []Anomaly
		t         tally
	)
	for _, key := range keys {
		anomalies = append(anomalies, t.judge(key, byKey[key])...)
	}
	r := found(anomalies, map[string]any{
		"keys": len(keys), "attempted": t.attempted, "acknowledged": t.acknowledged, "lost": t.lost,
		"recovered": t.recovered, "unexpected": t.unexpected, "keys_without_final_read": t.unread,
	})
	r.Engine = "final read"
	if r.Verdict == Valid && (t.unread > 0 || t.acknowledged == 0) {
		r.Verdict = Unknown
		r.Reason = fmt.Sprintf("%d of %d keys have no read after their last add, and %d adds were acknowledged", t.unread, len(keys), t.acknowledged)
	}
	return r, nil
}

func (t *tally) judge(key string, ops []history.Op) []Anomaly {
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
	final := finalRead(ops, lastReturn)
	if final == nil {
		if added > 0 {
			t.unread++
		}
		return nil
	}
	return t.compare(key, ops, addsUntil(ops, final.Return), final)
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

// finalRead returns the last read called after that time, or nil.
func finalRead(ops []history.Op, after int64) *history.Op {
	for i := len(ops) - 1; i >= 0; i-- {
		op := &ops[i]
		if _, isList := op.Output.Elements(); op.F == "read" && op.Outcome == history.OK && isList && op.Call > after {
			return op
		}
	}
	return nil
}

func (t *tally) compare(key string, ops []history.Op, adds map[history.Value]*history.Op, final *history.Op) []Anomaly {
	var anomalies []Anomaly
	report := func(kind, format string, v history.Value, ids ...int) {
		a := anomaly(kind, format, v)
		a.Key, a.Ops = key, append(ids, final.Invoked)
		anomalies = append(anomalies, a)
	}
	members, _ := final.Output.Elements()
	present := map[history.Value]bool{}
	for _, v := range members {
		present[v] = true
		switch add := adds[v]; {
		case add == nil:
			t.unexpected++
			report("unexpected", "%s is in the final read, but nobody added it", v)
		case add.Outcome == history.Fail:
			t.unexpected++
			report("unexpected", "%s is in the final read, but its add had failed", v, add.Invoked)
		case add.Outcome == history.Info:
			t.recovered++
		}
	}
	for i := range ops {
		op := &ops[i]
		if op.F != "add" || adds[op.Input] != op {
			continue
		}
		t.attempted++
		if op.Outcome != history.OK {
			continue
		}
		t.acknowledged++
		if !present[op.Input] {
			t.lost++
			report("lost", "%s was added and acknowledged, and is missing at the final read", op.Input, op.Invoked)
		}
	}
	return anomalies
}
