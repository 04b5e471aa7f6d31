package monitor

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model"
	"github.com/jepsen-lite/jepsen-lite/model/modeltest"
)

// after returns the states that an operation can lead to from a list of values;
// none: it cannot happen.
type after func(inside []history.Value, op *history.Op) [][]history.Value

// Monitors agree with all orders of up to seven operations of plain objects.
func TestMonitorsAgreeWithAllOrders(t *testing.T) {
	for kind, step := range map[string]after{"set": afterInSet, "log": afterInLog, "unordered-queue": afterInBag} {
		t.Run(kind, func(t *testing.T) {
			m, err := model.Parse(kind)
			if err != nil {
				t.Fatal(err)
			}
			r, illegal := rand.New(rand.NewPCG(5, 6)), 0
			const tries = 10_000
			for range tries {
				ops := modeltest.Wild(r, kind, 7)
				ops = slices.DeleteFunc(ops, func(op history.Op) bool { return op.Outcome == history.Fail })
				o := each(t, m, ops)
				if o.Answer == Unfit {
					continue
				}
				if some := someOrderOf(ops, 0, nil, step); some != (o.Answer == Legal) {
					prepared, _ := m.Prepare(ops)
					t.Fatalf("some order explains it: %v, the monitor says %+v of\n%s", some, o, drawing(prepared))
				}
				if o.Answer == Illegal {
					illegal++
				}
			}
			if 6*illegal < tries {
				t.Errorf("only %d of %d histories were illegal", illegal, tries)
			}
		})
	}
}

// someOrderOf reports whether the operations that are not done can follow.
func someOrderOf(ops []history.Op, done int, inside []history.Value, step after) bool {
	whole, deadline := true, int64(history.Never)
	for i := range ops {
		if done>>i&1 == 0 && ops[i].Outcome == history.OK {
			whole, deadline = false, min(deadline, ops[i].Return)
		}
	}
	if whole {
		return true
	}
	for i := range ops {
		if done>>i&1 > 0 || ops[i].Call > deadline {
			continue
		}
		for _, next := range step(inside, &ops[i]) {
			if someOrderOf(ops, done|1<<i, next, step) {
				return true
			}
		}
	}
	return false
}

func afterInSet(inside []history.Value, op *history.Op) [][]history.Value {
	if op.F == "add" {
		return [][]history.Value{append(slices.Clone(inside), op.Input)}
	}
	if op.Outcome == history.Info || op.Output.IsAbsent() {
		return [][]history.Value{inside}
	}
	seen, _ := op.Output.Elements()
	for i, v := range seen {
		if !slices.Contains(inside, v) || slices.Contains(seen[:i], v) {
			return nil
		}
	}
	for _, v := range inside {
		if !slices.Contains(seen, v) {
			return nil
		}
	}
	return [][]history.Value{inside}
}

func afterInLog(inside []history.Value, op *history.Op) [][]history.Value {
	if op.F == "append" {
		return [][]history.Value{append(slices.Clone(inside), op.Input)}
	}
	if seen, ok := op.Output.Elements(); ok && !slices.Equal(seen, inside) {
		return nil
	}
	return [][]history.Value{inside}
}

func afterInBag(inside []history.Value, op *history.Op) (next [][]history.Value) {
	if op.F == "enqueue" {
		return [][]history.Value{append(slices.Clone(inside), op.Input)}
	}
	isKnown := op.Outcome == history.OK && !op.Output.IsAbsent()
	if len(inside) == 0 && (!isKnown || op.Output.IsNull()) {
		return [][]history.Value{nil}
	}
	for i, v := range inside {
		if !isKnown || v == op.Output {
			next = append(next, slices.Delete(slices.Clone(inside), i, i+1))
		}
	}
	return next
}
