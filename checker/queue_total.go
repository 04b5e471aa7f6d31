package checker

import (
	"context"
	"fmt"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// sourced wants that what comes out of a queue went in: at every moment each
// value has been dequeued at most as often as its enqueue had been called by then.
// Jepsen's queue with an unordered model.
type sourced struct{}

func (sourced) Name() string { return "queue" }

func (c sourced) Check(_ context.Context, h *history.History, o Options) (Result, error) {
	h, err := about(c.Name(), h, "enqueue", "dequeue")
	if err != nil {
		return Result{}, err
	}
	keys, byKey := history.Keys(h.Ops)
	var anomalies []Anomaly
	dequeued := 0
	for _, key := range keys {
		inside, called := map[history.Value]int{}, map[history.Value]bool{}
		for _, m := range moments(byKey[key]) {
			switch op := m.op; {
			case op.F == "enqueue" && !m.completed && (op.Outcome != history.Fail || o.JepsenQuirks):
				inside[op.Input]++
				called[op.Input] = true
			case op.F != "dequeue" || !m.completed || op.Outcome != history.OK || op.Output.IsAbsent() || op.Output.IsNull():
			default:
				dequeued++
				if inside[op.Output]--; inside[op.Output] >= 0 {
					continue
				}
				a := anomaly("unexpected", "a dequeue returned %s, which nobody had enqueued", op.Output)
				if called[op.Output] {
					a = anomaly("duplicate", "a dequeue returned %s more often than anybody had enqueued it", op.Output)
				}
				a.Key, a.Ops = key, []int{op.Invoked}
				anomalies = append(anomalies, a)
			}
		}
	}
	r := found(anomalies, map[string]any{"keys": len(keys), "dequeued": dequeued, "errors": len(anomalies)})
	r.Engine = "counting"
	return r.untried(o, dequeued == 0, "nothing was dequeued"), nil
}

// totalQueue judges a queue that was drained in the end: what was enqueued and
// acknowledged has come out, once, and nothing else has. That it was drained it
// takes for granted; delivery does not.
type totalQueue struct{}

func (totalQueue) Name() string { return "total-queue" }

// turnover is what went into a queue and came out.
type turnover struct {
	attempted, acknowledged, dequeued map[history.Value]int
	order                             []history.Value // of first mention
	ops                               map[history.Value][]int
	// open counts dequeues that may have taken an element each; drains of unknown
	// outcome may have taken any number.
	open   int
	drains bool
}

func (c totalQueue) Check(_ context.Context, h *history.History, o Options) (Result, error) {
	h, err := about(c.Name(), h, "enqueue", "dequeue", "drain")
	if err != nil {
		return Result{}, err
	}
	keys, byKey := history.Keys(h.Ops)
	var (
		anomalies []Anomaly
		total     balances
	)
	for _, key := range keys {
		t, err := c.count(byKey[key], o)
		if err != nil {
			return Result{}, err
		}
		for _, a := range total.judge(t, o) {
			a.Key = key
			anomalies = append(anomalies, a)
		}
	}
	r := found(anomalies, total.statistics())
	r.Engine = "counting"
	if total.undecided > 0 && r.Verdict == Valid {
		r.Verdict, r.Reason = Unknown, fmt.Sprintf("%d elements are missing, but dequeues of unknown outcome may have taken them", total.undecided)
	}
	return r.untried(o, total.attempted+total.ok == 0, "nothing was enqueued or dequeued"), nil
}

func (c totalQueue) count(ops []history.Op, o Options) (*turnover, error) {
	t := &turnover{map[history.Value]int{}, map[history.Value]int{}, map[history.Value]int{}, nil, map[history.Value][]int{}, 0, false}
	for i := range ops {
		op := &ops[i]
		open := op.Outcome == history.Info
		switch op.F {
		case "enqueue":
			t.enqueue(op, o.JepsenQuirks)
		case "dequeue":
			if open {
				t.open++
			} else if op.Outcome == history.OK {
				t.dequeue(op, op.Output)
			}
		case "drain":
			elements, ok := op.Output.Elements()
			switch {
			case op.Outcome == history.Fail:
			case open || op.Output.IsAbsent():
				t.drains = true
			case !ok && !op.Output.IsNull():
				return nil, misfit(c.Name(), op, "drain has the value %.60s: expected a list", op.Output)
			}
			for _, v := range elements {
				t.dequeue(op, v)
			}
		}
	}
	return t, nil
}

func (t *turnover) mention(op *history.Op, v history.Value) {
	if t.ops[v] == nil {
		t.order = append(t.order, v)
	}
	if len(t.ops[v]) < maxShown {
		t.ops[v] = append(t.ops[v], op.Invoked)
	}
}

func (t *turnover) enqueue(op *history.Op, quirks bool) {
	if op.Outcome == history.Fail && !quirks {
		return
	}
	t.mention(op, op.Input)
	if called(op) >= 0 || !quirks {
		t.attempted[op.Input]++
	}
	if op.Outcome == history.OK {
		t.acknowledged[op.Input]++
	}
}

func (t *turnover) dequeue(op *history.Op, v history.Value) {
	if v.IsAbsent() || v.IsNull() {
		return
	}
	t.mention(op, v)
	t.dequeued[v]++
}

// balances counts elements, each as often as it was enqueued or dequeued.
type balances struct {
	attempted, acknowledged, ok, lost, unexpected, duplicated, recovered, undecided int
}

func (b *balances) statistics() map[string]any {
	return map[string]any{
		"attempted": b.attempted, "acknowledged": b.acknowledged, "ok": b.ok, "lost": b.lost, "unexpected": b.unexpected,
		"duplicated": b.duplicated, "recovered": b.recovered, "missing_undecided": b.undecided,
	}
}

// judge compares what went in with what came out.
func (b *balances) judge(t *turnover, o Options) (anomalies []Anomaly) {
	report := func(kind, format string, v history.Value, n int) {
		a := anomaly(kind, format, v, n)
		a.Ops = t.ops[v]
		anomalies = append(anomalies, a)
	}
	missing := 0
	for _, v := range t.order {
		missing += max(t.acknowledged[v]-t.dequeued[v], 0)
	}
	excused := !o.JepsenQuirks && (t.drains || missing <= t.open)
	for _, v := range t.order {
		attempted, acknowledged, dequeued := t.attempted[v], t.acknowledged[v], t.dequeued[v]
		ok := min(attempted, dequeued)
		b.attempted += attempted
		b.acknowledged += acknowledged
		b.ok += ok
		b.recovered += max(ok-acknowledged, 0)
		lost, more := max(acknowledged-dequeued, 0), dequeued-attempted
		switch {
		case more > 0 && attempted == 0:
			b.unexpected += more
			report("unexpected", "a dequeue returned %s, which nobody had enqueued (%d times)", v, more)
		case more > 0:
			if b.duplicated += more; !o.JepsenQuirks {
				report("duplicate", "%s was dequeued %d times more often than it can have been enqueued", v, more)
			}
		case lost > 0 && excused:
			b.undecided += lost
		case lost > 0:
			b.lost += lost
			report("lost", "%s was enqueued and acknowledged %d times more often than it was dequeued", v, lost)
		}
	}
	return anomalies
}
