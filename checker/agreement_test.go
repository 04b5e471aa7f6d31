package checker

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model/modeltest"
)

// agree compares a check with a definition of its promise that tries every
// explanation, on small random histories. possible returns whether there is one,
// and false for decides where the check may say that it does not know.
func agree(t *testing.T, check, kind string, operations int, possible func(ops []history.Op) (possible, decides bool)) {
	t.Helper()
	c, err := Parse(check)
	if err != nil {
		t.Fatal(err)
	}
	verdicts := map[Verdict]int{}
	rapid.Check(t, func(rt *rapid.T) {
		for range rapid.IntRange(1, 40).Draw(rt, "histories") { // so many that both verdicts are sure to come
			ops := finish(rt, kind, modeltest.History(kind, operations).Draw(rt, "history"))
			r, err := c.Check(t.Context(), &history.History{Ops: ops}, Options{}.withDefaults())
			if err != nil {
				continue // a token that is no number, say
			}
			verdicts[r.Verdict]++
			ok, decides := possible(ops)
			if wrong := contradicts(r, ok, decides); wrong != "" {
				rt.Fatalf("%s: got %s %+v\n%+v", wrong, r.Verdict, r.Anomalies, ops)
			}
		}
	})
	if verdicts[Valid] < 2 || verdicts[Invalid] < 2 {
		t.Errorf("the histories do not try the check: %v", verdicts)
	}
}

// contradicts says how a result is not what the definition says.
func contradicts(r Result, possible, decides bool) string {
	switch {
	case r.Verdict == Invalid && possible:
		return "a false alarm"
	case r.Verdict != Invalid && !possible:
		return "missed"
	case r.Verdict == Unknown && decides:
		return "undecided, but it can be decided"
	}
	return ""
}

// finish appends what a run does in the end: a last read of the set, a queue
// found empty.
func finish(t *rapid.T, kind string, ops []history.Op) []history.Op {
	end := int64(0)
	for i := range ops {
		end = max(end, ops[i].Call)
		if ops[i].Return != history.Never {
			end = max(end, ops[i].Return)
		}
	}
	last := history.Op{
		Process: 99, Input: history.NullValue, Outcome: history.OK, Invoked: 2 * len(ops), Completed: 2*len(ops) + 1,
		Call: end + rapid.Int64Range(0, 1).Draw(t, "after"),
	}
	last.Return = last.Call + 1
	switch kind {
	case "set":
		last.F = "read"
		var members []history.Value
		for _, op := range ops {
			if op.F == "add" && op.Outcome != history.Fail && rapid.IntRange(0, 7).Draw(t, "present") > 0 && !slices.Contains(members, op.Input) {
				members = append(members, op.Input)
			}
		}
		last.Output = history.List(members...)
	case "unordered-queue":
		if !rapid.Bool().Draw(t, "drained") {
			return ops
		}
		last.F, last.Output = "dequeue", history.NullValue
	default:
		return ops
	}
	return append(ops, last)
}

func TestDurabilityAgreesWithItsDefinition(t *testing.T) {
	agree(t, "durability", "set", 8, func(ops []history.Op) (bool, bool) {
		// The last read that began after every acknowledged add had returned.
		final := -1
		for i, read := range ops {
			_, after := read.Output.Elements()
			for _, add := range ops {
				after = after && !(add.F == "add" && add.Outcome == history.OK && add.Return >= read.Call)
			}
			if read.F == "read" && read.Outcome == history.OK && after {
				final = i
			}
		}
		if final < 0 {
			return true, false
		}
		members, _ := ops[final].Output.Elements()
		ok := true
		for _, v := range members {
			ok = ok && slices.ContainsFunc(ops, func(op history.Op) bool {
				return op.F == "add" && op.Input == v && op.Outcome != history.Fail && op.Call <= ops[final].Return
			})
		}
		for _, op := range ops {
			ok = ok && (op.F != "add" || op.Outcome != history.OK || slices.Contains(members, op.Input))
		}
		return ok, false
	})
}

