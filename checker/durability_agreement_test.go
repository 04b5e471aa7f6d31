package checker

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model/modeltest"
)

func setHistories() *rapid.Generator[[]history.Op] {
	members := func(t *rapid.T, ops []history.Op) history.Value {
		var found []history.Value
		for _, op := range ops {
			if op.F == "add" && !slices.Contains(found, op.Input) && rapid.IntRange(0, 7).Draw(t, "present") > 0 {
				found = append(found, op.Input)
			}
		}
		if len(found) == 0 && rapid.Bool().Draw(t, "null") {
			return history.NullValue
		}
		return history.List(found...)
	}
	drawn := arbitrary(6, func(t *rapid.T, op *history.Op) {
		op.F = rapid.SampledFrom([]string{"add", "add", "read"}).Draw(t, "f")
		if op.F == "add" {
			op.Input = small(t, "value")
		} else if rapid.IntRange(0, 9).Draw(t, "said") > 0 {
			op.Output = history.List(rapid.SliceOfNDistinct(rapid.Custom(func(t *rapid.T) history.Value { return small(t, "member") }), 0, 3, rapid.ID).Draw(t, "members")...)
		}
	})
	all := rapid.OneOf(drawn, modeltest.History("set", 6))
	read := func(t *rapid.T, ops []history.Op) history.Op {
		return history.Op{F: "read", Output: members(t, ops)}
	}
	return rapid.OneOf(all, ended(all, read), ended(ended(all, read), read))
}

// keeping is a state of the search: what was added so far, and whether the last
// read so far had all that was acknowledged and nothing else.
type keeping struct {
	added []history.Value
	whole bool
}

// There is an order of everything in which the last read has every acknowledged
// element, and no other but those that were added before it.
func TestDurabilityAgreesWithItsDefinition(t *testing.T) {
	agree(t, "durability", setHistories(), func(ops []history.Op) Verdict {
		var acknowledged []history.Value
		last := int64(-1)
		for _, op := range ops {
			if op.F == "add" && op.Outcome == history.OK {
				acknowledged = append(acknowledged, op.Input)
				last = max(last, op.Return)
			}
		}
		isRead := func(op history.Op) bool {
			return op.F == "read" && op.Outcome == history.OK && !op.Output.IsAbsent()
		}
		if !slices.ContainsFunc(ops, func(op history.Op) bool { return isRead(op) && op.Call > last }) {
			return Unknown
		}
		step := func(k keeping, op history.Op) []keeping {
			switch {
			case op.F == "add":
				return []keeping{{append(slices.Clone(k.added), op.Input), k.whole}}
			case !isRead(op):
				return []keeping{k}
			}
			members, _ := op.Output.Elements()
			whole := containsAll(members, acknowledged) && containsAll(k.added, members)
			return []keeping{{k.added, whole}}
		}
		switch {
		case !someOrder(ops, keeping{}, step, func(k keeping) bool { return k.whole }):
			return Invalid
		case len(acknowledged) == 0:
			return Unknown
		}
		return Valid
	})
}

func containsAll(all, some []history.Value) bool {
	return !slices.ContainsFunc(some, func(v history.Value) bool { return !slices.Contains(all, v) })
}
