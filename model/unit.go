package model

import (
	"slices"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// Unit is a part of one key's history that can be taken out, alone or together
// with other units, without making a linearizable history illegal. So if what
// is left is still not linearizable, the whole was not: that is what makes a
// smaller counterexample a proof and not an artefact (an enqueue cannot go
// without the dequeue of its value, say).
type Unit struct {
	// IDs are the operations that go together.
	IDs []int
	// Member, for sets and logs, is the element to erase from every read.
	Member history.Value
}

// Units returns the history's units. Every operation they do not name stays.
func (m Model) Units(ops []Op) []Unit { return m.spec.units(ops) }

// Without returns the operations without the units' parts.
func (m Model) Without(ops []Op, units []Unit) []Op {
	gone, erased := map[int]bool{}, map[history.Value]bool{}
	for _, u := range units {
		for _, id := range u.IDs {
			gone[id] = true
		}
		if says(u.Member) {
			erased[u.Member] = true
		}
	}
	kept := make([]Op, 0, len(ops))
	for _, op := range ops {
		if gone[op.ID] {
			continue
		}
		if len(erased) > 0 && op.members != nil {
			op.members = eraseMembers(op.members, erased)
		}
		kept = append(kept, op)
	}
	return kept
}

// Among returns the operations of a set or a log with nothing left of its elements
// but these: others are erased from every read, and who put them in is left out.
// It is [Model.Without] the units of all others, in no more memory than is left.
// Other objects' operations stay as they are.
func (m Model) Among(ops []Op, elements []history.Value) []Op {
	c, ok := m.spec.(collector)
	if !ok {
		return ops
	}
	wanted := make(map[history.Value]bool, len(elements))
	for _, v := range elements {
		wanted[v] = true
	}
	var kept []Op
	for _, op := range ops {
		switch {
		case op.Observes && op.members == nil:
			op.members = c.members(op.Result, wanted)
		case op.Observes:
			op.members = slices.DeleteFunc(slices.Clone(op.members), func(v history.Value) bool { return !wanted[v] })
		case !wanted[op.Put]:
			continue
		}
		kept = append(kept, op)
	}
	return kept
}

func eraseMembers(members []history.Value, erased map[history.Value]bool) []history.Value {
	kept := make([]history.Value, 0, len(members))
	for _, v := range members {
		if !erased[v] {
			kept = append(kept, v)
		}
	}
	return kept
}

// observations returns one unit for each operation that has no effect.
func observations(ops []Op) []Unit {
	var units []Unit
	for i := range ops {
		if ops[i].Observes {
			units = append(units, Unit{IDs: []int{ops[i].ID}})
		}
	}
	return units
}

// byValue groups operations by value, in order of first use; of returns the
// value an operation is about, or an absent one.
func byValue(ops []Op, of func(*Op) history.Value) []Unit {
	var units []Unit
	at := map[history.Value]int{}
	for i := range ops {
		v := of(&ops[i])
		if !says(v) {
			continue
		}
		if _, ok := at[v]; !ok {
			at[v] = len(units)
			units = append(units, Unit{})
		}
		u := &units[at[v]]
		u.IDs = append(u.IDs, ops[i].ID)
	}
	return units
}
