package checker

import (
	"slices"
	"testing"

	"github.com/anishathalye/porcupine"
	"pgregory.net/rapid"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model"
)

// crowded generates the history of a FIFO queue of few values, nearly all put in
// once, by many processes at the same time; in most histories a result or two is
// wrong.
func crowded(n int) *rapid.Generator[[]history.Op] {
	return rapid.Custom(func(t *rapid.T) []history.Op {
		ops := make([]history.Op, rapid.IntRange(2, n).Draw(t, "operations"))
		var inside []history.Value
		for i := range ops {
			now := int64(3 * i)
			op := history.Op{Process: history.Process(i), Input: history.NullValue, Outcome: history.OK, F: "dequeue", Output: history.NullValue}
			op.Call = max(0, now-rapid.Int64Range(0, 9).Draw(t, "before"))
			op.Return = now + rapid.Int64Range(0, 9).Draw(t, "after")
			switch {
			case rapid.Bool().Draw(t, "enqueue"):
				op.F, op.Input = "enqueue", history.Int(int64(i))
				if rapid.IntRange(0, 9).Draw(t, "again") == 0 {
					op.Input = small(t, "value")
				}
				op.Output = op.Input
				inside = append(inside, op.Input)
			case len(inside) > 0:
				op.Output, inside = inside[0], inside[1:]
			}
			if rapid.IntRange(0, 5).Draw(t, "unknown") == 0 {
				op.Outcome, op.Return, op.Output = history.Info, history.Never, history.Value{}
			}
			ops[i] = op
		}
		for range rapid.IntRange(0, 2).Draw(t, "wrong") {
			x, y := rapid.IntRange(0, len(ops)-1).Draw(t, "x"), rapid.IntRange(0, len(ops)-1).Draw(t, "y")
			if ops[x].F == "dequeue" && ops[y].F == "dequeue" && ops[x].Outcome == history.OK && ops[y].Outcome == history.OK {
				ops[x].Output, ops[y].Output = ops[y].Output, ops[x].Output
			}
		}
		return indexed(ops)
	})
}

// What shortens the search for FIFO queues changes no answer, neither for whole
// histories nor for the prefixes of which witnesses are made.
func TestAShorterSearchGivesTheSameAnswer(t *testing.T) {
	m, err := model.Parse("fifo-queue")
	if err != nil {
		t.Fatal(err)
	}
	answers := map[answer]int{}
	rapid.Check(t, func(rt *rapid.T) {
		for range 50 { // the ties that matter are rare
			ops := crowded(10).Draw(rt, "history")
			all, err := m.Prepare(ops)
			if err != nil {
				rt.Fatal(err)
			}
			if rapid.Bool().Draw(rt, "cut") {
				all = knownBy(m, all, rapid.Int64Range(0, 30).Draw(rt, "end"))
			}
			got := tryPorcupine(rt.Context(), m, m.Porcupine(), all, bound{bytes: 1 << 30})
			answers[got]++
			if want := searchPlainly(m, all); got != want {
				rt.Fatalf("got %d, want %d of\n%s", got, want, listing(ops))
			}
		}
	})
	if answers[legal] == 0 || answers[illegal] == 0 {
		t.Errorf("the histories do not try the search: %v", answers)
	}
}

// searchPlainly gives porcupine the operations as they are.
func searchPlainly(m model.Model, ops []model.Op) answer {
	ops = slices.Clone(ops)
	var plain []porcupine.Operation
	for i := range ops {
		plain = append(plain, porcupine.Operation{ClientId: i, Input: &ops[i], Call: ops[i].Call, Return: ops[i].Return})
	}
	if porcupine.CheckOperations(m.Porcupine(), plain) {
		return legal
	}
	return illegal
}
