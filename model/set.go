package model

import (
	"errors"
	"fmt"
	"slices"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// set only grows. Its state is the sorted members, never changed in place.
type set struct{}

func makeSet(string) (spec, error) { return set{}, nil }

func (set) prepare(h *history.Op, op *Op) (bool, error) {
	if h.F == "add" {
		if !says(h.Input) {
			return false, errors.New("add without a value: expected the element")
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

// digest parses what a read saw, which a search compares with every state.
func (set) digest(op *Op) {
	if op.Observes {
		op.members = membersAmong(op.Result, nil)
	}
}

// membersAmong returns the members of a list, sorted and once each: those among
// the wanted, where any are.
func membersAmong(list history.Value, wanted map[history.Value]bool) []history.Value {
	members := []history.Value{}
	for v := range list.Each {
		if wanted == nil || wanted[v] {
			members = append(members, v)
		}
	}
	if !slices.IsSortedFunc(members, history.Value.Compare) {
		sortValues(members)
	}
	return slices.Compact(members)
}

func (set) init() any { return elements(nil) }

func (set) step(state any, op *Op) (bool, any) {
	e := state.(elements)
	if op.Observes {
		return slices.Equal(e, op.members), e
	}
	at, found := slices.BinarySearchFunc(e, op.Put, history.Value.Compare)
	if found {
		return true, e
	}
	return true, inserted(e, at, op.Put)
}

func (set) equal(a, b any) bool       { return slices.Equal(a.(elements), b.(elements)) }
func (set) describe(state any) string { return describeList('{', state.(elements), '}') }

func (set) hash(state any) uint64 {
	var h uint64
	for _, v := range state.(elements) {
		h += v.Hash()
	}
	return h
}

// units: a read can go alone; an element goes with its adds and is erased from
// every read.
func (set) units(ops []Op) []Unit {
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
