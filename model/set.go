package model

import (
	"slices"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// set only grows. Its state is the sorted members, never changed in place. No
// state has the same element twice, so no read of one is legal.
type set struct{ growing }

func makeSet(string) (spec, error) { return set{}, nil }

// members returns them sorted.
func (s set) members(list history.Value, wanted map[history.Value]bool) []history.Value {
	members := s.growing.members(list, wanted)
	if !slices.IsSortedFunc(members, history.Value.Compare) {
		sortValues(members)
	}
	return members
}

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

func (set) describe(state any) string { return describeList('{', state.(elements), '}') }

func (set) hash(state any) uint64 {
	var h uint64
	for _, v := range state.(elements) {
		h += v.Hash()
	}
	return h
}
