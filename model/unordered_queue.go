package model

import (
	"slices"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// bag is the state of a queue without order. Dequeues of unknown result took
// one element each, nobody knows which: they are a debt, so that the search
// need not guess.
type bag struct {
	elements []history.Value // sorted, never changed in place
	debt     int             // how many of them are gone; at most len(elements)
}

type unorderedQueue struct{ queues }

func makeUnorderedQueue(string) (spec, error) { return unorderedQueue{}, nil }

func (unorderedQueue) init() any { return bag{} }

func (unorderedQueue) step(state any, op *Op) (bool, any) {
	b := state.(bag)
	switch {
	case op.Action == Insert:
		at, _ := slices.BinarySearchFunc(b.elements, op.Put, history.Value.Compare)
		return true, bag{inserted(b.elements, at, op.Put), b.debt}
	case op.Action == Empty:
		return b.debt == len(b.elements), bag{}
	case !op.Certain:
		return true, bag{b.elements, min(b.debt+1, len(b.elements))}
	}
	at, found := slices.BinarySearchFunc(b.elements, op.Seen, history.Value.Compare)
	if !found || b.debt == len(b.elements) {
		return false, b
	}
	return true, bag{slices.Delete(slices.Clone(b.elements), at, at+1), b.debt}
}

func (unorderedQueue) equal(x, y any) bool {
	a, b := x.(bag), y.(bag)
	return a.debt == b.debt && slices.Equal(a.elements, b.elements)
}

func (unorderedQueue) hash(state any) uint64 {
	b := state.(bag)
	h := uint64(b.debt) * 0x9e3779b97f4a7c15
	for _, v := range b.elements {
		h += v.Hash()
	}
	return h
}

func (unorderedQueue) describe(state any) string {
	b := state.(bag)
	text := describeList('{', b.elements, '}')
	if b.debt > 0 {
		text += " less " + history.Int(int64(b.debt)).String() + " of them"
	}
	return text
}
