package monitor

import (
	"slices"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model"
)

// Monitor decides whether the operations of one key are linearizable. It is used
// by one goroutine at a time.
type Monitor interface {
	// Add takes the next operation, by invocation. It keeps no pointer to it.
	Add(op *model.Op)
	// Judge decides. Call it once, after the last Add.
	Judge() Outcome
}

// Answer is what a monitor concludes.
type Answer uint8

const (
	// Unfit: the operations are none that the monitor can judge.
	Unfit Answer = iota
	// Legal: they are linearizable.
	Legal
	// Illegal: they are not.
	Illegal
)

// Outcome is an answer with its grounds.
type Outcome struct {
	Answer Answer
	// Reason says of an Unfit answer what the monitor's precondition was.
	Reason string
	// Core, of an Illegal answer, are the IDs of operations that are illegal by
	// themselves, and that make every history illegal that they are a part of,
	// given what the monitor knows of the rest. It is small, but not minimal.
	Core []int
	// Elements, where the object is a set or a log, are those that the core is about: it is
	// illegal by itself once nothing is left of others, see [model.Model.Among].
	Elements []history.Value
	// AnyState: the core is illegal whatever the first state was. Otherwise it is
	// illegal from the model's own.
	AnyState bool
}

// New returns a monitor for up to about n operations of one key; false where no
// monitor is known for the model.
func New(m model.Model, n int) (Monitor, bool) {
	switch m.Kind().Name {
	case "fifo-queue":
		return newFIFO(n), true
	case "register", "cas-register":
		return newRegister(m, n), true
	case "lease":
		return newLease(m, n), true
	case "unordered-queue":
		return newBag(n), true
	case "set":
		return newSet(n), true
	case "log":
		return newLog(n), true
	case "counter", "bounded-counter":
		return newCounter(m, n), true
	case "mutex", "owner-mutex":
		return newMutex(n, false), true
	case "fenced-mutex":
		return newMutex(n, true), true
	}
	return nil, false
}

func unfit(reason string) Outcome { return Outcome{Answer: Unfit, Reason: reason} }

// illegal returns the outcome of operations that are illegal from the first
// state of the model. Some may be none.
func illegal(core ...int32) Outcome {
	o := Outcome{Answer: Illegal}
	o.add(core...)
	return o
}

// add makes operations part of the core, once each.
func (o *Outcome) add(ids ...int32) {
	for _, id := range ids {
		if id != none && !slices.Contains(o.Core, int(id)) {
			o.Core = append(o.Core, int(id))
		}
	}
}

// none stands for an operation or a row that there is not.
const none = -1
