package checker

import (
	"cmp"
	"context"
	"slices"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model"
)

// freshness judges what a cache beside a database can promise: no read returns a
// value that had been overwritten before the read began. That is a regular
// register (Lamport, "On interprocess communication", 1986), with several writers:
// while a write is under way, one read may return the new value and a later one
// still the old, which no linearizable register does.
//
// A value was overwritten by a write that began after all that can have written
// the value had returned. What is of unknown outcome never returns.
type freshness struct{}

func (freshness) Name() string { return "freshness" }

func (freshness) Check(_ context.Context, h *history.History, _ Options) (Result, error) {
	m, err := model.Parse("register")
	if err != nil {
		return Result{}, err
	}
	j := judging{model: m, ops: h.Ops}
	var anomalies []Anomaly
	reads, keys := 0, split(h.Ops)
	for _, k := range keys {
		ops, err := j.prepare(k)
		if err != nil {
			return Result{}, err
		}
		w := newWrites(ops)
		for i := range ops {
			if r := &ops[i]; r.F == "read" {
				reads++
				if a, wrong := w.judge(r); wrong {
					a.Key = k.key
					anomalies = append(anomalies, a)
				}
			}
		}
	}
	r := found(anomalies, map[string]any{"keys": len(keys), "reads": reads, "violations": len(anomalies)})
	if reads == 0 {
		r.Verdict, r.Reason = Unknown, "nothing was read"
	}
	r.Engine = "intervals"
	return r, nil
}

// writes are those of one key.
type writes struct {
	of map[history.Value][]*model.Op
	// ended are those that are certain, by their return; newest is, for each place
	// there, the one up to it that was called last.
	ended, newest []*model.Op
}

func newWrites(ops []model.Op) writes {
	w := writes{of: map[history.Value][]*model.Op{}}
	for i := range ops {
		if op := &ops[i]; op.F == "write" {
			w.of[op.Arg] = append(w.of[op.Arg], op)
			if op.Certain {
				w.ended = append(w.ended, op)
			}
		}
	}
	slices.SortFunc(w.ended, func(a, b *model.Op) int { return cmp.Compare(a.Return, b.Return) })
	for i, op := range w.ended {
		if i > 0 && w.newest[i-1].Call > op.Call {
			op = w.newest[i-1]
		}
		w.newest = append(w.newest, op)
	}
	return w
}

// judge says what is wrong with a read.
func (w writes) judge(r *model.Op) (a Anomaly, wrong bool) {
	last, begun := int64(-1), r.Result.IsNull() // what nobody wrote reads null
	for _, source := range w.of[r.Result] {
		if source.Call <= r.Return {
			last, begun = max(last, source.Return), true
		}
	}
	if !begun {
		a = anomaly("never-written", "a read returned %s, which nobody had begun to write", r.Result)
		a.Ops = []int{r.ID}
		return a, true
	}
	before, _ := slices.BinarySearchFunc(w.ended, r.Call, func(op *model.Op, call int64) int { return cmp.Compare(op.Return, call) })
	if before == 0 || w.newest[before-1].Call <= last {
		return a, false
	}
	over := w.newest[before-1]
	a = anomaly("stale-read", "a read returned %s after %s had been written over it", r.Result, over.Arg)
	a.Ops = []int{over.ID, r.ID}
	return a, true
}
