package monitor

import (
	"cmp"
	"slices"
)

// sweep is how far a search has come.
type sweep struct {
	at   int   // of the returns
	next int32 // of the operations, the first that was not invoked by then

	open    [maxOpen]entry
	active  []int8 // slots of open, in use
	vacant  []int8
	changes done // slots of changes without a result
	results done // slots of changes with one

	released [maxAmounts]int32 // of changes of unknown outcome, by amount

	states []state
	whole  bool // states are all there are
}

func newSweep(initial int64) sweep {
	w := sweep{states: []state{{total: initial}}, whole: true}
	for slot := maxOpen - 1; slot >= 0; slot-- {
		w.vacant = append(w.vacant, int8(slot))
	}
	return w
}

func (w *sweep) clone() sweep {
	c := *w
	c.active, c.vacant, c.states = slices.Clone(w.active), slices.Clone(w.vacant), slices.Clone(w.states)
	return c
}

// save keeps the sweep now and then; the first one always.
func (s *search) save() {
	if s.at%stride != 0 || s.at <= s.saved[len(s.saved)-1].at {
		return
	}
	if len(s.saved) == maxSaved {
		s.saved = slices.Delete(s.saved, 1, 2)
	}
	s.saved = append(s.saved, s.sweep.clone())
}

// rewind goes back by that many returns at least, if so many are saved.
func (s *search) rewind(by int) {
	last := len(s.saved) - 1
	for last > 0 && s.saved[last].at > s.at-by {
		last--
	}
	s.saved = s.saved[:last+1]
	s.sweep = s.saved[last].clone()
}

// step takes every state past the next return. It returns false where too many
// operations are open by then.
func (s *search) step() bool {
	r := s.returns[s.at]
	for ; int(s.next) < len(s.ops) && s.ops[s.next].call <= r.time; s.next++ {
		e := &s.ops[s.next]
		if e.role == perhaps {
			s.released[slices.Index(s.amounts, e.amount)]++
		} else if len(s.vacant) == 0 {
			return false
		} else {
			s.invoke(e)
		}
	}
	slot := s.ops[r.row].slot
	if s.comply(slot); len(s.states) > 0 {
		s.leave(slot)
	}
	return true
}

// invoke gives an operation a slot.
func (s *search) invoke(e *entry) {
	e.slot = s.vacant[len(s.vacant)-1]
	s.vacant = s.vacant[:len(s.vacant)-1]
	s.active = append(s.active, e.slot)
	s.open[e.slot] = *e
	switch e.role {
	case changes:
		s.changes.set(e.slot)
	case moves:
		s.results.set(e.slot)
	default:
		for i := range s.states {
			if s.pleased(e, s.states[i].total) {
				s.states[i].done.set(e.slot)
			}
		}
	}
}

// leave takes an operation out of its slot: every state has it done.
func (s *search) leave(slot int8) {
	for i := range s.states {
		s.states[i].done.clear(slot)
	}
	s.changes.clear(slot)
	s.results.clear(slot)
	at := slices.Index(s.active, slot)
	s.active = slices.Delete(s.active, at, at+1)
	s.vacant = append(s.vacant, slot)
}

// pleased reports whether an operation without effect can have seen the total.
func (s *search) pleased(e *entry, total int64) bool {
	if e.role == refuses {
		return total < e.amount
	}
	return e.after == total
}

// reduce leaves out states that can do no more than another, see covers.
func (s *search) reduce() {
	const most = 1024 // to compare with each other
	if len(s.states) > most {
		if s.cut(); len(s.states) > most {
			return
		}
	}
	s.work -= len(s.states) * len(s.states) / 256
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

// cut keeps the most likely states.
//
// How likely: a client sees an operation take effect at any moment of it, as far
// as we know. So the nearer its return, the more speaks against its being still to
// come, and the nearer its invocation, against its being done.
func (s *search) cut() {
	if len(s.states) <= s.limit {
		return
	}
	s.whole = false
	now := s.returns[s.at].time
	var past [maxOpen]float64 // of each slot, how much of it
	for _, slot := range s.active {
		e := &s.open[slot]
		past[slot] = float64(now-e.call) / float64(e.end-e.call+1)
	}
	type rated struct {
		state
		against float64
	}
	all := make([]rated, len(s.states))
	for i, a := range s.states {
		all[i] = rated{a, 4 * float64(a.uses())}
		for _, slot := range s.active {
			if a.done.has(slot) {
				all[i].against += 1 - past[slot]
			} else {
				all[i].against += past[slot]
			}
		}
	}
	slices.SortStableFunc(all, func(a, b rated) int { return cmp.Compare(a.against, b.against) })
	s.states = s.states[:s.limit]
	for i := range s.states {
		s.states[i] = all[i].state
	}
}