func TestDeliveryAgreesWithItsDefinition(t *testing.T) {
	agree(t, "delivery", "unordered-queue", 8, func(ops []history.Op) (bool, bool) {
		var unknown []history.Value // of enqueues
		in, out, open := map[history.Value]int{}, map[history.Value]int{}, 0
		lastKnown, emptied := int64(-1), false
		for _, op := range ops {
			switch {
			case op.Outcome == history.Fail:
			case op.F == "enqueue" && op.Outcome == history.OK:
				in[op.Input]++
			case op.F == "enqueue":
				unknown = append(unknown, op.Input)
			case op.Outcome == history.Info || op.Output.IsAbsent():
				open++
			case !op.Output.IsNull():
				out[op.Output]++
			}
			if op.Outcome == history.OK && (op.F == "enqueue" || !op.Output.IsNull()) {
				lastKnown = max(lastKnown, op.Return)
			}
		}
		for _, op := range ops {
			emptied = emptied || op.F == "dequeue" && op.Outcome == history.OK && op.Output.IsNull() && op.Call > lastKnown
		}
		// Any of the unknown enqueues may have happened.
		for subset := range 1 << len(unknown) {
			total := map[history.Value]int{}
			for v, n := range in {
				total[v] += n
			}
			for i, v := range unknown {
				if subset>>i&1 == 1 {
					total[v]++
				}
			}
			explained, left := true, 0
			for v, n := range out {
				explained = explained && total[v] >= n
			}
			for v, n := range total {
				left += max(0, n-out[v])
			}
			if explained && (!emptied || left <= open) {
				return true, false
			}
		}
		return false, true
	})
}

func TestExclusionAgreesWithItsDefinition(t *testing.T) {
	agree(t, "exclusion", "mutex", 20, func(ops []history.Op) (bool, bool) {
		type belief struct{ from, to int64 }
		var beliefs []belief
		for _, grant := range ops {
			if grant.F != "acquire" || grant.Outcome != history.OK || grant.Output.IsFalse() {
				continue
			}
			if _, held := grant.Output.Field("held_by"); held {
				continue
			}
			ended, heard := int64(math.MaxInt64), grant.Return
			for _, op := range ops {
				mine := op.Process == grant.Process
				named := !op.Input.IsNull() && (op.Input == grant.Output || op.Input == grant.Input)
				if op.F == "release" && op.Call >= grant.Return && (mine || named) {
					ended = min(ended, op.Call)
				}
				if mine {
					heard = max(heard, op.Call)
					if op.Return != history.Never {
						heard = max(heard, op.Return)
					}
				}
			}
			if ended == math.MaxInt64 {
				ended = heard
			}
			beliefs = append(beliefs, belief{grant.Return, ended})
		}
		for i, a := range beliefs {
			for _, b := range beliefs[i+1:] {
				if max(a.from, b.from) < min(a.to, b.to) {
					return false, true
				}
			}
		}
		return true, len(beliefs) > 0
	})
}

func TestFencingAgreesWithItsDefinition(t *testing.T) {
	agree(t, "fencing", "fenced-mutex", 10, func(ops []history.Op) (bool, bool) {
		var grants []history.Op
		for _, op := range ops {
			if _, isNumber := op.Output.Int(); op.F == "acquire" && op.Outcome == history.OK && isNumber {
				grants = append(grants, op)
			}
		}
		return growing(grants, math.MinInt64), len(grants) > 0
	})
}

// growing reports whether the grants have an order that respects real time and
// in which their tokens grow from there.
func growing(grants []history.Op, last int64) bool {
	if len(grants) == 0 {
		return true
	}
	for i, first := range grants {
		n, _ := first.Output.Int()
		may := n > last
		for _, other := range grants {
			may = may && other.Return >= first.Call
		}
		if may && growing(slices.Delete(slices.Clone(grants), i, i+1), n) {
			return true
		}
	}
	return false
}
