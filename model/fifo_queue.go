package model

import (
	"errors"
	"slices"
	"strings"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// queues is what both queues have in common.
type queues struct{}

func (queues) prepare(h *history.Op, op *Op) (bool, error) {
	if h.F == "enqueue" {
		if !says(h.Input) || h.Input.IsNull() {
			return false, errors.New("enqueue without a value: expected the value put in")
		}
		op.Action, op.Put = Insert, h.Input
		return h.Outcome != history.Fail, nil
	}
	switch {
	case op.Result.IsNull():
		op.Action, op.Observes = Empty, true
	case says(op.Result):
		op.Action, op.Seen = Remove, op.Result
	default:
		op.Action, op.Certain = Remove, false // an element or none: not said
	}
	return h.Outcome != history.Fail, nil
}

// units: a value goes with its enqueues and dequeues; what saw the queue empty
// can go alone. A dequeue of unknown result stays: it may have taken anything.
func (queues) units(ops []Op) []Unit {
	values := byValue(ops, func(op *Op) history.Value {
		if op.Action == Insert {
			return op.Put
		}
		return op.Seen
	})
	return append(values, observations(ops)...)
}

// elements is the state of a FIFO queue, oldest first. It is never changed in
// place: append copies because the capacity is always cut.
type elements []history.Value

func (e elements) String() string { return describeList('[', e, ']') }

func describeList(open byte, values []history.Value, end byte) string {
	var text strings.Builder
	text.WriteByte(open)
	for i, v := range values {
		if i > 0 {
			text.WriteByte(' ')
		}
		text.WriteString(v.String())
	}
	text.WriteByte(end)
	return text.String()
}

// fifoQueue gives its elements back in the order they came.
type fifoQueue struct{ queues }

func makeFIFOQueue(string) (spec, error) { return fifoQueue{}, nil }

func (fifoQueue) init() any { return elements(nil) }

func (fifoQueue) step(state any, op *Op) (bool, any) {
	e := state.(elements)
	switch {
	case op.Action == Insert:
		return true, inserted(e, len(e), op.Put)
	case op.Action == Empty:
		return len(e) == 0, e
	case len(e) == 0:
		return !op.Certain, e
	case !op.Certain && op.claimed[e[0]]:
		return true, e
	case op.Certain && e[0] != op.Seen:
		return false, e
	}
	return true, e[1:]
}

// inserted returns e with v at that place, in memory of exactly that size:
// a search keeps very many states.
func inserted(e elements, at int, v history.Value) elements {
	grown := make(elements, len(e)+1)
	copy(grown, e[:at])
	grown[at] = v
	copy(grown[at+1:], e[at:])
	return grown
}

func (fifoQueue) equal(a, b any) bool       { return slices.Equal(a.(elements), b.(elements)) }
func (fifoQueue) describe(state any) string { return state.(elements).String() }

func (fifoQueue) hash(state any) uint64 {
	var h uint64
	for _, v := range state.(elements) {
		h = h*0x9e3779b97f4a7c15 + v.Hash()
	}
	return h
}
