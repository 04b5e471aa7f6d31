package monitor

// comply makes every state one in which the operation has had its effect, in all
// ways in which it can have had it just now.
func (s *search) comply(slot int8) {
	s.past, s.queue = s.past[:0], s.queue[:0]
	for i := range s.states {
		if s.states[i].done.has(slot) {
			s.past = append(s.past, s.states[i])
		} else {
			s.queue = append(s.queue, s.states[i])
		}
	}
	if len(s.queue) > 0 {
		clear(s.known)
		for _, a := range s.queue {
			s.known[a] = struct{}{}
		}
	}
	// In order of how many moves it takes, so that the shortest are found first.
	most := 64 * s.limit
	for i := 0; i < len(s.queue); i++ {
		if i > most {
			s.whole = false
			break
		}
		s.expand(s.queue[i], slot)
	}
	s.states, s.past = s.past, s.states
	if len(s.states) > 1 && len(s.queue) > 0 {
		s.reduce()
	}
}

// expand takes each next step from a state in which the operation in the slot has
// still to have its effect.
func (s *search) expand(a state, slot int8) {
	if o := &s.open[slot]; o.role == changes {
		s.next(a, slot, o.amount, slot)
	}
	for _, i := range s.active {
		e := &s.open[i]
		if e.role == moves && !a.done.has(i) && e.before() == a.total && s.first(&a, i) {
			s.next(a, i, e.amount, slot)
		}
	}
	if s.unit != 0 {
		s.toward(a, slot)
		return
	}
	for _, i := range s.active {
		e := &s.open[i]
		if e.role == changes && i != slot && !a.done.has(i) && s.first(&a, i) {
			s.next(a, i, e.amount, slot)
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

// next gives one operation its effect.
func (s *search) next(a state, i int8, amount int64, slot int8) {
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
	if a.done.has(slot) {
		s.work--
		s.past = append(s.past, a)
		return
	}
	if _, ok := s.known[a]; ok {
		return
	}
	s.work--
	s.known[a] = struct{}{}
	s.queue = append(s.queue, a)
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
			want = a.total - (a.total-e.amount+s.unit)/s.unit*s.unit
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
