package checker

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model/modeltest"
)

// sequential says what one operation does to a plain object, a list of values.
// It returns the possible states after it; none: the result is impossible.
type sequential func(state []history.Value, op history.Op) [][]history.Value

// The check and plain objects, tried in every order, agree.
func TestLinearizableAgreesWithPlainObjects(t *testing.T) {
	for _, test := range []struct {
		model, kind string
		start       []history.Value
		step        sequential
	}{
		{"register", "register", []history.Value{history.NullValue}, cellStep},
		{"cas-register", "cas-register", []history.Value{history.NullValue}, cellStep},
		{"counter", "counter", []history.Value{history.Int(0)}, totalStep},
		{fmt.Sprintf("bounded-counter(%d)", modeltest.InitialStock), "bounded-counter", []history.Value{history.Int(modeltest.InitialStock)}, totalStep},
		{"mutex", "mutex", nil, latchStep},
		{"fifo-queue", "fifo-queue", nil, lineStep},
		{"unordered-queue", "unordered-queue", nil, stepQueue},
		{"set", "set", nil, groupStep},
		{"owner-mutex", "owner-mutex", nil, ownedStep(1)},
		{fmt.Sprintf("reentrant-mutex(%d)", modeltest.MaxHolds), "reentrant-mutex", nil, ownedStep(modeltest.MaxHolds)},
		{"kv", "kv", []history.Value{history.Str("")}, pageStep},
		{"multi-register", "multi-register", []history.Value{history.NullValue, history.NullValue}, shelfStep},
	} {
		t.Run(test.model, func(t *testing.T) {
			agree(t, "linearizable("+test.model+")", modeltest.History(test.kind, 6), func(ops []history.Op) Verdict {
				always := func([]history.Value) bool { return true }
				certain := slices.ContainsFunc(ops, func(op history.Op) bool {
					_, saw := op.Output.Field("saw")
					nothing := op.F == "txn" && !strings.ContainsAny(op.Output.String(), "123") // it read only nulls
					return op.Outcome == history.OK && !nothing || saw
				})
				switch {
				case !someOrder(mismatchesAsReads(ops), test.start, test.step, always):
					return Invalid
				case !certain:
					return Unknown
				}
				return Valid
			})
		})
	}
}

// mismatchesAsReads makes a failed compare-and-set that says what it saw a read.
func mismatchesAsReads(ops []history.Op) []history.Op {
	ops = slices.Clone(ops)
	for i := range ops {
		if saw, ok := ops[i].Output.Field("saw"); ok && ops[i].Outcome == history.Fail {
			ops[i].F, ops[i].Output, ops[i].Outcome = "read", saw, history.OK
		}
	}
	return ops
}

// gives returns the next state if the operation's result, where it has one, is
// that.
func gives(op history.Op, result history.Value, next ...history.Value) [][]history.Value {
	if op.Outcome == history.OK && op.Output != result {
		return nil
	}
	return [][]history.Value{next}
}

func cellStep(state []history.Value, op history.Op) [][]history.Value {
	pair, _ := op.Input.Elements()
	switch {
	case op.F == "read":
		return gives(op, state[0], state[0])
	case op.F == "write":
		return [][]history.Value{{op.Input}}
	case pair[0] != state[0]:
		return nil
	}
	return [][]history.Value{{pair[1]}}
}

func totalStep(state []history.Value, op history.Op) [][]history.Value {
	total, _ := state[0].Int()
	n, _ := op.Input.Int()
	switch op.F {
	case "read":
		return gives(op, state[0], state[0])
	case "take":
		if total < n {
			return gives(op, history.NullValue, state[0])
		}
		n = -n
	case "add":
		return [][]history.Value{{history.Int(total + n)}}
	}
	return gives(op, history.Int(total+n), history.Int(total+n))
}

