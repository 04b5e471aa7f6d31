package checker

import (
	"context"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// atLeastOnce judges a queue whose dequeues are whole pieces of work: an element
// is taken, worked on, and acknowledged. Each acknowledged enqueue must have a
// dequeue of its own that returned its element, by the time the queue is seen
// empty. More dequeues than that are no matter.
//
// Unlike delivery it excuses nothing with a dequeue of unknown outcome: a client
// that took an element and died has not done the work. So what it judges must,
// in the end, return what was done as well as what is left; else an element that
// was done by a dequeue of unknown outcome would be called lost.
type atLeastOnce struct{}

func (atLeastOnce) Name() string { return "at-least-once" }

func (atLeastOnce) Check(_ context.Context, h *history.History, _ Options) (Result, error) {
	if _, err := prepare("unordered-queue", h); err != nil {
		return Result{}, err
	}
	keys, byKey := history.Keys(h.Ops)
	var (
		anomalies []Anomaly
		p         parcel
	)
	for _, key := range keys {
		anomalies = append(anomalies, p.judgeWork(key, byKey[key])...)
	}
	r := found(anomalies, map[string]any{
		"keys": len(keys), "enqueued": p.enqueued, "dequeued": p.dequeued, "lost": p.lost, "keys_not_drained": p.undrained,
	})
	r.Engine = "counting"
	if r.Verdict == Valid {
		r.Verdict, r.Reason = p.enough()
	}
	return r, nil
}

// judgeWork returns the elements of a key that no dequeue finished.
func (p *parcel) judgeWork(key string, ops []history.Op) []Anomaly {
	trails, order := follow(ops)
	end, ok := drained(ops)
	if !ok {
		p.undrained++
	}
	open := len(openUntil(ops, end))
	var anomalies []Anomaly
	for _, v := range order {
		t := trails[v]
		p.enqueued += t.acknowledged()
		p.dequeued += len(t.dequeues)
		_, left := t.match()
		if !ok {
			continue
		}
		for _, enqueue := range left {
			p.lost++
			a := explainUndone(t, v, len(left), open)
			a.Key, a.Ops = key, []int{enqueue.Invoked}
			anomalies = append(anomalies, a)
		}
	}
	return anomalies
}

func explainUndone(t *trail, v history.Value, missing, openDequeues int) Anomaly {
	if openDequeues == 0 || len(t.dequeues) > 0 {
		return explainLost(t, v, missing, 0)
	}
	return anomaly("lost", "%s was enqueued and acknowledged, but no dequeue returned it, and the queue is empty: %s may have taken it, but did not finish",
		v, unknownDequeues(openDequeues))
}
