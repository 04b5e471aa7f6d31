package checker

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model/modeltest"
)

func queueHistories() *rapid.Generator[[]history.Op] {
	drawn := arbitrary(6, func(t *rapid.T, op *history.Op) {
		op.F = rapid.SampledFrom([]string{"enqueue", "dequeue"}).Draw(t, "f")
		switch {
		case op.F == "enqueue":
			op.Input = small(t, "value")
		case rapid.IntRange(0, 9).Draw(t, "said") > 0:
			op.Output = rapid.SampledFrom([]history.Value{history.NullValue, history.Int(1), history.Int(2), history.Int(3)}).Draw(t, "result")
		}
	})
	all := rapid.OneOf(drawn, modeltest.History("unordered-queue", 6))
	emptied := ended(all, func(*rapid.T, []history.Op) history.Op {
		return history.Op{F: "dequeue", Output: history.NullValue}
	})
	short := ended(modeltest.History("unordered-queue", 3), func(*rapid.T, []history.Op) history.Op {
		return history.Op{F: "dequeue", Output: history.NullValue}
	})
	return rapid.OneOf(all, emptied, emptied, short)
}

// Every dequeue gets an element that an enqueue has put in, a dequeue that does
// not say what it got took any element or none, and where the queue was seen
// empty after all that is known to have happened, nothing is inside.
func TestDeliveryAgreesWithItsDefinition(t *testing.T) {
	agree(t, "delivery", queueHistories(), func(ops []history.Op) Verdict {
		last, got := int64(-1), false
		for _, op := range ops {
			isEmpty := op.F == "dequeue" && op.Output.IsNull()
			if op.Outcome == history.OK && !isEmpty {
				last = max(last, op.Return)
				got = got || op.F == "dequeue" && !op.Output.IsAbsent()
			}
		}
		// Was it seen empty in the end? What was seen before proves nothing.
		emptied := false
		decisive := slices.DeleteFunc(slices.Clone(ops), func(op history.Op) bool {
			isEmpty := op.F == "dequeue" && op.Outcome == history.OK && op.Output.IsNull()
			emptied = emptied || isEmpty && op.Call > last
			return isEmpty && op.Call <= last
		})
		always := func([]history.Value) bool { return true }
		switch {
		case !someOrder(decisive, nil, stepQueue, always):
			return Invalid
		case !got || !emptied:
			return Unknown
		}
		return Valid
	})
}

func stepQueue(inside []history.Value, op history.Op) [][]history.Value {
	without := func(i int) []history.Value { return slices.Delete(slices.Clone(inside), i, i+1) }
	switch {
	case op.F == "enqueue":
		return [][]history.Value{append(slices.Clone(inside), op.Input)}
	case op.Outcome == history.Info || op.Output.IsAbsent():
		next := [][]history.Value{inside}
		for i := range inside {
			next = append(next, without(i))
		}
		return next
	case op.Output.IsNull():
		if len(inside) > 0 {
			return nil
		}
		return [][]history.Value{inside}
	}
	at := slices.Index(inside, op.Output)
	if at < 0 {
		return nil
	}
	return [][]history.Value{without(at)}
}
