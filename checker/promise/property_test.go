package promise

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// executed generates histories of up to n operations as some execution gives them:
// one after another in a random order, by four processes on three keys, with some
// outcomes unknown, of which some did not happen or happened much later. The times
// are around those of the execution: it is linearizable.
func executed(kind string, n int) *rapid.Generator[[]history.Op] {
	return rapid.Custom(func(t *rapid.T) []history.Op {
		state := map[string][]history.Value{}
		type late struct {
			op history.Op
			at int
		}
		var (
			ops     []history.Op
			pending []late
			free    [4]int64
		)
		process := []history.Process{0, 1, 2, 3}
		apply := func(op *history.Op) bool {
			now := state[op.Key]
			last := history.NullValue
			if len(now) > 0 {
				last = now[len(now)-1]
			}
			switch need, put, _ := op.Input.Pair(); {
			case op.F == "read" && kind == "set":
				op.Output = history.List(now...)
			case op.F == "read":
				op.Output = last
			case op.F == "cas" && last != need:
				return false
			case op.F == "cas":
				state[op.Key] = append(slices.Clone(now), put)
			default:
				state[op.Key] = append(slices.Clone(now), op.Input)
			}
			return true
		}
		for i := range rapid.IntRange(1, n).Draw(t, "operations") {
			for len(pending) > 0 && pending[0].at <= i {
				apply(&pending[0].op)
				pending = pending[1:]
			}
			p := rapid.IntRange(0, 3).Draw(t, "process")
			at := int64(20 * (i + 1))
			op := history.Op{Process: process[p], Key: fmt.Sprint("k", rapid.IntRange(0, 2).Draw(t, "key")), Outcome: history.OK}
			op.F = rapid.SampledFrom(forms(kind)).Draw(t, "f")
			op.Call = max(free[p]+1, at-rapid.Int64Range(0, 60).Draw(t, "before"))
			op.Return = at + rapid.Int64Range(0, 19).Draw(t, "after")
			switch op.F {
			case "write", "add":
				op.Input = history.Int(int64(i + 1))
			case "cas":
				need := history.NullValue
				if now := state[op.Key]; len(now) > 0 {
					need = now[len(now)-1]
				}
				op.Input = history.List(need, history.Int(int64(i+1)))
			}
			fate := rapid.IntRange(0, 9).Draw(t, "fate")
			if fate > 0 || op.F == "read" {
				if !apply(&op) {
					t.Fatal("a compare-and-set failed that cannot")
				}
			} else if rapid.Bool().Draw(t, "happens") {
				pending = append(pending, late{op, i + rapid.IntRange(1, 5).Draw(t, "delay")})
				slices.SortStableFunc(pending, func(a, b late) int { return cmp.Compare(a.at, b.at) })
			}
			if free[p] = op.Return; fate == 0 {
				op.Outcome, op.Return, op.Output = history.Info, history.Never, history.Value{}
				process[p] += 4
			}
			ops = append(ops, op)
		}
		return numbered(ops)
	})
}

// numbered orders operations by invocation.
func numbered(ops []history.Op) []history.Op {
	slices.SortStableFunc(ops, func(a, b history.Op) int { return cmp.Compare(a.Call, b.Call) })
	for i := range ops {
		ops[i].Invoked, ops[i].Completed = 2*i, 2*i+1
	}
	return ops
}

// shifted moves each process in time by as much as it likes: what is sequential
// stays so, and seldom linearizable.
func shifted(t *rapid.T, ops []history.Op) []history.Op {
	ops = slices.Clone(ops)
	by := map[history.Process]int64{}
	for i := range ops {
		op := &ops[i]
		if _, ok := by[op.Process%4]; !ok {
			by[op.Process%4] = rapid.Int64Range(0, 2000).Draw(t, "shift")
		}
		op.Call += by[op.Process%4]
		if op.Outcome == history.OK {
			op.Return += by[op.Process%4]
		}
	}
	return numbered(ops)
}

// No rung is violated below one that holds.
func TestWhatIsLinearizableKeepsTheRest(t *testing.T) {
	for _, kind := range kinds {
		t.Run(kind, func(t *testing.T) {
			rapid.Check(t, func(rt *rapid.T) {
				ops := executed(kind, 60).Draw(rt, "history")
				tape := mustRead(t, kind, ops)
				if f := tape.sequential(t.Context()); f.breach != nil || f.open != "" {
					rt.Fatalf("sequential: %+v, %q", f.breach, f.open)
				}
				for g := range guarantees {
					if f := g.judge(t.Context(), tape); f.breach != nil || f.open != "" || g.tested(t.Context(), tape) != (f.tests > 0) {
						rt.Fatalf("%s: %+v, %q, %d tests", g.kind(), f.breach, f.open, f.tests)
					}
				}
				if got := climbed(rt, &history.History{Ops: ops}, "linearizable("+kind+")")[0]; got.Standing == Violated {
					rt.Fatalf("the generator's history is not linearizable: %+v", got)
				}
			})
		})
	}
}

