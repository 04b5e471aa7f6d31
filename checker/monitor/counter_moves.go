package monitor

import "math"

// comply makes every state one in which the operation has had its effect, in all
// ways in which it can have had it just now. Those that need more changes of
// unknown outcome than the best by more than what is to spare are not followed.
func (s *search) comply(slot int8) {
	s.past = s.past[:0]
	for i := range s.queues {
		s.queues[i] = s.queues[i][:0]
	}
	s.least, s.best = math.MaxInt, math.MaxInt
	for i := range s.states {
		s.least = min(s.least, s.states[i].uses())
	}
	clear(s.met)
	for i := range s.states {
		s.keep(s.states[i], slot)
	}
	if len(s.past) < len(s.states) {
		s.follow(slot)
	}
	s.states, s.past = s.past, s.states
	s.reduce()
}

// follow goes on from states in order of how many changes of unknown outcome they
// have used, and then of how many moves they are away.
func (s *search) follow(slot int8) {
	most := 12 * s.limit
	for cost := 0; cost < len(s.queues); cost++ {
		for i := 0; i < len(s.queues[cost]); i++ {
			if most--; most < 0 || cost-s.spare > s.best {
				s.whole = false
				return
			}
			s.expand(s.queues[cost][i], slot)
		}
	}
}

// keep takes in a state.
func (s *search) keep(a state, slot int8) {
	cost := a.uses() - s.least
	if s.late(&a) {
		return
	}
	if a.done.has(slot) {
		s.best = min(s.best, cost)
		s.past = append(s.past, a)
		return
	}
	if _, ok := s.met[a]; ok {
		return
	}
	s.met[a] = struct{}{}
	for len(s.queues) <= cost {
		s.queues = append(s.queues, nil)
	}
	s.queues[cost] = append(s.queues[cost], a)
}

// late reports whether a total that only grows, or only shrinks, is past what an
// open operation still has to see.
func (s *search) late(a *state) bool {
	if s.grows == s.shrinks {
		return false
	}
	for _, i := range s.active {
		e := &s.open[i]
		switch {
		case e.role == changes || a.done.has(i):
		case e.role == refuses && s.grows, e.role != refuses && s.grows && a.total > e.before(), s.shrinks && a.total < e.before():
			return true
		}
	}
	return false
}

// expand takes each next step from a state in which the operation in the slot has
// still to have its effect.
func (s *search) expand(a state, slot int8) {
	if o := &s.open[slot]; o.role == changes {
		s.give(a, slot, o.amount, slot)
	}
	for _, i := range s.active {
		e := &s.open[i]
		if e.role == moves && !a.done.has(i) && e.before() == a.total && s.first(&a, i) {
			s.give(a, i, e.amount, slot)
		}
	}
	if s.unit != 0 {
		s.toward(a, slot)
		return
	}
	for _, i := range s.active {
		e := &s.open[i]
		if e.role == changes && i != slot && !a.done.has(i) && s.first(&a, i) {
			s.give(a, i, e.amount, slot)
		}
	}
	for i, n := range s.amounts {
		if a.used[i] < s.released[i] && !s.waits(&a, n) && (!s.bounded || a.total+n >= 0) {
			b := a
			b.used[i]++
			b.total += n
			s.reach(b, slot)
		}
	}
}

// first reports whether, of the operations that do the same, none that is still to
// come returns sooner.
func (s *search) first(a *state, slot int8) bool {
	e := &s.open[slot]
	for _, i := range s.active {
		o := &s.open[i]
		if i != slot && o.role == e.role && o.amount == e.amount && (e.role == changes || o.after == e.after) &&
			!a.done.has(i) && (o.end < e.end || o.end == e.end && i < slot) {
			return false
		}
	}
	return true
}

// waits reports whether a change by that amount that certainly happened is still
// to come: it goes before those of unknown outcome.
func (s *search) waits(a *state, amount int64) bool {
	for _, i := range s.active {
		if e := &s.open[i]; e.role == changes && e.amount == amount && !a.done.has(i) {
			return true
		}
	}
	return false
}

// give lets one operation have its effect.
func (s *search) give(a state, i int8, amount int64, slot int8) {
	a.done.set(i)
	a.total += amount
	s.reach(a, slot)
}

// reach takes a state in, once what sees its total has been done for.
func (s *search) reach(a state, slot int8) {
	for _, i := range s.active {
		if e := &s.open[i]; e.role <= refuses && s.pleased(e, a.total) {
			a.done.set(i)
		}
	}
	s.work--
	s.keep(a, slot)
}

// toward moves, where all changes without a result are by one size, to the next
// total above and to the next below at which an open operation can take place:
// nothing else can be the use of moving now.
func (s *search) toward(a state, slot int8) {
	up, down := int64(0), int64(0) // how many changes away; 0: there is none
	for _, i := range s.active {
		e := &s.open[i]
		if a.done.has(i) || e.role == changes {
			continue
		}
		want := e.after
		switch e.role {
		case moves:
			want = e.before()
		case refuses:
			// Down to what is less than the amount, it matters not by how much.
			want = s.enough(e, a.total)
		}
		if want == a.total || (want-a.total)%s.unit != 0 {
			continue
		}
		if n := (want - a.total) / s.unit; n > 0 && (up == 0 || n < up) {
			up = n
		} else if n < 0 && (down == 0 || -n < down) {
			down = -n
		}
	}
	for _, way := range []struct{ n, amount int64 }{{up, s.unit}, {down, -s.unit}} {
		if way.n == 0 || s.open[slot].role == changes && s.open[slot].amount == way.amount {
			continue
		}
		if b, ok := s.walk(a, way.n, way.amount); ok && (!s.bounded || b.total >= 0) {
			s.reach(b, slot)
		}
	}
}

// walk uses n changes by the amount: those that return first, and then those of
// unknown outcome.
func (s *search) walk(a state, n, amount int64) (state, bool) {
	for ; n > 0; n-- {
		best := int8(none)
		for _, i := range s.active {
			if e := &s.open[i]; e.role == changes && e.amount == amount && !a.done.has(i) && (best == none || e.end < s.open[best].end) {
				best = i
			}
		}
		if best == none {
			break
		}
		a.done.set(best)
		a.total += amount
	}
	for i, of := range s.amounts {
		if of == amount && n > 0 && n <= int64(s.released[i]-a.used[i]) {
			a.used[i] += int32(n)
			a.total += n * amount
			n = 0
		}
	}
	return a, n == 0
}