// latchStep: a held lock is the list of its token, or of null where none is
// known.
func latchStep(state []history.Value, op history.Op) [][]history.Value {
	_, seenHeld := op.Output.Field("held_by")
	by, _ := op.Output.Field("held_by")
	fits := func(token history.Value) bool {
		return len(state) == 1 && (token.IsNull() || state[0].IsNull() || state[0] == token)
	}
	switch {
	case op.F == "release" && op.Output.IsFalse():
		if fits(op.Input) {
			return [][]history.Value{nil} // what the holder believed is over
		}
		return [][]history.Value{state}
	case op.F == "release" && fits(op.Input):
		return [][]history.Value{nil}
	case op.F == "release":
		return nil
	case seenHeld && fits(by):
		return [][]history.Value{state}
	case seenHeld || len(state) == 1:
		return nil
	case op.Outcome == history.OK && !op.Output.IsNull():
		return [][]history.Value{{op.Output}}
	}
	return [][]history.Value{{op.Input}}
}

// ownedStep: a lock that is held is the list of its token, its process and how
// often it is held.
func ownedStep(limit int64) sequential {
	return func(state []history.Value, op history.Op) [][]history.Value {
		same := func(token history.Value) bool {
			switch {
			case len(state) == 0:
				return false
			case token.IsNull():
				return state[1] == history.Int(int64(op.Process))
			}
			return state[0].IsNull() || state[0] == token
		}
		by, seenHeld := op.Output.Field("held_by")
		token := op.Input
		if op.Outcome == history.OK && !op.Output.IsNull() && op.F == "acquire" {
			token = op.Output
		}
		held := func(n int64, change int64) [][]history.Value {
			if n+change == 0 {
				return [][]history.Value{nil}
			}
			return [][]history.Value{{state[0], state[1], history.Int(n + change)}}
		}
		var depth int64
		if len(state) > 0 {
			depth, _ = state[2].Int()
		}
		switch {
		case op.F == "release" && op.Output.IsFalse() && !same(op.Input):
			return [][]history.Value{state}
		case op.F == "release" && same(op.Input):
			return held(depth, -1)
		case op.F == "release":
			return nil
		case seenHeld && len(state) > 0 && (by.IsNull() || state[0].IsNull() || state[0] == by):
			return [][]history.Value{state}
		case seenHeld:
			return nil
		case len(state) == 0:
			return [][]history.Value{{token, history.Int(int64(op.Process)), history.Int(1)}}
		case same(token) && depth < limit:
			return held(depth, 1)
		}
		return nil
	}
}

func pageStep(state []history.Value, op history.Op) [][]history.Value {
	before, _ := state[0].Text()
	text, _ := op.Input.Text()
	switch op.F {
	case "get":
		return gives(op, state[0], state[0])
	case "put":
		before = ""
	}
	return [][]history.Value{{history.Str(before + text)}}
}

func shelfStep(state []history.Value, op history.Op) [][]history.Value {
	state = slices.Clone(state)
	value := op.Input
	if op.Outcome == history.OK {
		value = op.Output
	}
	steps, _ := value.Elements()
	for _, step := range steps {
		parts, _ := step.Elements()
		at := 0
		if parts[1] == history.Str("y") {
			at = 1
		}
		switch {
		case parts[0] == history.Str("w"):
			state[at] = parts[2]
		case op.Outcome == history.OK && !parts[2].IsNull() && parts[2] != state[at]:
			return nil
		}
	}
	return [][]history.Value{state}
}

func lineStep(inside []history.Value, op history.Op) [][]history.Value {
	switch {
	case op.F == "enqueue":
		return [][]history.Value{append(slices.Clone(inside), op.Input)}
	case len(inside) == 0:
		return gives(op, history.NullValue)
	}
	return gives(op, inside[0], inside[1:]...)
}

func groupStep(members []history.Value, op history.Op) [][]history.Value {
	if op.F == "add" {
		if !slices.Contains(members, op.Input) {
			members = append(slices.Clone(members), op.Input)
		}
		return [][]history.Value{members}
	}
	read, _ := op.Output.Elements()
	if op.Outcome == history.OK && !(containsAll(read, members) && containsAll(members, read)) {
		return nil
	}
	return [][]history.Value{members}
}
