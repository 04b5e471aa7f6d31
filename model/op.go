package model

import "github.com/jepsen-lite/jepsen-lite/history"

// Op is one operation as its model reads it.
type Op struct {
	// ID is the index of the invocation in the history.
	ID      int
	Process history.Process
	Key, F  string
	// Arg is the value at invocation, Result that at completion: absent where
	// it is not known or says nothing.
	Arg, Result history.Value
	// Call and Return bound the moment of effect, both ends included. Return is
	// history.Never exactly when the operation is not Certain.
	Call, Return int64
	// Certain: it took effect. Otherwise it may have, at any time from Call.
	Certain bool
	// Observes: it has no effect, so it means nothing unless it is Certain.
	Observes bool

	// Action says what the operation does, and the next fields to what: the
	// state must be Need, or was seen to be Seen; then Put is put. A value that
	// is absent makes no such demand.
	Action          Action
	Need, Seen, Put history.Value
	// Amount is what a counter changes by, or the number of a fenced grant: then
	// NoFence where it is not known.
	Amount int64

	members []history.Value // a set's whole content, sorted
	claimed map[history.Value]bool
	txn     *transaction // of a multi-register
	// anonymous: it may be anybody's, whatever Process says.
	anonymous bool
}

// Action is what an operation comes down to, where one f can do several things.
type Action uint8

const (
	// Observe has no effect: a read, or a compare-and-set that only saw a value.
	Observe Action = iota + 1
	// Change puts a value, or adds an amount.
	Change

	// Grant is an acquire that got the lock, Held one that saw it held.
	Grant
	Held
	// Free is a release, GiveUp one that found the lock gone.
	Free
	GiveUp
	// Renew is more time for the holder of a lease.
	Renew

	// Take takes from a stock; Refuse is a take for which it was too small.
	Take
	Refuse

	// Insert puts an element in; Remove takes one out; Empty saw none inside.
	Insert
	Remove
	Empty
)

// Members returns what a read of a set or a log saw, in order, less what [Model.Without]
// or [Model.Among] has left out; nil for other operations, and for those from
// [Model.Each]. It must not be changed.
func (op *Op) Members() []history.Value { return op.members }

// String describes the operation: dequeue → 7, acquire("t1") → ?.
func (op *Op) String() string {
	text := op.F
	if !op.Arg.IsAbsent() && !op.Arg.IsNull() {
		text += "(" + op.Arg.String() + ")"
	}
	switch {
	case !op.Certain:
		return text + " → ?"
	case op.Result.IsAbsent():
		return text
	}
	return text + " → " + op.Result.String()
}
