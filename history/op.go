package history

import (
	"cmp"
	"math"
	"slices"
)

// Never is the return time of an operation whose outcome is unknown: it may
// take effect at any later time.
const Never = math.MaxInt64

// Op is an operation: an invocation and what became of it.
type Op struct {
	Process Process
	F       string
	Key     string
	// Input is the value at invocation, Output that at completion.
	Input, Output Value
	// Call and Return are nanoseconds since the run began. The interval is
	// closed. Return is [Never] when Outcome is Info.
	Call, Return int64
	// GaveUp is when an Info was recorded: nothing says what became of it, but
	// that is how long its client waited. 0 where it was left open, and of others.
	GaveUp int64
	// Outcome is OK, Fail or Info; Info also where the history ends with the
	// operation still open.
	Outcome Type
	// Final: an event of it says final (or final?): true, as Maelstrom's last reads do.
	Final bool
	Error string
	// Invoked and Completed are the indexes of the events; Completed is -1 for
	// an operation left open.
	Invoked, Completed int
}

// History is a whole history, paired.
type History struct {
	// Ops are the clients' operations, by invocation.
	Ops []Op
	// Nemesis are the nemesis' events, in order.
	Nemesis []Event
	// Ended tells whether the run recorded its own end: without it the
	// recording process was cut off.
	Ended bool
	// Warnings are defects that were tolerated, one sentence each.
	Warnings []string
	// Format is what the history was read from; zero: no file.
	Format Format
	// Unpaired are completions that nobody invoked, in order. There are none
	// unless [ReadOptions] asked for them.
	Unpaired []Event

	original []int // index in the file by index; nil: the same
}

// End is the f of the event by which a run says that its history is whole.
const End = "end"

// Keys returns the operations of each key, keeping their order, and the keys in
// order of first use.
func Keys(ops []Op) (keys []string, byKey map[string][]Op) {
	counts := map[string]int{}
	for i := range ops {
		if counts[ops[i].Key] == 0 {
			keys = append(keys, ops[i].Key)
		}
		counts[ops[i].Key]++
	}
	byKey = make(map[string][]Op, len(keys))
	for i := range ops {
		k := ops[i].Key
		if byKey[k] == nil {
			byKey[k] = make([]Op, 0, counts[k])
		}
		byKey[k] = append(byKey[k], ops[i])
	}
	return keys, byKey
}

// Find returns the place of the operation whose invocation has that index, among
// operations in the order of their invocations.
func Find(ops []Op, invoked int) (at int, found bool) {
	return slices.BinarySearchFunc(ops, invoked, func(op Op, invoked int) int { return cmp.Compare(op.Invoked, invoked) })
}
