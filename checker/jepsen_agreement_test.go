package checker

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// byEvents renumbers a history so that its events stand in the order of their
// times, an invocation before a completion at the same time.
func byEvents(histories *rapid.Generator[[]history.Op]) *rapid.Generator[[]history.Op] {
	return rapid.Custom(func(t *rapid.T) []history.Op {
		ops := histories.Draw(t, "history")
		type event struct {
			at   int64
			last bool
			op   int
		}
		var events []event
		for i := range ops {
			events = append(events, event{ops[i].Call, false, i})
			if ops[i].Return != history.Never {
				events = append(events, event{ops[i].Return, true, i})
			}
		}
		slices.SortStableFunc(events, func(a, b event) int {
			switch {
			case a.at != b.at:
				return int(a.at - b.at)
			case a.last == b.last:
				return 0
			case a.last:
				return 1
			}
			return -1
		})
		for i := range ops {
			ops[i].Completed = -1
		}
		for i, e := range events {
			if e.last {
				ops[e.op].Completed = i
			} else {
				ops[e.op].Invoked = i
			}
		}
		slices.SortFunc(ops, byInvocation)
		return ops
	})
}

// Jepsen's description of set-full, element by element and read by read.
func TestSetFullAgreesWithItsDefinition(t *testing.T) {
	histories := arbitrary(9, func(t *rapid.T, op *history.Op) {
		op.F = rapid.SampledFrom([]string{"add", "read", "read"}).Draw(t, "f")
		op.Input = small(t, "element")
		if op.F == "read" {
			op.Output = history.List(rapid.SliceOfDistinct(rapid.Map(rapid.Int64Range(1, 3), history.Int), rapid.ID[history.Value]).Draw(t, "members")...)
			op.Input = history.NullValue
		}
	})
	for _, linearizable := range []bool{false, true} {
		check := "set-full"
		if linearizable {
			check = "set-full(linearizable)"
		}
		agree(t, check, byEvents(histories), func(ops []history.Op) Verdict { return setFullByDefinition(ops, linearizable) })
	}
}

func setFullByDefinition(ops []history.Op, linearizable bool) Verdict {
	var reads []history.Op
	first := map[history.Value]history.Op{}
	attempted := map[history.Value][]history.Op{}
	for _, op := range ops {
		if op.F == "read" && op.Outcome == history.OK {
			reads = append(reads, op)
		}
		if op.F == "add" {
			if _, ok := first[op.Input]; !ok {
				first[op.Input] = op
			}
			attempted[op.Input] = append(attempted[op.Input], op)
		}
	}
	stable, broken := 0, false
	contains := func(r history.Op, v history.Value) bool {
		members, _ := r.Output.Elements()
		return slices.Contains(members, v)
	}
	for _, n := range []int64{1, 2, 3} {
		v := history.Int(n)
		add, ok := first[v]
		known, present, absent := -1, -1, -1
		failed := true
		for _, a := range attempted[v] {
			failed = failed && a.Outcome == history.Fail
			if a.Outcome == history.OK && (known < 0 || a.Completed < known) {
				known = a.Completed
			}
		}
		for _, r := range reads {
			switch has := contains(r, v); {
			case has && (!ok || failed || r.Completed < add.Invoked):
				broken = true
			case r.Completed < add.Invoked || !ok || failed:
			case has:
				present = max(present, r.Invoked)
				if known < 0 || r.Completed < known {
					known = r.Completed
				}
			default:
				absent = max(absent, r.Invoked)
			}
		}
		missed := known >= 0 && known < absent
		switch {
		case present > absent:
			stable++
			broken = broken || linearizable && missed
		case missed:
			broken = true
		}
	}
	switch {
	case broken:
		return Invalid
	case stable == 0:
		return Unknown
	}
	return Valid
}

// The bounds of a read are those over all choices of what had happened.
func TestBoundsCounterAgreesWithItsDefinition(t *testing.T) {
	histories := arbitrary(8, func(t *rapid.T, op *history.Op) {
		op.F = rapid.SampledFrom([]string{"add", "add", "read"}).Draw(t, "f")
		op.Input = history.Int(rapid.Int64Range(-1, 2).Draw(t, "amount"))
		if op.F == "read" {
			op.Input, op.Output = history.NullValue, history.Int(rapid.Int64Range(-2, 6).Draw(t, "total"))
		}
	})
	agree(t, "bounds-counter", byEvents(histories), func(ops []history.Op) Verdict {
		verdict := Unknown
		for _, r := range ops {
			if r.F != "read" || r.Outcome != history.OK {
				continue
			}
			if verdict == Unknown {
				verdict = Valid
			}
			lower, upper := int64(0), int64(0)
			for _, a := range ops {
				n, _ := a.Input.Int()
				switch {
				case a.F != "add" || a.Outcome == history.Fail || a.Invoked > r.Completed:
				case a.Outcome == history.OK && a.Completed < r.Invoked:
					lower, upper = lower+n, upper+n
				default:
					lower, upper = lower+min(n, 0), upper+max(n, 0)
				}
			}
			if total, _ := r.Output.Int(); total < lower || total > upper {
				verdict = Invalid
			}
		}
		return verdict
	})
}
