package checker

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model/modeltest"
)

// lockHistories name tokens that are unique, repeated, or none at all.
func lockHistories() *rapid.Generator[[]history.Op] {
	drawn := arbitrary(12, func(t *rapid.T, op *history.Op) {
		op.F = rapid.SampledFrom([]string{"acquire", "release", "write"}).Draw(t, "f")
		token := rapid.SampledFrom([]history.Value{
			history.NullValue, history.Bool(true), history.Int(1), history.Int(2), history.Int(3), history.Int(4),
		}).Draw(t, "token")
		if op.F == "acquire" && rapid.Bool().Draw(t, "named") || op.F == "release" {
			op.Input = token
		}
		switch {
		case op.F != "acquire" || rapid.Bool().Draw(t, "said"):
		case rapid.IntRange(0, 4).Draw(t, "refused") == 0:
			op.Output = rapid.SampledFrom([]history.Value{history.Bool(false), history.Object("held_by", token)}).Draw(t, "answer")
		default:
			op.Output = token
		}
	})
	return rapid.OneOf(drawn, drawn, drawn, modeltest.History("mutex", 12))
}

// A belief is walked moment by moment: who believes to hold the lock, and who
// stops to.
func TestExclusionAgreesWithItsDefinition(t *testing.T) {
	agree(t, "exclusion", lockHistories(), func(ops []history.Op) Verdict {
		var beliefs [][2]int64
		for _, op := range ops {
			if isGrant(op) {
				beliefs = append(beliefs, [2]int64{op.Return, beliefEnd(ops, op)})
			}
		}
		for i, a := range beliefs {
			for _, b := range beliefs[:i] {
				if max(a[0], b[0]) < min(a[1], b[1]) {
					return Invalid
				}
			}
		}
		if len(beliefs) == 0 {
			return Unknown
		}
		return Valid
	})
}

func isGrant(op history.Op) bool {
	_, held := op.Output.Field("held_by")
	return op.F == "acquire" && op.Outcome == history.OK && !op.Output.IsFalse() && !held
}

// carries reports whether a grant goes by that name.
func carries(grant history.Op, token history.Value) bool {
	none := []history.Value{history.NullValue, history.Bool(true), {}}
	return !slices.Contains(none, token) && (grant.Input == token || grant.Output == token)
}

func beliefEnd(ops []history.Op, grant history.Op) int64 {
	ended, heard := int64(math.MaxInt64), grant.Return
	for i, op := range ops {
		mine := op.Process == grant.Process
		if mine {
			heard = max(heard, op.Call)
			if op.Return != history.Never {
				heard = max(heard, op.Return)
			}
		}
		switch after := op.Invoked > grant.Invoked; {
		case mine && after && op.F == "write" && op.Outcome == history.Fail:
			ended = min(ended, op.Return)
		case mine && after && op.F != "write":
			ended = min(ended, op.Call)
		case !mine && op.F == "release" && op.Call >= grant.Return && carries(grant, op.Input):
			// Not if it can be a release of an acquisition of its own.
			own, bearers := false, 0
			for _, other := range ops {
				if isGrant(other) && carries(other, op.Input) {
					bearers++
					own = own || other.Process == op.Process && other.Return <= ops[i].Call
				}
			}
			if !own {
				ended = min(ended, op.Call)
				if bearers > 1 {
					ended = min(ended, lastHeard(ops, grant.Process))
				}
			}
		}
	}
	if ended == math.MaxInt64 {
		return heard
	}
	return max(ended, grant.Return)
}

func lastHeard(ops []history.Op, p history.Process) (last int64) {
	for _, op := range ops {
		if op.Process == p {
			last = max(last, op.Call)
			if op.Return != history.Never {
				last = max(last, op.Return)
			}
		}
	}
	return last
}

func fencedHistories() *rapid.Generator[[]history.Op] {
	drawn := arbitrary(6, func(t *rapid.T, op *history.Op) {
		op.F = rapid.SampledFrom([]string{"acquire", "acquire", "write", "write", "release"}).Draw(t, "f")
		token := history.Int(rapid.Int64Range(1, 12).Draw(t, "token"))
		switch {
		case op.F != "acquire":
			op.Input = token
		case rapid.IntRange(0, 4).Draw(t, "refused") == 0:
			op.Output = rapid.SampledFrom([]history.Value{history.Bool(false), history.Object("held_by", token)}).Draw(t, "answer")
		default:
			op.Output = token
		}
	})
	return rapid.OneOf(drawn, drawn, modeltest.History("fenced-mutex", 6))
}

// There is an order of the grants in which their tokens grow, and one of the
// accepted writes in which theirs do not fall.
func TestFencingAgreesWithItsDefinition(t *testing.T) {
	agree(t, "fencing", fencedHistories(), func(ops []history.Op) Verdict {
		always := func(int64) bool { return true }
		atLeast := func(number func(history.Op) history.Value, least int64) func(int64, history.Op) []int64 {
			return func(last int64, op history.Op) []int64 {
				n, _ := number(op).Int()
				if n < last+least {
					return nil
				}
				return []int64{n}
			}
		}
		grants, writes := only(ops, isGrant), only(ops, func(op history.Op) bool {
			return op.F == "write" && op.Outcome == history.OK
		})
		grow := atLeast(func(op history.Op) history.Value { return op.Output }, 1)
		stay := atLeast(func(op history.Op) history.Value { return op.Input }, 0)
		switch {
		case !someOrder(grants, 0, grow, always) || !someOrder(writes, 0, stay, always):
			return Invalid
		case len(grants) == 0:
			return Unknown
		}
		return Valid
	})
}

func only(ops []history.Op, keep func(history.Op) bool) []history.Op {
	return slices.DeleteFunc(slices.Clone(ops), func(op history.Op) bool { return !keep(op) })
}
