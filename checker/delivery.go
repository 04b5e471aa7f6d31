package checker

import (
	"context"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model"
)

// delivery judges what a queue's consumers got: elements lost, duplicated or
// unexpected, and which promise held. An element may be missing because a
// dequeue of unknown outcome took it; so many are not called lost.
type delivery struct{}

func (delivery) Name() string { return "delivery" }

// parcel counts what became of elements.
type parcel struct {
	enqueued, dequeued, duplicated, unexpected, lost int
	// undecided elements are missing, but a dequeue of unknown outcome may have
	// got them. undrained keys were not emptied at the end.
	undecided, undrained int
}

// Promises of delivery are held, violated or undecided.
const (
	promiseHeld      = "held"
	promiseViolated  = "violated"
	promiseUndecided = "undecided"
)

func (delivery) Check(_ context.Context, h *history.History, _ Options) (Result, error) {
	m, err := model.Parse("unordered-queue")
	if err != nil {
		return Result{}, err
	}
	if _, err := m.Prepare(h.Ops); err != nil {
		return Result{}, err
	}
	keys, byKey := history.Keys(h.Ops)
	var (
		anomalies []Anomaly
		p         parcel
	)
	for _, key := range keys {
		anomalies = append(anomalies, p.judge(key, byKey[key])...)
	}
	statistics := p.promises()
	for name, n := range map[string]int{
		"keys": len(keys), "enqueued": p.enqueued, "dequeued": p.dequeued, "lost": p.lost, "duplicated": p.duplicated,
		"unexpected": p.unexpected, "missing_undecided": p.undecided, "keys_not_drained": p.undrained,
	} {
		statistics[name] = n
	}
	r := found(anomalies, statistics)
	r.Engine = "counting"
	switch {
	case r.Verdict != Valid:
	case p.dequeued == 0:
		r.Verdict, r.Reason = Unknown, "nothing was dequeued"
	case p.undrained > 0:
		r.Verdict, r.Reason = Unknown, "some queues were not emptied at the end, so what is missing may still be inside"
	}
	return r, nil
}

func (p *parcel) promises() map[string]any {
	once := func(violated, undecided bool) string {
		switch {
		case violated:
			return promiseViolated
		case undecided || p.dequeued == 0:
			return promiseUndecided
		}
		return promiseHeld
	}
	return map[string]any{
		"at_most_once":  once(p.duplicated > 0, false),
		"at_least_once": once(p.lost > 0, p.undecided > 0 || p.undrained > 0),
		"exactly_once":  once(p.lost > 0 || p.duplicated > 0, p.undecided > 0 || p.undrained > 0),
	}
}

// trail is what is known of one element.
type trail struct {
	attempts     int // enqueues that took or may have taken effect
	acknowledged []*history.Op
	dequeues     []*history.Op
}

func (p *parcel) judge(key string, ops []history.Op) []Anomaly {
	trails, order, openDequeues := follow(ops)
	var anomalies []Anomaly
	report := func(a Anomaly, ids ...int) {
		a.Key, a.Ops = key, ids
		anomalies = append(anomalies, a)
	}
	var missing []*history.Op // acknowledged enqueues of what did not come out
	for _, v := range order {
		t := trails[v]
		p.enqueued += len(t.acknowledged)
		p.dequeued += len(t.dequeues)
		switch n := len(t.dequeues); {
		case t.attempts == 0 && n > 0:
			p.unexpected++
			report(anomaly("unexpected", "a dequeue returned %s, which nobody had enqueued", v), t.dequeues[0].Invoked)
		case n > t.attempts:
			p.duplicated++
			report(anomaly("duplicate", "%s was dequeued more often than it was enqueued: %d times against %d", v, n, t.attempts), t.dequeues[0].Invoked, t.dequeues[1].Invoked)
		case n < len(t.acknowledged):
			missing = append(missing, t.acknowledged[n:]...)
		}
	}
	if !drained(ops) {
		p.undrained++
		return anomalies
	}
	p.undecided += min(len(missing), openDequeues)
	for _, enqueue := range missing[min(len(missing), openDequeues):] {
		p.lost++
		report(explainLost(trails[enqueue.Input], enqueue.Input, len(missing), openDequeues), enqueue.Invoked)
	}
	return anomalies
}

func explainLost(t *trail, v history.Value, missing, openDequeues int) Anomaly {
	switch {
	case openDequeues > 0:
		return anomaly("lost", "%s is one of %d acknowledged elements that were not dequeued from the now empty queue, and %s cannot have taken all",
			v, missing, unknownDequeues(openDequeues))
	case len(t.dequeues) > 0:
		return anomaly("lost", "%s was dequeued less often than it was enqueued and acknowledged: %d times against %d, and the queue is empty",
			v, len(t.dequeues), len(t.acknowledged))
	}
	return anomaly("lost", "%s was enqueued and acknowledged, but was not dequeued, and the queue is empty", v)
}

// follow returns each element's trail, and the number of dequeues that may have
// taken anything.
func follow(ops []history.Op) (map[history.Value]*trail, []history.Value, int) {
	trails, order, open := map[history.Value]*trail{}, []history.Value(nil), 0
	at := func(v history.Value) *trail {
		if trails[v] == nil {
			trails[v] = &trail{}
			order = append(order, v)
		}
		return trails[v]
	}
	for i := range ops {
		op := &ops[i]
		switch {
		case op.Outcome == history.Fail:
		case op.F == "enqueue":
			t := at(op.Input)
			t.attempts++
			if op.Outcome == history.OK {
				t.acknowledged = append(t.acknowledged, op)
			}
		case op.Outcome == history.Info || op.Output.IsAbsent():
			open++
		case !op.Output.IsNull():
			t := at(op.Output)
			t.dequeues = append(t.dequeues, op)
		}
	}
	return trails, order, open
}

// drained reports whether the queue was seen empty after everything else that
// is known to have happened to it.
func drained(ops []history.Op) bool {
	last := int64(-1)
	for i := range ops {
		op := &ops[i]
		if op.Outcome == history.OK && !(op.F == "dequeue" && op.Output.IsNull()) {
			last = max(last, op.Return)
		}
	}
	for i := range ops {
		op := &ops[i]
		if op.F == "dequeue" && op.Outcome == history.OK && op.Output.IsNull() && op.Call > last {
			return true
		}
	}
	return false
}
