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
	members := cap(e.frontier.all) + cap(e.next.all) + cap(e.work.all)
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
	var kept []config[B]
	for i := range e.frontier.all {
		if m := &e.frontier.all[i]; !m.dead {
			used[m.state] = true
			kept = append(kept, m.config)
		}
	}
	renumbered := e.table.keep(used)
	old := e.settleAccounts(kept)
	e.frontier.forget()
	e.next.forget()
	e.work.forget()
	for i := range kept {
		c := &kept[i]
		c.state = renumbered[c.state]
		c.used = e.usages.number(old[i])
		e.insert(&e.frontier, c)
	}
	e.limit.sweepAt = max(firstSweep, 2*(e.table.bytes+e.usages.bytes))
}

// settleAccounts takes what all configurations have used off the spares, forgets
// all multisets, and returns what each configuration has used beyond that.
func (e *engine[B]) settleAccounts(configs []config[B]) [][]count {
	shared := map[classID]int32{}
	for _, have := range e.usages.counts[configs[0].used] {
		n := have.n
		for i := range configs {
			n = min(n, e.usages.of(configs[i].used, have.class))
		}
		shared[have.class] = n
	}
	rest := make([][]count, len(configs))
	for i := range configs {
		for _, have := range e.usages.counts[configs[i].used] {
			if have.n -= shared[have.class]; have.n > 0 {
				rest[i] = append(rest[i], have)
			}
		}
	}
	for class, n := range shared {
		e.spares[e.spareAt[class]].n -= n
	}
	e.usages.reset()
	return rest
}
