package model

import (
	"slices"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// refineUpTo is for how many operations refine takes its quadratic time.
const refineUpTo = 10_000

// refine uses what is known of elements that were put in once: when an element
// came out tells when it must have been in, and in a queue elements come out in
// the order they went in. Every order that explains the history satisfies it, so
// what is legal stays the same; but the search otherwise tries all orders of
// enqueues at the same time, and notices at the dequeues, long after.
func (fifoQueue) refine(ops []Op) []Op {
	if len(ops) > refineUpTo {
		return ops
	}
	ops = slices.Clone(ops)
	j := findJourneys(ops)
	for _, x := range j.whole {
		x.in.Certain = true
		precede(x.in, x.out)
	}
	for _, x := range j.whole {
		for _, y := range j.whole {
			if x.out.Return < y.out.Call {
				precede(x.in, y.in)
			}
			if x.in.Return < y.in.Call {
				precede(x.out, y.out)
			}
		}
	}
	for _, x := range j.whole {
		for _, stayed := range j.stayed {
			precede(x.in, stayed)
		}
	}
	return slices.DeleteFunc(ops, func(op Op) bool {
		// What may have been put in and was never seen only stands in the way.
		return op.Action == Insert && !op.Certain && j.enqueues[op.Put] == 1
	})
}

// journeys are the elements that were put in once.
type journeys struct {
	enqueues map[history.Value]int
	whole    []journey // of those that certainly came out
	stayed   []*Op     // enqueues of those that nobody can have got
}

type journey struct{ in, out *Op }

func findJourneys(ops []Op) journeys {
	j, claimed := journeys{enqueues: map[history.Value]int{}}, map[history.Value]bool{}
	in, outs, open := map[history.Value]*Op{}, map[history.Value]int{}, false
	for i := range ops {
		switch op := &ops[i]; {
		case op.Action == Insert:
			j.enqueues[op.Put]++
			in[op.Put] = op
		case op.Action == Remove && op.Certain:
			outs[op.Seen]++
		case op.Action == Remove:
			open = true
		}
	}
	for i := range ops {
		op := &ops[i]
		switch v := op.Seen; {
		case op.Action != Remove:
		case !op.Certain:
			op.claimed = claimed
		case j.enqueues[v] == 1:
			claimed[v] = true
			if outs[v] == 1 {
				j.whole = append(j.whole, journey{in[v], op})
			}
		}
	}
	for i := range ops {
		if op := &ops[i]; op.Action == Insert && op.Certain && !open && j.enqueues[op.Put] == 1 && outs[op.Put] == 0 {
			j.stayed = append(j.stayed, op)
		}
	}
	return j
}

// precede narrows the moments of two operations of which a comes first. It
// leaves alone what cannot be: that is for the search to find.
func precede(a, b *Op) {
	if call := max(b.Call, a.Call); call <= b.Return {
		b.Call = call
	}
	if end := min(a.Return, b.Return); end >= a.Call {
		a.Return = end
	}
}
