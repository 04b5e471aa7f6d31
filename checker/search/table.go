package search

import (
	"math/bits"

	"github.com/jepsen-lite/jepsen-lite/model"
)

// Numbers stand for states and classes of operations, so that the search holds
// no states and compares none.
type (
	stateID uint32
	classID int32
)

// illegal is the step of an operation that is not legal. It is no state's number.
const illegal = ^stateID(0)

// class is a class of operations; see [model.Class].
type class struct {
	op         *model.Op // any of them
	observes   bool      // see [model.Model.IsPure]
	overwrites bool
	// effect is the same number for classes of which the one of unknown outcome
	// does what this one does, where this one is legal; 0 if there is none.
	effect int32
}

// table numbers states and classes, and remembers steps.
type table struct {
	model   model.Model
	states  []any
	byHash  map[uint64][]stateID
	bytes   int64 // estimated, of the states
	classes []class
	byClass map[model.Class]classID
	recent  []recent // a cache: each place holds the last class that fell on it
	effects map[model.Class]int32
	steps   []step // a cache: each place holds the last step that fell on it
	shift   uint
	// computed counts the steps that the cache did not have.
	computed int64
}

// recent is a class asked for lately. Why, beside the map: that hashes four
// values thoroughly for each operation, a fifth of the time of a search of locks.
type recent struct {
	key model.Class
	id  classID // -1: nothing here
}

const recentBits = 8

type step struct {
	key  uint64 // 0: nothing here
	next stateID
}

// maxStepBits bounds the cache of steps: 1 MiB.
const maxStepBits = 16

// perState is what a state costs beside what it holds by itself.
const perState = 128

// newTable returns a table for so many operations.
func newTable(m model.Model, operations int) *table {
	stepBits := min(bits.Len(uint(operations))+5, maxStepBits)
	recents := make([]recent, 1<<recentBits)
	for i := range recents {
		recents[i].id = -1
	}
	return &table{
		recent: recents, model: m, byHash: map[uint64][]stateID{}, byClass: map[model.Class]classID{},
		effects: map[model.Class]int32{},
		steps:   make([]step, 1<<stepBits), shift: uint(64 - stepBits),
	}
}

// state returns the number of a state.
func (t *table) state(s any) stateID {
	h := t.model.Hash(s)
	for _, id := range t.byHash[h] {
		if t.model.Equal(t.states[id], s) {
			return id
		}
	}
	id := stateID(len(t.states))
	t.states = append(t.states, s)
	t.byHash[h] = append(t.byHash[h], id)
	t.bytes += perState + t.model.StateBytes(s)
	return id
}

// class returns the number of the operation's class.
func (t *table) class(op *model.Op) classID {
	key, shared := t.model.Class(op)
	if !shared {
		return t.add(op, key, false)
	}
	at := &t.recent[key.Hash()>>(64-recentBits)]
	if at.id >= 0 && at.key == key {
		return at.id
	}
	id, ok := t.byClass[key]
	if !ok {
		id = t.add(op, key, true)
	}
	*at = recent{key, id}
	return id
}

// add numbers the class of an operation; shared: another can be of it.
func (t *table) add(op *model.Op, key model.Class, shared bool) classID {
	id := classID(len(t.classes))
	c := class{op: op, observes: t.model.IsPure(op), overwrites: t.model.Overwrites(op)}
	if shared {
		t.byClass[key] = id
		effect := key.Effect()
		if t.effects[effect] == 0 {
			t.effects[effect] = int32(len(t.effects) + 1)
		}
		c.effect = t.effects[effect]
	}
	t.classes = append(t.classes, c)
	return id
}

// step returns the state after an operation of the class, or illegal.
func (t *table) step(s stateID, c classID) stateID {
	key := uint64(s)<<32 | uint64(uint32(c+1))
	at := &t.steps[(key^key>>27)*0x9e3779b97f4a7c15>>t.shift]
	if at.key == key {
		return at.next
	}
	t.computed++
	next := illegal
	if ok, after := t.model.Step(t.states[s], t.classes[c].op); ok {
		next = t.state(after)
	}
	*at = step{key, next}
	return next
}

// keep forgets all states but those, and returns the new numbers.
func (t *table) keep(used []bool) []stateID {
	old := t.states
	t.states, t.byHash, t.bytes = nil, map[uint64][]stateID{}, 0
	clear(t.steps)
	renumbered := make([]stateID, len(old))
	for id, s := range old {
		if renumbered[id] = illegal; used[id] {
			renumbered[id] = t.state(s)
		}
	}
	return renumbered
}
