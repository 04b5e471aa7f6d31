package monitor

import (
	"cmp"
	"math/bits"
	"slices"
)

// search judges a counter that grows and shrinks. It goes through invocations and
// returns in order of time and keeps every state that the counter can be in. An
// operation is put in its place only when it has to be, at its return, with what
// must come before it (just-in-time linearization, Lowe 2017); only what sees the
// present total is put there at once.
//
// Why so few states: changes without a result are told apart only by their
// amount. Of those that certainly happened, the one that returns first goes first;
// of those of unknown outcome it counts how many were used. And of two states that
// differ in changes that make 0, the one that has them still to come can do
// whatever the other can: see reduce.
//
// Why it can end without an answer: it keeps no more states than a limit. What it
// finds legal is; what it finds illegal is only where none was left out.
type search struct {
	*counter
	ops     []entry  // by invocation
	returns []moment // of those that are certain, rows of ops
	unit    int64    // the only size of changes without a result; 0: there are several

	open    [maxOpen]entry
	active  []int8 // slots of open, in use
	vacant  []int8
	sees    done // slots of operations without effect
	changes done // slots of changes without a result

	amounts  []int64 // of changes of unknown outcome
	released [maxAmounts]int32

	states []state
	whole  bool // states are all there are
	limit  int  // of states
	work   int  // states made, before it gives up
	past   []state
	queue  []state
	known  map[state]struct{}
}

// entry is an operation of the search.
type entry struct {
	change
	role role
}

type role uint8

const (
	sees    role = iota // has no effect, and saw a total
	refuses             // has no effect, and saw too small a total
	moves               // has an effect, and its result is known
	changes             // has an effect, and no result
	perhaps             // may have an effect
)

const (
	maxOpen    = 128 // operations that are certain, at a time
	maxAmounts = 6   // different ones, of changes of unknown outcome
	maxWork    = 20_000_000
)

// done is a set of slots.
type done [maxOpen / 64]uint64

func (d *done) has(slot int8) bool { return d[slot>>6]&(1<<(slot&63)) != 0 }
func (d *done) set(slot int8)      { d[slot>>6] |= 1 << (slot & 63) }
func (d *done) clear(slot int8)    { d[slot>>6] &^= 1 << (slot & 63) }

// state is a total, which of the open operations have had their effect by then,
// and how many changes of unknown outcome.
type state struct {
	total int64
	done  done
	used  [maxAmounts]int32
}

// search tries with few states, which is enough for most that are legal, and then
// with more.
func (c *counter) search() Outcome {
	s := &search{counter: c}
	if reason := s.prepare(); reason != "" {
		return unfit(reason)
	}
	for _, s.limit = range []int{16, 512, 16384} {
		s.reset()
		if i, ok := s.run(); ok {
			return Outcome{Answer: Legal}
		} else if s.whole {
			return s.core(i)
		} else if s.work < 0 {
			break
		}
	}
	return unfit("too many states of the counter have to be told apart")
}

// prepare puts all operations in order, and returns why that is no use.
func (s *search) prepare() (reason string) {
	add := func(of []change, with func(*change) role) {
		for i := range of {
			s.ops = append(s.ops, entry{of[i], with(&of[i])})
		}
	}
	add(s.counter.known, func(c *change) role {
		if c.amount == 0 {
			return sees
		}
		return moves
	})
	add(s.refused, func(*change) role { return refuses })
	s.unit = -1
	add(s.free, func(c *change) role {
		if s.unit == -1 {
			s.unit = size(c)
		} else if s.unit != size(c) {
			s.unit = 0
		}
		if c.certain() {
			return changes
		}
		if !slices.Contains(s.amounts, c.amount) {
			s.amounts = append(s.amounts, c.amount)
		}
		return perhaps
	})
	if len(s.amounts) > maxAmounts {
		return "additions of unknown outcome are by too many different amounts"
	}
	slices.SortFunc(s.ops, func(a, b entry) int { return cmp.Or(cmp.Compare(a.call, b.call), cmp.Compare(a.id, b.id)) })
	for i := range s.ops {
		if s.ops[i].certain() {
			s.returns = append(s.returns, moment{s.ops[i].end, int32(i)})
		}
	}
	order(s.returns)
	s.work = maxWork
	return ""
}

func (s *search) reset() {
	s.states, s.whole = append(s.states[:0], state{total: s.initial}), true
	s.active, s.vacant = s.active[:0], s.vacant[:0]
	for slot := maxOpen - 1; slot >= 0; slot-- {
		s.vacant = append(s.vacant, int8(slot))
	}
	s.released, s.sees, s.changes = [maxAmounts]int32{}, done{}, done{}
	s.known = map[state]struct{}{}
}

