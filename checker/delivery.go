package checker

import (
	"context"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// delivery judges what a queue's consumers got: elements lost, duplicated or
// unexpected, and which promise held. Nobody gets an element before its enqueue
// was called. An element may be missing because a dequeue of unknown outcome took
// it, if called before the queue was seen empty; so many are not called lost.
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
	if _, err := prepare("unordered-queue", h); err != nil {
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
	if r.Verdict == Valid {
		r.Verdict, r.Reason = p.enough()
	}
	return r, nil
}

// enough is the verdict where nothing is wrong: unknown if too little was seen.
func (p *parcel) enough() (v Verdict, reason string) {
	switch {
	case p.dequeued == 0:
		return Unknown, "nothing was dequeued"
	case p.undrained > 0:
		return Unknown, "some queues were not emptied at the end, so what is missing may still be inside"
	}
	return Valid, ""
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
		"at_most_once":  once(p.duplicated > 0, p.undrained > 0),
		"at_least_once": once(p.lost > 0, p.undecided > 0 || p.undrained > 0),
		"exactly_once":  once(p.lost > 0 || p.duplicated > 0, p.undecided > 0 || p.undrained > 0),
	}
}

func (p *parcel) judge(key string, ops []history.Op) []Anomaly {
	trails, order := follow(ops)
	var anomalies []Anomaly
	report := func(a Anomaly, of ...*history.Op) {
		a.Key = key
		for _, op := range of {
			a.Ops = append(a.Ops, op.Invoked)
		}
		anomalies = append(anomalies, a)
	}
	var missing []*history.Op // acknowledged enqueues of what did not come out
	for _, v := range order {
		t := trails[v]
		p.dequeued += len(t.dequeues)
		extra, left := t.match()
		switch {
		case extra != nil && len(t.enqueues) == 0:
			p.unexpected++
			report(anomaly("unexpected", "a dequeue returned %s, which nobody had enqueued", v), extra)
		case extra != nil && extra.Return < t.enqueues[0].Call:
			p.unexpected++
			report(anomaly("unexpected", "a dequeue returned %s before it was enqueued", v), extra, t.enqueues[0])
		case extra != nil:
			p.duplicated++
			a, proof := t.explainDuplicate(v, extra)
			report(a, proof...)
		}
		p.enqueued += t.acknowledged()
		missing = append(missing, left...)
	}
	end, ok := drained(ops)
	if !ok {
		p.undrained++
		return anomalies
	}
	open := openUntil(ops, end)
	lost := notTaken(missing, open)
	p.undecided += len(missing) - len(lost)
	for _, enqueue := range lost {
		p.lost++
		report(explainLost(trails[enqueue.Input], enqueue.Input, len(missing), len(open)), enqueue)
	}
	return anomalies
}

func explainLost(t *trail, v history.Value, missing, openDequeues int) Anomaly {
	switch {
	case openDequeues > 0:
		return anomaly("lost", "%s is one of %d acknowledged elements that were not dequeued from the now empty queue, and %s cannot have taken all",
			v, missing, unknownDequeues(openDequeues))
	case len(t.dequeues) >= t.acknowledged():
		return anomaly("lost", "%s was enqueued and acknowledged, but every dequeue that returned it must have got another one, and the queue is empty", v)
	case len(t.dequeues) > 0:
		return anomaly("lost", "%s was dequeued less often than it was enqueued and acknowledged: %d times against %d, and the queue is empty",
			v, len(t.dequeues), t.acknowledged())
	}
	return anomaly("lost", "%s was enqueued and acknowledged, but was not dequeued, and the queue is empty", v)
}
