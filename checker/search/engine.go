package search

import (
	"cmp"
	"context"
	"math/bits"
	"slices"
	"unsafe"

	"github.com/jepsen-lite/jepsen-lite/model"
)

// engine is one search.
type engine[B slots] struct {
	ctx    context.Context
	ops    []model.Op
	order  []int32 // places in ops, by call
	table  *table
	usages *usages
	// spareAt is where in spares a class is.
	spareAt map[classID]int

	position[B]
	// frontier are the configurations after the events so far. While an
	// operation returns, work are those in which it has yet to take effect, and
	// next those in which it has.
	frontier, next, work set[B]

	pass    pass
	effort  effort // in use
	rewinds rewinds[B]
	limit   limit
	last    int32 // the operation that returned last
	stopped Answer
	stats   Statistics
}

// position is how far the search has come, but for the frontier: what is the
// same for all configurations.
type position[B slots] struct {
	called, returned int // so many operations
	// due are the certain operations that are pending, by return; pending are the
	// same by class and then by return.
	due, pending []pending
	taken        B // slots of those that are pending
	observers    B // of those that have no effect
	overwriters  B // of those that hide what was before
	// spares are the operations of unknown outcome that have been called.
	spares []spare
	// lost: configurations were left out although none is known to do all that
	// they can. Then an empty frontier proves nothing.
	lost bool
}

// pending is a certain operation that has been called and has not returned.
type pending struct {
	op    int32
	slot  int32
	class classID
}

// spare is a class of operations of unknown outcome, and how many of them have
// been called.
type spare struct {
	class classID
	n     int32
}

func newEngine[B slots](ctx context.Context, s subject, p pass) *engine[B] {
	e := &engine[B]{
		ctx: ctx, ops: s.ops, order: byCall(s.ops), pass: p, effort: p.efforts[0],
		table: newTable(s.model, len(s.ops)), usages: newUsages(), spareAt: map[classID]int{},
		limit: newLimit(s.bytes),
	}
	e.frontier.reset()
	e.insert(&e.frontier, &config[B]{state: e.table.state(s.start)})
	return e
}

// run takes the events in the order of time, calls before returns.
func (e *engine[B]) run() Answer {
	defer func() { e.stats.Steps = e.table.computed }()
	e.save()
	for {
		for e.called < len(e.order) && !e.returnsNext() {
			if !e.call(e.order[e.called]) {
				return tooWide
			}
			e.called++
		}
		if len(e.due) == 0 {
			return Legal
		}
		if !e.ret() {
			return e.stopped
		}
		if e.frontier.alive == 0 {
			if !e.lost {
				return Illegal
			}
			if !e.back() {
				return exhausted
			}
			continue
		}
		e.goOn()
		e.sweep()
	}
}

// returnsNext reports whether the next event is a return.
func (e *engine[B]) returnsNext() bool {
	return len(e.due) > 0 && e.ops[e.due[0].op].Return < e.ops[e.order[e.called]].Call
}

// byCall returns the places of the operations that say something, by call.
func byCall(ops []model.Op) []int32 {
	order := make([]int32, 0, len(ops))
	for i := range ops {
		if op := &ops[i]; op.Certain || !op.Observes {
			order = append(order, int32(i))
		}
	}
	byCall := func(a, b int32) int { return cmp.Compare(ops[a].Call, ops[b].Call) }
	if !slices.IsSortedFunc(order, byCall) {
		slices.SortStableFunc(order, byCall)
	}
	return order
}

// call makes an operation pending. It returns false if there is no slot left.
func (e *engine[B]) call(op int32) bool {
	class := e.table.class(&e.ops[op])
	if !e.ops[op].Certain {
		at, known := e.spareAt[class]
		if !known || at >= len(e.spares) { // unknown, or not yet called again
			at = len(e.spares)
			e.spareAt[class] = at
			e.spares = append(e.spares, spare{class: class})
		}
		e.spares[at].n++
		return true
	}
	slot, ok := vacant(&e.taken)
	if !ok {
		return false
	}
	put(&e.taken, slot)
	switch c := &e.table.classes[class]; {
	case c.observes:
		put(&e.observers, slot)
	case c.overwrites:
		put(&e.overwriters, slot)
	}
	p := pending{op, int32(slot), class}
	at := len(e.due)
	for at > 0 && e.later(e.due[at-1], p) {
		at--
	}
	e.due = slices.Insert(e.due, at, p)
	at = 0
	for at < len(e.pending) && (e.pending[at].class < class || e.pending[at].class == class && !e.later(e.pending[at], p)) {
		at++
	}
	e.pending = slices.Insert(e.pending, at, p)
	return true
}

func (e *engine[B]) later(a, b pending) bool { return e.ops[a.op].Return > e.ops[b.op].Return }

// left takes the operation that is due out.
func (e *engine[B]) left(p pending) {
	e.due = slices.Delete(e.due, 0, 1)
	at := slices.Index(e.pending, p)
	e.pending = slices.Delete(e.pending, at, at+1)
	slot := int(p.slot)
	drop(&e.taken, slot)
	drop(&e.observers, slot)
	drop(&e.overwriters, slot)
	e.returned++
}

func vacant[B slots](taken *B) (slot int, ok bool) {
	for i := range len(*taken) {
		if free := ^(*taken)[i]; free != 0 {
			return i<<6 + bits.TrailingZeros64(free), true
		}
	}
	return 0, false
}

// memberBytes is the size of a configuration.
func (e *engine[B]) memberBytes() int64 { return int64(unsafe.Sizeof(member[B]{})) }
