package checker

import (
	"cmp"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// agree compares a check with a definition of its promise that tries every
// explanation: on random histories both must give the same verdict.
func agree(t *testing.T, check string, histories *rapid.Generator[[]history.Op], define func(ops []history.Op) Verdict) {
	t.Helper()
	c, err := Parse(check)
	if err != nil {
		t.Fatal(err)
	}
	verdicts := map[Verdict]int{}
	compare := func(rt *rapid.T, ops []history.Op) {
		r, err := c.Check(t.Context(), &history.History{Ops: ops}, Options{}.withDefaults())
		if err != nil {
			return // a token that is no number, say
		}
		verdicts[r.Verdict]++
		if want := define(ops); r.Verdict != want {
			rt.Fatalf("got %s (%s), want %s\n%+v\n%s", r.Verdict, r.Reason, want, r.Anomalies, listing(ops))
		}
		if (r.Verdict == Invalid) != (len(r.Anomalies) > 0) || (r.Verdict == Unknown) != (r.Reason != "") {
			rt.Fatalf("%s with %d anomalies and the reason %q", r.Verdict, len(r.Anomalies), r.Reason)
		}
	}
	rapid.Check(t, func(rt *rapid.T) {
		for range 10 {
			compare(rt, histories.Draw(rt, "history"))
		}
	})
	if t.Log(verdicts); verdicts[Valid] == 0 || verdicts[Invalid] == 0 {
		t.Errorf("the histories do not try the check: %v", verdicts)
	}
}

func listing(ops []history.Op) (text string) {
	for _, op := range ops {
		end := "?"
		if op.Return != history.Never {
			end = history.Int(op.Return).String()
		}
		text += history.Int(op.Call).String() + ".." + end + " process " + op.Process.String() + " " +
			op.F + " " + op.Input.String() + " → " + op.Output.String() + " " + op.Outcome.String() + "\n"
	}
	return text
}

// arbitrary generates histories of n/2 to n operations by three clients, with
// short intervals and many ties. fill sets what an operation does and got; its
// result counts only where the outcome is ok.
func arbitrary(n int, fill func(t *rapid.T, op *history.Op)) *rapid.Generator[[]history.Op] {
	return rapid.Custom(func(t *rapid.T) []history.Op {
		var clock [3]int64
		process, next := [3]history.Process{0, 1, 2}, history.Process(3)
		var ops []history.Op
		for range rapid.IntRange(n/2, n).Draw(t, "operations") {
			c := rapid.IntRange(0, 2).Draw(t, "client")
			op := history.Op{Process: process[c], Call: clock[c] + rapid.SampledFrom([]int64{0, 1, 2, 4}).Draw(t, "idle")}
			op.Return = op.Call + rapid.SampledFrom([]int64{0, 1, 2, 3, 5}).Draw(t, "length")
			clock[c] = op.Return
			op.Input, op.Outcome = history.NullValue, history.OK
			fill(t, &op)
			switch rapid.SampledFrom([]int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}).Draw(t, "outcome") {
			case 8:
				op.Outcome, op.Return, op.Output = history.Info, history.Never, history.Value{}
				process[c] = next
				next++
			case 9:
				op.Outcome, op.Output = history.Fail, history.Value{}
			}
			ops = append(ops, op)
		}
		return indexed(ops)
	})
}

// indexed orders operations by call and gives them indexes.
func indexed(ops []history.Op) []history.Op {
	slices.SortStableFunc(ops, func(a, b history.Op) int { return cmp.Compare(a.Call, b.Call) })
	for i := range ops {
		ops[i].Invoked, ops[i].Completed = i, len(ops)+i
	}
	return ops
}

// ended appends a last operation, called when the others have returned or with
// the last of them.
func ended(histories *rapid.Generator[[]history.Op], last func(t *rapid.T, ops []history.Op) history.Op) *rapid.Generator[[]history.Op] {
	return rapid.Custom(func(t *rapid.T) []history.Op {
		ops := histories.Draw(t, "history")
		end := int64(0)
		for _, op := range ops {
			end = max(end, op.Call)
			if op.Return != history.Never {
				end = max(end, op.Return)
			}
		}
		op := last(t, ops)
		op.Process, op.Input, op.Outcome = 99, history.NullValue, history.OK
		op.Call = end + rapid.Int64Range(0, 1).Draw(t, "after")
		op.Return = op.Call + rapid.Int64Range(0, 1).Draw(t, "length")
		return indexed(append(ops, op))
	})
}

func small(t *rapid.T, label string) history.Value {
	return history.Int(rapid.Int64Range(1, 3).Draw(t, label))
}

// someOrder tries every order of the operations that respects real time, and
// for those of unknown outcome also that they never happened. step returns the
// states that an operation can lead to, none where it is impossible. States are
// not changed in place.
func someOrder[S any](ops []history.Op, state S, step func(S, history.Op) []S, accept func(S) bool) bool {
	ops = slices.DeleteFunc(slices.Clone(ops), func(op history.Op) bool { return op.Outcome == history.Fail })
	var try func(state S, left []history.Op) bool
	try = func(state S, left []history.Op) bool {
		if !slices.ContainsFunc(left, func(op history.Op) bool { return op.Outcome == history.OK }) && accept(state) {
			return true
		}
		for i, op := range left {
			if slices.ContainsFunc(left, func(other history.Op) bool { return other.Return < op.Call }) {
				continue
			}
			rest := slices.Delete(slices.Clone(left), i, i+1)
			if slices.ContainsFunc(step(state, op), func(next S) bool { return try(next, rest) }) {
				return true
			}
		}
		return false
	}
	return try(state, ops)
}
