package monitor

import (
	"cmp"
	"slices"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model"
)

// set judges a set that only grows and that is read as a whole. Elements may be
// added more than once. docs/monitors.md proves that what it tests is all there
// is to test.
//
// Why reads are counted and not compared: they must be a chain, each contained
// in the next larger one, but their members come in any order, hundreds of
// millions of them. How many reads have each element says it all (see isChain),
// in one pass over the reads as they come.
type set struct {
	// Elements have a slot each: small integers their own, from 0 up to small,
	// and others the number that they get, from small on.
	small    int64
	others   numbers
	elements []element
	tallies  []tally // of the elements
	reads    []setRead
	batch    []int32
	// twice is the first element that a read lists more than once, and the ID of
	// that read; none: -1.
	twice struct{ slot, read int32 }
}

// element is what is known of one element: the earliest call and the earliest
// return of its adds, and whose these are. From the first it may be inside, from
// the second it certainly is.
type element struct {
	call, ret        int64
	caller, returner int32 // IDs; none: -1
}

// tally is how many reads have an element, and 1 + the row of the last of them.
type tally struct{ reads, last int32 }

// setRead is a read of the whole set.
type setRead struct {
	call, end int64
	id        int32
	size      int32 // how many members
	content
}

// content is what a read of a whole set or log saw.
type content struct {
	list    history.Value
	members []history.Value // instead of the list, where some are left out
}

// each yields the members, as often as they are listed.
func (c content) each(yield func(history.Value) bool) {
	if c.members == nil {
		c.list.Each(yield)
		return
	}
	for _, v := range c.members {
		if !yield(v) {
			return
		}
	}
}

func newSet(n int) *set {
	s := &set{small: 2*int64(n) + 256, batch: make([]int32, 0, 1024)}
	s.twice.slot = none
	return s
}

func (s *set) Add(op *model.Op) {
	if op.Observes {
		s.reads = append(s.reads, setRead{call: op.Call, end: op.Return, id: int32(op.ID), content: content{op.Result, op.Members()}})
		s.tally(&s.reads[len(s.reads)-1], int32(len(s.reads)))
		return
	}
	e := &s.elements[s.slot(op.Put)]
	if op.Call < e.call {
		e.call, e.caller = op.Call, int32(op.ID)
	}
	if op.Return < e.ret {
		e.ret, e.returner = op.Return, int32(op.ID)
	}
}

// tally counts the members of a read.
//
// Why in batches: members come in any order, so each waits for memory; in a loop
// that does nothing else, the processor waits for many of them at once.
func (s *set) tally(r *setRead, row int32) {
	for v := range r.each {
		if s.batch = append(s.batch, s.slot(v)); len(s.batch) == cap(s.batch) {
			r.size += s.count(row)
		}
	}
	r.size += s.count(row)
}

// count counts a batch of members of a read, and returns how many are new.
func (s *set) count(row int32) (added int32) {
	for _, at := range s.batch {
		if t := &s.tallies[at]; t.last != row {
			t.last = row
			t.reads++
			added++
		} else if s.twice.slot == none {
			s.twice.slot, s.twice.read = at, s.reads[row-1].id
		}
	}
	s.batch = s.batch[:0]
	return added
}

// slot returns where what is known of an element stands.
func (s *set) slot(v history.Value) int32 {
	i, ok := v.Int()
	if !ok || i < 0 || i >= s.small {
		i = s.small + int64(s.others.of(v))
	}
	if i >= int64(len(s.elements)) {
		s.grow(i)
	}
	return int32(i)
}

func (s *set) grow(slot int64) {
	known := len(s.elements)
	s.elements = append(s.elements, make([]element, slot+1-int64(known))...)
	s.elements = s.elements[:cap(s.elements)]
	for i := known; i < len(s.elements); i++ {
		s.elements[i] = element{call: history.Never, ret: history.Never, caller: none, returner: none}
	}
	s.tallies = append(s.tallies, make([]tally, len(s.elements)-known)...)
}

// value returns the element of a slot. It takes its time.
func (s *set) value(slot int32) history.Value {
	if int64(slot) < s.small {
		return history.Int(int64(slot))
	}
	return s.others.value(slot - int32(s.small))
}

func (s *set) Judge() Outcome {
	if at := s.twice.slot; at != none {
		return s.violation([]int32{at}, s.elements[at].caller, s.twice.read)
	}
	slices.SortStableFunc(s.reads, func(a, b setRead) int { return cmp.Compare(a.size, b.size) })
	for n := range s.elements {
		if s.tallies[n].reads > 0 && s.elements[n].caller == none {
			return s.violation([]int32{int32(n)}, s.reads[s.having(int32(n), len(s.reads))].id)
		}
	}
	if last, ok := s.isChain(); !ok {
		return s.apart(last)
	}
	return s.inOrder()
}

// isChain reports whether each read contains all smaller ones; if not, it returns
// the row of the largest that does not, but is contained in all larger ones.
//
// Why that can be counted: the largest of k reads contains all others if and only
// if it has as many members as are in any read. If so, leave it out: then the
// second largest contains all smaller ones if and only if it has as many members
// as are in two of the k. And so on. (It is the case of equality in the theorem
// of Gale and Ryser 1957.)
func (s *set) isChain() (last int, ok bool) {
	counts := make([]int32, len(s.reads)+1)
	for _, t := range s.tallies {
		counts[t.reads]++
	}
	for row, inMore := 0, int32(0); row < len(s.reads); row++ {
		inMore += counts[len(s.reads)-row] // elements in all reads from this row on, if it is a chain
		counts[len(s.reads)-row] = inMore
	}
	for row := len(s.reads) - 1; row >= 0; row-- {
		if counts[len(s.reads)-row] != s.reads[row].size {
			return row, false
		}
	}
	return 0, true
}

// having returns the row of the smallest read that has the element, of those
// before a row.
func (s *set) having(n int32, before int) int {
	return slices.IndexFunc(s.reads[:before], func(r setRead) bool {
		for v := range r.each {
			if s.slot(v) == n {
				return true
			}
		}
		return false
	})
}

// violation returns what is wrong with the operations, as far as it is about
// these elements.
func (s *set) violation(elements []int32, core ...int32) Outcome {
	o := illegal(core...)
	for _, n := range elements {
		o.Elements = append(o.Elements, s.value(n))
	}
	return o
}
