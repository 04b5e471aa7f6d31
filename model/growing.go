package model

import (
	"errors"
	"fmt"
	"slices"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// growing is what objects have in common that only grow and are read as a whole.
type growing struct{}

func (growing) prepare(h *history.Op, op *Op) (bool, error) {
	if h.F != "read" {
		if !says(h.Input) {
			return false, errors.New(h.F + " without a value: expected the element")
		}
		op.Action, op.Put = Insert, h.Input
		return h.Outcome != history.Fail, nil
	}
	op.Action, op.Observes = Observe, true
	if !op.Certain || !says(op.Result) {
		return false, nil
	}
	if !op.Result.IsList() && !op.Result.IsNull() {
		return false, fmt.Errorf("read has the value %.60s: expected the list of members", op.Result)
	}
	return true, nil
}

func (growing) init() any { return elements(nil) }

func (growing) equal(a, b any) bool { return slices.Equal(a.(elements), b.(elements)) }

// members returns the members of a list that are among the wanted, where any
// are, and otherwise all.
func (growing) members(list history.Value, wanted map[history.Value]bool) []history.Value {
	members := []history.Value{}
	for v := range list.Each {
		if wanted == nil || wanted[v] {
			members = append(members, v)
		}
	}
	return members
}

// units: a read can go alone; an element goes with the operations that put it in
// and is erased from every read.
func (growing) units(ops []Op) []Unit {
	units := observations(ops)
	at := map[history.Value]int{}
	unit := func(v history.Value) *Unit {
		if _, ok := at[v]; !ok {
			at[v] = len(units)
			units = append(units, Unit{Member: v})
		}
		return &units[at[v]]
	}
	for i := range ops {
		for _, v := range ops[i].members {
			unit(v)
		}
		if !ops[i].Observes {
			u := unit(ops[i].Put)
			u.IDs = append(u.IDs, ops[i].ID)
		}
	}
	return units
}