// run returns whether there is an order for all, or else the row of the operation
// by whose return there was none.
func (s *search) run() (row int32, ok bool) {
	slots := make(map[int32]int8, maxOpen)
	next := int32(0)
	for _, r := range s.returns {
		for ; int(next) < len(s.ops) && s.ops[next].call <= r.time; next++ {
			if s.ops[next].role == perhaps {
				s.released[slices.Index(s.amounts, s.ops[next].amount)]++
				continue
			}
			if len(s.vacant) == 0 {
				s.whole = false
				return next, false
			}
			slots[next] = s.invoke(&s.ops[next])
		}
		slot := slots[r.row]
		delete(slots, r.row)
		if s.comply(slot); len(s.states) == 0 || s.work < 0 {
			s.whole = s.whole && s.work >= 0
			return r.row, false
		}
		s.leave(slot)
	}
	return 0, true
}

// invoke gives an operation a slot.
func (s *search) invoke(e *entry) int8 {
	slot := s.vacant[len(s.vacant)-1]
	s.vacant = s.vacant[:len(s.vacant)-1]
	s.active = append(s.active, slot)
	s.open[slot] = *e
	switch e.role {
	case sees, refuses:
		s.sees.set(slot)
		for i := range s.states {
			if s.pleased(e, s.states[i].total) {
				s.states[i].done.set(slot)
			}
		}
	case changes:
		s.changes.set(slot)
	}
	return slot
}

// leave takes an operation out of its slot: every state has it done.
func (s *search) leave(slot int8) {
	for i := range s.states {
		s.states[i].done.clear(slot)
	}
	s.sees.clear(slot)
	s.changes.clear(slot)
	at := slices.Index(s.active, slot)
	s.active = slices.Delete(s.active, at, at+1)
	s.vacant = append(s.vacant, slot)
	if len(s.states) > 1 {
		s.reduce()
	}
}

// pleased reports whether an operation without effect can have seen the total.
func (s *search) pleased(e *entry, total int64) bool {
	if e.role == refuses {
		return total < e.amount
	}
	return e.after == total
}

// reduce leaves out states that can do no more than another: one that was at the
// same total, with the same results behind it, having done for fewer others, or
// having used up more changes.
//
// Why more changes are no gain: those that one state has used beyond another make
// 0 together, or the totals would differ. So the other may still use them, all at
// once and what grows first, and be where the one is.
func (s *search) reduce() {
	if len(s.states) > 1024 {
		s.cut()
		return
	}
	kept := s.states[:0]
	for i := range s.states {
		a, worse := s.states[i], false
		for j := 0; j < len(kept) && !worse; j++ {
			worse = s.covers(&kept[j], &a)
		}
		if worse {
			continue
		}
		n := 0
		for j := range kept {
			if !s.covers(&a, &kept[j]) {
				kept[n] = kept[j]
				n++
			}
		}
		kept = append(kept[:n], a)
	}
	s.states = kept
	s.cut()
}

// covers reports whether a can do whatever b can.
func (s *search) covers(a, b *state) bool {
	if a.total != b.total {
		return false
	}
	for w := range a.done {
		x, y := a.done[w], b.done[w]
		less, more := y&^x, x&^y
		if less&^s.changes[w] != 0 || more&^s.sees[w] != 0 {
			return false
		}
	}
	for i := range a.used {
		if a.used[i] > b.used[i] {
			return false
		}
	}
	return true
}

// cut keeps the most promising states: those that have used up least.
func (s *search) cut() {
	if len(s.states) <= s.limit {
		return
	}
	s.whole = false
	slices.SortFunc(s.states, func(a, b state) int { return cmp.Compare(s.spent(&a), s.spent(&b)) })
	s.states = s.states[:s.limit]
}

func (s *search) spent(a *state) (n int) {
	for w := range a.done {
		n += bits.OnesCount64(a.done[w]&s.changes[w]) - bits.OnesCount64(a.done[w]&s.sees[w])
	}
	for _, u := range a.used {
		n += 2 * int(u)
	}
	return n
}

// core is everything invoked until the return of the operation.
func (s *search) core(row int32) Outcome {
	var c core
	for i := range s.ops {
		if s.ops[i].call <= s.ops[row].end {
			c = append(c, s.ops[i].id)
		}
	}
	return c.outcome(false)
}
