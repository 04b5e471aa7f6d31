package search

// ret takes the return of the operation that is due: it must have taken effect
// by now, so every configuration in which it has not lets it, after what others
// it likes. It returns false if the search is over.
func (e *engine[B]) ret() bool {
	o := e.due[0]
	e.last = o.op
	e.next.reset()
	lost := e.lost
	more := e.expand(o, e.effort.spares)
	if more && e.next.alive == 0 && !e.effort.spares && len(e.spares) > 0 {
		e.lost = lost
		more = e.expand(o, true)
	}
	if !more {
		return false
	}
	e.left(o)
	e.frontier, e.next = e.next, e.frontier
	e.narrow()
	e.stats.Peak = max(e.stats.Peak, e.frontier.alive)
	return true
}

// expand adds to next what the configurations of the frontier become by the
// return of o, with or without more operations of unknown outcome.
func (e *engine[B]) expand(o pending, spares bool) bool {
	e.work.reset()
	for i := range e.frontier.all {
		if m := &e.frontier.all[i]; !m.dead {
			c := m.config
			e.begin(&c, o)
		}
	}
	if !spares && len(e.spares) > 0 && e.work.alive > 0 {
		e.lost = true
	}
	for i := 0; i < len(e.work.all); i++ {
		m := &e.work.all[i]
		if m.dead {
			continue
		}
		if e.effort.visits > 0 && i > e.effort.visits && e.next.alive > 0 {
			e.lost = true
			break
		}
		if e.pass.relaxed && e.stats.Configurations > maxRelaxed*int64(e.returned+1) {
			e.stopped = exhausted
			return false
		}
		c := m.config
		if !m.idle {
			if d, ok := e.finished(&c, o); ok {
				e.insert(&e.next, &d)
			}
		}
		e.extend(&c, o, spares)
		if !e.within() {
			return false
		}
	}
	return true
}

// begin sorts a configuration of the frontier by whether the operation has taken
// effect in it.
func (e *engine[B]) begin(c *config[B], o pending) {
	slot := int(o.slot)
	e.settle(c)
	isFree, isDone := has(&c.free, slot), has(&c.done, slot)
	drop(&c.free, slot)
	drop(&c.done, slot)
	if isDone || isFree {
		e.insert(&e.next, c)
	}
	if !isDone {
		e.insert(&e.work, c)
	}
}

// settle lets everything pending observe that can without a change.
func (e *engine[B]) settle(c *config[B]) {
	for i := range e.pending {
		p := &e.pending[i]
		if slot := int(p.slot); has(&e.observers, slot) && !has(&c.done, slot) && e.table.step(c.state, p.class) == c.state {
			put(&c.done, slot)
		}
	}
}

// finished returns c after the operation that returns, and false where it is not
// legal.
func (e *engine[B]) finished(c *config[B], o pending) (config[B], bool) {
	d, ok := e.applied(c, o)
	drop(&d.done, int(o.slot))
	return d, ok
}

// applied returns c after a pending operation, and false where it is not legal.
func (e *engine[B]) applied(c *config[B], p pending) (config[B], bool) {
	d := *c
	if d.state = e.table.step(c.state, p.class); d.state == illegal {
		return d, false
	}
	put(&d.done, int(p.slot))
	e.hide(&d, p.class)
	return d, true
}

// spent returns c after an operation of unknown outcome.
func (e *engine[B]) spent(c *config[B], class classID) config[B] {
	d := *c
	d.state = e.table.step(c.state, class)
	if !e.pass.relaxed {
		d.used = e.usages.add(c.used, class)
	}
	e.hide(&d, class)
	return d
}

// hide finishes a step: what overwrites the state may hide others that do, right
// before it.
func (e *engine[B]) hide(d *config[B], class classID) {
	overwrites := e.table.classes[class].overwrites
	for i := range len(d.done) {
		if overwrites {
			d.free[i] |= e.overwriters[i]
		}
		d.free[i] &^= d.done[i]
	}
	e.settle(d)
}

// extend adds to work what c can become by one more operation before o.
func (e *engine[B]) extend(c *config[B], o pending, spares bool) {
	for i := 0; i < len(e.pending); {
		class := e.pending[i].class
		tried := class == o.class // o itself goes first
		for ; i < len(e.pending) && e.pending[i].class == class; i++ {
			if p := e.pending[i]; !tried && !has(&c.done, int(p.slot)) {
				tried = true // of a class the one that returns first
				e.extendBy(c, o, p)
			}
		}
	}
	if !spares {
		return
	}
	for _, s := range e.spares {
		if s.n > e.usages.of(c.used, s.class) && e.isNeeded(c, s.class) {
			d := e.spent(c, s.class)
			e.keepWorking(&d, o, e.isIdle(c, &d, o, pending{class: s.class, op: -1}))
		}
	}
}

func (e *engine[B]) extendBy(c *config[B], o, p pending) {
	d, ok := e.applied(c, p)
	if !ok || d.state == c.state && e.table.classes[p.class].observes {
		return
	}
	e.keepWorking(&d, o, e.isIdle(c, &d, o, p))
}

// isNeeded reports whether it can be worth anything that an operation of unknown
// outcome takes effect now: it changes the state, and nothing certain does the
// same.
func (e *engine[B]) isNeeded(c *config[B], class classID) bool {
	next := e.table.step(c.state, class)
	if next == c.state || next == illegal {
		return false
	}
	effect := e.table.classes[class].effect
	for _, p := range e.pending {
		if effect != 0 && e.table.classes[p.class].effect == effect && !has(&c.done, int(p.slot)) && e.table.step(c.state, p.class) == next {
			return false
		}
	}
	return true
}

// keepWorking adds a configuration in which o has yet to take effect, unless it
// just did: what only observes does so at once.
func (e *engine[B]) keepWorking(d *config[B], o pending, idle bool) {
	e.stats.Configurations++
	slot := int(o.slot)
	drop(&d.free, slot)
	if has(&d.done, slot) {
		drop(&d.done, slot)
		e.insert(&e.next, d)
		return
	}
	at, added := e.insert(&e.work, d)
	m := &e.work.all[at]
	if added || idle && m.config == *d {
		m.idle = idle
	}
}

// isIdle reports whether p, which led from c to d, might as well take effect
// after o: then d need not go on with o.
//
// Why not in a relaxed pass: there p can lead back to c, and c would wait for
// itself.
func (e *engine[B]) isIdle(c, d *config[B], o, p pending) bool {
	if e.pass.relaxed {
		return false
	}
	t, s := e.table.step(c.state, o.class), e.table.step(d.state, o.class)
	if t == illegal || s == illegal || e.table.step(t, p.class) != s {
		return false
	}
	before, _ := e.finished(c, o)
	after, _ := e.finished(d, o)
	if p.op < 0 {
		before = e.spent(&before, p.class)
	} else {
		before, _ = e.applied(&before, p)
	}
	return e.dominates(&before, &after)
}