func TestWhatIsSequentialKeepsTheRest(t *testing.T) {
	for _, kind := range kinds {
		t.Run(kind, func(t *testing.T) {
			notLinearizable := 0
			rapid.Check(t, func(rt *rapid.T) {
				ops := shifted(rt, executed(kind, 40).Draw(rt, "history"))
				rungs := climbed(rt, &history.History{Ops: ops}, "linearizable("+kind+")")
				if rungs[0].Standing == Violated {
					notLinearizable++
				}
				for _, r := range rungs[1:6] {
					if r.Standing == Violated || r.Name == "sequential" && r.Standing != Held && mustRead(t, kind, ops).observations() > 0 {
						rt.Fatalf("%s: %s %s %+v", r.Name, r.Standing, r.Reason, r.Witness)
					}
				}
			})
			if notLinearizable == 0 {
				t.Error("every history was linearizable: nothing was tried")
			}
		})
	}
}

// A read that went back is found in a large legal history, with a witness of few
// operations that is wrong by itself.
func TestMutationsAreFound(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		ops := executed("register", 200).Draw(rt, "history")
		var reads []int
		for i := range ops {
			if ops[i].F == "read" && ops[i].Outcome == history.OK && !ops[i].Output.IsNull() {
				reads = append(reads, i)
			}
		}
		if len(reads) == 0 {
			return
		}
		first := rapid.SampledFrom(reads).Draw(rt, "read")
		for i := first + 1; i < len(ops); i++ {
			if op := &ops[i]; op.F == "read" && op.Outcome == history.OK && op.Key == ops[first].Key && op.Process == ops[first].Process {
				op.Output = history.NullValue
				rungs := climbed(rt, &history.History{Ops: ops}, "linearizable(register)")
				if got := standings(rungs, 6); got[0] != 'V' || got[1] != 'V' || got[3] != 'V' {
					rt.Fatalf("got %s", got)
				}
				if n := len(rungs[3].Witness.Ops); n > 4 {
					rt.Fatalf("a witness of %d operations", n)
				}
				return
			}
		}
	})
}

// What is saturated or scheduled says the same as a search of all orders, on
// histories that are nearly sequential and too large for the tests above.
func TestSequentialAgreesWithItsSearch(t *testing.T) {
	for _, kind := range []string{"register", "cas-register"} {
		t.Run(kind, func(t *testing.T) {
			held, violated := 0, 0
			rapid.Check(t, func(rt *rapid.T) {
				ops := shifted(rt, executed(kind, 25).Draw(rt, "history"))
				for range rapid.IntRange(0, 3).Draw(rt, "mutations") {
					exchange(rt, ops)
				}
				tape := mustRead(t, kind, ops)
				f, q := tape.sequential(t.Context()), newQuest(t.Context(), tape, maxStates)
				found := tape.impossible() == nil && q.try()
				if q.stopped || f.open != "" {
					return
				}
				if found != (f.breach == nil) {
					rt.Fatalf("%+v, but a search says %v", f.breach, found)
				}
				if found {
					held++
					return
				}
				violated++
				proof := mustRead(t, kind, only(ops, f.breach, tape))
				if proof.impossible() == nil && newQuest(t.Context(), proof, maxStates).try() {
					rt.Fatalf("the witness proves nothing: %+v", f.breach)
				}
			})
			if held == 0 || violated == 0 {
				t.Errorf("%d held, %d violated: nothing was tried", held, violated)
			}
		})
	}
}

// exchange gives two reads of a key the results of each other.
func exchange(t *rapid.T, ops []history.Op) {
	reads := map[string][]int{}
	for i := range ops {
		if op := &ops[i]; op.F == "read" && op.Outcome == history.OK {
			reads[op.Key] = append(reads[op.Key], i)
		}
	}
	some := reads[fmt.Sprint("k", rapid.IntRange(0, 2).Draw(t, "key"))]
	if len(some) < 2 {
		return
	}
	a, b := &ops[rapid.SampledFrom(some).Draw(t, "a")], &ops[rapid.SampledFrom(some).Draw(t, "b")]
	a.Output, b.Output = b.Output, a.Output
}

// Whatever was not decided when the context ended is not claimed.
func TestInterruptedLaddersClaimNothingFalse(t *testing.T) {
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	rapid.Check(t, func(rt *rapid.T) {
		h := &history.History{Ops: wild("register", 7, true).Draw(rt, "history")}
		rungs, err := Ladder(ended, h, Given{Checks: []string{"linearizable(register)"}})
		if err != nil {
			rt.Fatal(err)
		}
		whole := climbed(rt, h, "linearizable(register)")
		for i, r := range rungs {
			if r.Standing != NotDecided && r.Standing != whole[i].Standing {
				rt.Fatalf("%s: %s, and when it is not interrupted %s", r.Name, r.Standing, whole[i].Standing)
			}
		}
	})
}
