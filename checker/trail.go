package checker

import (
	"cmp"
	"slices"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// trail is what is known of one element of a queue.
type trail struct {
	enqueues []*history.Op // those that took or may have taken effect, by call
	dequeues []*history.Op // by return
}

func (t *trail) acknowledged() int {
	n := 0
	for _, op := range t.enqueues {
		if op.Outcome == history.OK {
			n++
		}
	}
	return n
}

// match gives each dequeue an enqueue that had been called when it returned,
// acknowledged ones first. It returns the first dequeue that gets none, or nil,
// and the acknowledged enqueues that are left.
//
// Why greedy is exact: what one dequeue can have got a later one can have got
// too. So the n-th to return needs n enqueues, and taking an acknowledged one
// wherever there is one leaves the fewest. Taking the latest leaves the earliest,
// which most dequeues of unknown outcome can have taken.
func (t *trail) match() (extra *history.Op, left []*history.Op) {
	var unknown, called int
	for _, dequeue := range t.dequeues {
		for ; called < len(t.enqueues) && t.enqueues[called].Call <= dequeue.Return; called++ {
			if op := t.enqueues[called]; op.Outcome == history.OK {
				left = append(left, op)
			} else {
				unknown++
			}
		}
		switch {
		case len(left) > 0:
			left = left[:len(left)-1]
		case unknown > 0:
			unknown--
		case extra == nil:
			extra = dequeue
		}
	}
	for _, op := range t.enqueues[called:] {
		if op.Outcome == history.OK {
			left = append(left, op)
		}
	}
	return extra, left
}

// explainDuplicate returns the anomaly, and what proves it: the dequeues up to
// the one that is too many, and the enqueues they can have come from.
func (t *trail) explainDuplicate(v history.Value, extra *history.Op) (a Anomaly, proof []*history.Op) {
	var in, out []*history.Op
	for _, op := range t.enqueues {
		if op.Call <= extra.Return {
			in = append(in, op)
		}
	}
	out = t.dequeues[:slices.Index(t.dequeues, extra)+1]
	a = anomaly("duplicate", "%s was dequeued more often than it was enqueued: %d times against %d", v, len(out), len(in))
	proof = slices.Concat(in, out)
	slices.SortFunc(proof, func(a, b *history.Op) int { return cmp.Compare(a.Invoked, b.Invoked) })
	return a, proof
}

// follow returns each element's trail, and the elements in order of first use.
func follow(ops []history.Op) (map[history.Value]*trail, []history.Value) {
	trails, order := map[history.Value]*trail{}, []history.Value(nil)
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
			t.enqueues = append(t.enqueues, op)
		case tookElement(op):
			t := at(op.Output)
			t.dequeues = append(t.dequeues, op)
		}
	}
	for _, t := range trails {
		slices.SortStableFunc(t.dequeues, func(a, b *history.Op) int { return cmp.Compare(a.Return, b.Return) })
	}
	return trails, order
}

func tookElement(op *history.Op) bool {
	return op.F == "dequeue" && op.Outcome == history.OK && !op.Output.IsAbsent() && !op.Output.IsNull()
}

func sawEmpty(op *history.Op) bool {
	return op.F == "dequeue" && op.Outcome == history.OK && op.Output.IsNull()
}

// drained reports whether the queue was seen empty after everything else that
// is known to have happened to it, and by when at the latest.
func drained(ops []history.Op) (by int64, ok bool) {
	last := int64(-1)
	for i := range ops {
		if op := &ops[i]; op.Outcome == history.OK && !sawEmpty(op) {
			last = max(last, op.Return)
		}
	}
	by = history.Never
	for i := range ops {
		if op := &ops[i]; sawEmpty(op) && op.Call > last {
			by, ok = min(by, op.Return), true
		}
	}
	return by, ok
}

// openUntil returns the dequeues called by then that may have taken anything, by
// return.
func openUntil(ops []history.Op, end int64) []*history.Op {
	var open []*history.Op
	for i := range ops {
		op := &ops[i]
		said := op.Outcome == history.OK && !op.Output.IsAbsent()
		if op.F == "dequeue" && op.Outcome != history.Fail && !said && op.Call <= end {
			open = append(open, op)
		}
	}
	slices.SortStableFunc(open, func(a, b *history.Op) int { return cmp.Compare(a.Return, b.Return) })
	return open
}

// notTaken returns those of the missing enqueues that remain when each of the
// open dequeues takes one that had been called when it returned.
func notTaken(missing, open []*history.Op) []*history.Op {
	slices.SortFunc(missing, func(a, b *history.Op) int { return cmp.Compare(a.Invoked, b.Invoked) })
	var inside []*history.Op
	called := 0
	for _, dequeue := range open {
		for ; called < len(missing) && missing[called].Call <= dequeue.Return; called++ {
			inside = append(inside, missing[called])
		}
		if len(inside) > 0 {
			inside = inside[1:]
		}
	}
	return slices.Concat(inside, missing[called:])
}
