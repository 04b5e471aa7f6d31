package monitor

import "slices"

// mark is an operation about a value of a block: how far from the beginning, and
// the time of it that matters. There is none if the value is none.
type mark struct {
	id, value int32
	depth     int
	time      int64
}

// stretch is a part of a block that keeps it from standing on one side of other
// operations: early was over before those were, late was called after they had
// begun.
type stretch struct {
	first       int32 // the block's first value
	early, late mark
}

func (s stretch) length() int {
	return max(s.early.depth-s.late.depth, s.late.depth-s.early.depth)
}

// ends returns the first and the last value of the stretch.
func (s stretch) ends() (from, to mark) {
	if s.early.depth < s.late.depth {
		return s.early, s.late
	}
	return s.late, s.early
}

// clash returns why two blocks cannot stand one before the other.
func (r *register) clash(a, b int32) Outcome {
	x := r.stretch(r.blocks[a], r.zones[b])
	y := r.stretch(r.blocks[b], zone{x.early.time, x.late.time})
	o := illegal(x.early.id, x.late.id, y.early.id, y.late.id)
	r.show(&o, x, y)
	return o
}

// show adds what puts the values of the stretches, and sets from which state the
// core is illegal.
//
// Why from the beginning of the blocks where that is near: then every value of
// the core is put in it. Else the first state must be any, and no beginning may
// be in the core whose value could be taken for that state.
func (r *register) show(o *Outcome, stretches ...stretch) {
	depth, begins := 0, false
	for _, s := range stretches {
		_, to := s.ends()
		depth += to.depth
		begins = begins || r.begins(s)
	}
	o.AnyState = depth > r.short && !begins
	for _, s := range stretches {
		from, to := s.ends()
		// Who saw the value says more than who put it.
		o.add(r.values[from.value].by, r.values[from.value].from)
		if o.AnyState {
			r.between(o, from.value, to.value)
		} else {
			o.add(r.values[s.first].put)
			r.between(o, s.first, to.value)
		}
	}
}

// begins reports whether the stretch contains the beginning of its block and
// something else, or what was there from the start, or a first value that need
// not have been put when it should have.
func (r *register) begins(s stretch) bool {
	from, _ := s.ends()
	put := r.values[s.first].put
	return s.early.id == none || s.early.id != s.late.id && (put == s.early.id || put == s.late.id) || !r.values[from.value].certain
}

// stretch returns the shortest part of a block that cannot stand on one side of
// operations with that zone.
func (r *register) stretch(first int32, other zone) stretch {
	nothing := mark{value: none}
	early, late, best := nothing, nothing, stretch{}
	found := false
	for n, depth := first, 0; n != none; n, depth = r.values[n].next, depth+1 {
		v := &r.values[n]
		isEarly, isLate := v.end < other.last, v.call > other.first
		if v.by != none && v.seenBy < other.last {
			early = mark{v.by, n, depth, v.seenBy}
		}
		if v.from != none && v.seenFrom > other.first {
			late = mark{v.from, n, depth, v.seenFrom}
		}
		if isEarly && (early.depth < depth || isLate || early.value == none) {
			early = mark{v.put, n, depth, v.end}
		}
		if isLate && (late.depth < depth || isEarly || late.value == none) {
			late = mark{v.put, n, depth, v.call}
		}
		if s := (stretch{first, early, late}); early.value != none && late.value != none && (!found || s.length() < best.length()) {
			best, found = s, true
		}
	}
	return best
}

// backwards returns why the block that begins with first goes against time at
// one of its values: something earlier in it was called after that was over.
func (r *register) backwards(first, at int32) Outcome {
	s := stretch{first: first, late: mark{value: first, time: never, id: none}}
	depth := 0
	for n := first; n != at; n, depth = r.values[n].next, depth+1 {
		v := &r.values[n]
		if v.call > s.late.time {
			s.late = mark{v.put, n, depth, v.call}
		}
		if v.seenFrom > s.late.time {
			s.late = mark{v.from, n, depth, v.seenFrom}
		}
	}
	v := &r.values[at]
	s.early = mark{v.put, at, depth, v.end}
	if v.end >= s.late.time {
		s.early = mark{v.by, at, depth, v.seenBy}
		if v.call > s.late.time {
			s.late = mark{v.put, at, depth, v.call}
		}
	}
	o := illegal(s.late.id, s.early.id)
	r.show(&o, s)
	return o
}

// between adds what put the values after from, up to to, and shows that it did.
func (r *register) between(o *Outcome, from, to int32) {
	for n := from; n != to; {
		n = r.values[n].next
		o.add(r.values[n].put)
	}
	if from != to || !r.values[to].certain && slices.Contains(o.Core, int(r.values[to].put)) {
		r.seen(o, to)
	}
}

// seen adds what shows that a value was there: its put, and where the outcome of
// that is unknown who saw the value, or what replaced it.
func (r *register) seen(o *Outcome, n int32) {
	for ; ; n = r.values[n].next {
		v := &r.values[n]
		o.add(v.put)
		if v.certain {
			return
		}
		if v.by != none {
			o.add(v.by)
			return
		}
	}
}

// circle returns a circle of values each of which replaced the one before.
func (r *register) circle() Outcome {
	for n := range r.values {
		if v := &r.values[n]; v.live && !v.reached {
			o := illegal(v.put)
			for at := v.next; at != int32(n); at = r.values[at].next {
				o.add(r.values[at].put)
			}
			r.seen(&o, int32(n))
			return o
		}
	}
	panic("monitor: every value is in a block")
}
