package model

import (
	"errors"
	"fmt"
	"slices"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// register holds one value. Its state is a history.Value; absent: not known.
type register struct{ initial history.Value }

func makeRegister(parameter string) (spec, error) {
	initial, err := parseInitial(parameter)
	return register{initial}, err
}

func (r register) prepare(h *history.Op, op *Op) (bool, error) {
	switch h.F {
	case "read":
		op.Action, op.Observes, op.Seen = Observe, true, op.Result
		return says(op.Result), nil
	case "write":
		if !says(h.Input) {
			return false, errors.New("write without a value: expected the value written")
		}
		op.Action, op.Put = Change, h.Input
		return h.Outcome != history.Fail, nil
	}
	need, put, ok := h.Input.Pair()
	if !ok {
		return false, fmt.Errorf("cas has the value %.60s: expected [old, new]", h.Input)
	}
	if h.Outcome == history.Fail {
		// A mismatch that reports what it saw is a read.
		saw, ok := h.Output.Field("saw")
		op.Action, op.Certain, op.Observes, op.Result, op.Seen = Observe, true, true, h.Output, saw
		return ok, nil
	}
	op.Action, op.Need, op.Put = Change, need, put
	return true, nil
}

func (r register) init() any { return r.initial }
func (r register) open() any { return history.Value{} }

func (r register) step(state any, op *Op) (bool, any) {
	v := state.(history.Value)
	known := says(v)
	switch {
	case !op.Certain:
		if !says(op.Need) || v == op.Need {
			return true, op.Put
		}
		return true, state
	case says(op.Seen):
		return !known || v == op.Seen, op.Seen
	case says(op.Need) && known && v != op.Need:
		return false, state
	}
	return true, op.Put
}

func (r register) equal(a, b any) bool       { return a.(history.Value) == b.(history.Value) }
func (r register) hash(state any) uint64     { return state.(history.Value).Hash() }
func (r register) describe(state any) string { return state.(history.Value).String() }

// refine leaves out what may have put in a value that nobody saw or needed: it
// only stands in the way.
func (register) refine(ops []Op) []Op {
	wanted := map[history.Value]bool{}
	for i := range ops {
		wanted[ops[i].Seen], wanted[ops[i].Need] = true, true
	}
	isIdle := func(op Op) bool { return !op.Certain && op.Action == Change && !wanted[op.Put] }
	if !slices.ContainsFunc(ops, isIdle) {
		return ops
	}
	return slices.DeleteFunc(slices.Clone(ops), isIdle)
}

// units: an observation can go alone. A value goes with all that wrote it, saw
// it or needed it, and with the values that those put in its place.
func (r register) units(ops []Op) []Unit {
	units := observations(ops)
	about := map[history.Value][]int{} // value → positions of operations about it
	for i := range ops {
		op := &ops[i]
		for _, v := range []history.Value{op.Put, op.Need, op.Seen} {
			if says(v) {
				about[v] = append(about[v], i)
			}
		}
	}
	done := map[history.Value]bool{}
	for i := range ops {
		if v := ops[i].Put; says(v) && !done[v] {
			done[v] = true
			units = append(units, valueClosure(ops, about, v))
		}
	}
	return units
}

func valueClosure(ops []Op, about map[history.Value][]int, v history.Value) Unit {
	var unit Unit
	todo, seen, gone := []history.Value{v}, map[history.Value]bool{v: true}, map[int]bool{}
	for len(todo) > 0 {
		v, todo = todo[0], todo[1:]
		for _, i := range about[v] {
			if gone[i] {
				continue
			}
			gone[i] = true
			unit.IDs = append(unit.IDs, ops[i].ID)
			if next := ops[i].Put; says(next) && !seen[next] {
				seen[next] = true
				todo = append(todo, next)
			}
		}
	}
	return unit
}
