package search

// limit bounds a search.
type limit struct {
	bytes   int64
	sweepAt int64 // bytes held by states and multisets
	calls   int
}

// garbage is how much more memory a process takes than it keeps: Go's collector
// lets the heap grow to twice of what is alive.
const garbage = 2

// firstSweep is how many bytes of states are not worth looking after.
const firstSweep = 4 << 20

func newLimit(bytes int64) limit { return limit{bytes: bytes / garbage, sweepAt: firstSweep} }

// perOperation is what is kept for each operation: its place, and its class.
const perOperation = 16

func (e *engine[B]) held() int64 {
	members := cap(e.frontier.all) + cap(e.next.all) + cap(e.work.all) + e.rewinds.configs
	return int64(members)*e.memberBytes() + e.table.bytes + e.usages.bytes + perOperation*int64(len(e.ops))
}

// within reports whether the search may go on.
func (e *engine[B]) within() bool {
	held := e.held()
	e.stats.Bytes = max(e.stats.Bytes, held)
	if held > e.limit.bytes {
		e.stopped = TooLarge
		return false
	}
	if e.limit.calls++; e.limit.calls%256 == 0 && e.ctx.Err() != nil {
		e.stopped = Undecided
		return false
	}
	return true
}

// sweep forgets states and multisets that no configuration has, once they are
// many.
func (e *engine[B]) sweep() {
	if e.table.bytes+e.usages.bytes < e.limit.sweepAt {
		return
	}
	used := make([]bool, len(e.table.states))
	kept := e.frontier.configs()
	e.rewinds.each(func(c *config[B]) { used[c.state] = true })
	for i := range kept {
		used[kept[i].state] = true
	}
	states, usages := e.table.keep(used), e.usages.counts
	e.usages.reset()
	renumber := func(c *config[B]) {
		c.state, c.used = states[c.state], e.usages.number(usages[c.used])
	}
	e.rewinds.each(renumber)
	e.frontier.forget()
	e.next.forget()
	e.work.forget()
	for i := range kept {
		renumber(&kept[i])
		e.insert(&e.frontier, &kept[i])
	}
	e.limit.sweepAt = max(firstSweep, 2*(e.table.bytes+e.usages.bytes))
}
