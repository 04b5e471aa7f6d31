package model

import "github.com/jepsen-lite/jepsen-lite/history"

// Class is what operations that do the same have in common: in every state, all
// operations of a class are legal or none, and they lead to the same state.
// Classes compare with ==.
type Class struct {
	certain                 bool
	action                  Action
	need, seen, put, result history.Value
	amount                  int64
	process                 history.Process
}

// classifier is a spec whose operations can do the same. Without it each is in a
// class of its own.
type classifier interface {
	// class returns the operation's class, and false if it is alone in it.
	class(op *Op) (Class, bool)
}

// overwriter is a spec with operations that do not depend on the state.
type overwriter interface {
	overwrites(op *Op) bool
}

// simplifier is a spec of which some states differ only in how they are shown.
type simplifier interface {
	simplify(state any) any
}

// widener is a spec of which an observation can lead to a state that allows what
// the state before it did not.
type widener interface {
	widens() bool
}

// Class returns the operation's class, and false where nothing is known to do
// the same.
func (m Model) Class(op *Op) (Class, bool) {
	if c, ok := m.spec.(classifier); ok {
		return c.class(op)
	}
	return Class{}, false
}

// Effect returns the class of operations of unknown outcome that, wherever one of
// class c is legal, lead to the same state.
func (c Class) Effect() Class {
	c.certain, c.result = false, history.Value{}
	return c
}

// Hash returns the same number for equal classes. It is cheap and may be poor.
func (c Class) Hash() uint64 {
	h := uint64(c.action) ^ uint64(c.amount)<<8 ^ uint64(c.process)<<32
	if c.certain {
		h++
	}
	for _, v := range [...]history.Value{c.need, c.seen, c.put, c.result} {
		h = (h ^ v.Hash()) * 0x9e3779b97f4a7c15
	}
	return h
}

// Overwrites reports whether the operation is legal in every state and always
// leads to the same one.
func (m Model) Overwrites(op *Op) bool {
	o, ok := m.spec.(overwriter)
	return ok && o.overwrites(op)
}

// IsPure reports whether the operation might as well not have happened: what is
// legal in a state after it is legal in the state before it.
func (m Model) IsPure(op *Op) bool {
	w, ok := m.spec.(widener)
	return op.Observes && !(ok && w.widens())
}

// Init returns the state before the first operation.
func (m Model) Init() any { return m.spec.init() }

// Open returns a state that allows whatever some state allows, and whether the
// model has one.
func (m Model) Open() (any, bool) {
	if o, ok := m.spec.(opener); ok {
		return o.open(), true
	}
	return nil, false
}

// Step returns whether op is legal in the state, and the state after it, or one
// that cannot be told from it by any operation. An operation that is not Certain
// is always legal.
func (m Model) Step(state any, op *Op) (bool, any) {
	ok, next := m.spec.step(state, op)
	if s, simple := m.spec.(simplifier); simple && ok {
		next = s.simplify(next)
	}
	return ok, next
}

// Equal reports whether two states are the same.
func (m Model) Equal(a, b any) bool { return m.spec.equal(a, b) }

// Hash returns the same number for equal states.
func (m Model) Hash(state any) uint64 { return m.spec.hash(state) }

// Refine returns the operations of one key with their moments narrowed, and
// without those that can be left out, where the others tell and where it changes
// nothing about what is legal from [Model.Init].
func (m Model) Refine(ops []Op) []Op {
	if r, ok := m.spec.(refiner); ok {
		return r.refine(ops)
	}
	return ops
}

func (r register) class(op *Op) (Class, bool) {
	return Class{certain: op.Certain, action: op.Action, need: op.Need, seen: op.Seen, put: op.Put}, true
}

func (r register) overwrites(op *Op) bool { return op.Action == Change && !says(op.Need) }

func (counter) class(op *Op) (Class, bool) { return tallied(op), true }

func (b boundedCounter) class(op *Op) (Class, bool) { return tallied(op), true }

// tallied is the class of a counter's operation: a result counts only where it
// is certain.
func tallied(op *Op) Class {
	c := Class{certain: op.Certain, action: op.Action, amount: op.Amount}
	if op.Certain {
		c.result = op.Result
	}
	return c
}

func (mutex) class(op *Op) (Class, bool) {
	return Class{certain: op.Certain, action: op.Action, need: op.Need, put: op.Put}, true
}

// simplify: who acquired does not matter, anyone may release.
func (mutex) simplify(state any) any {
	h := state.(holding)
	h.process = 0
	return h
}

// class: whose lock it is can depend on the process, and on more where clients
// are known and this one's is not.
func (ownedMutex) class(op *Op) (Class, bool) {
	c := Class{certain: op.Certain, action: op.Action, need: op.Need, put: op.Put, process: op.Process}
	if op.Certain {
		c.amount = op.Amount
	}
	return c, !op.anonymous
}

// widens: a release can lead to a state of which nothing is known. To see there
// that the lock is held says less about its token than to see by whom first.
func (reentrantLease) widens() bool { return true }
func (m ownedMutex) widens() bool   { return m.limit != 1 }

func (fifoQueue) class(op *Op) (Class, bool) { return moved(op), true }

func (unorderedQueue) class(op *Op) (Class, bool) { return moved(op), true }

// moved is the class of a queue's operation. What an uncertain one saw says
// nothing.
func moved(op *Op) Class {
	c := Class{certain: op.Certain, action: op.Action, put: op.Put}
	if op.Certain {
		c.seen = op.Seen
	}
	return c
}

// class: reads with the same members are the same too, but it does not pay to
// compare them.
func (set) class(op *Op) (Class, bool) {
	return Class{certain: op.Certain, action: op.Action, put: op.Put}, !op.Observes
}
