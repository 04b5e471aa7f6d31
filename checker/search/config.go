package search

// slots is a set of places for the operations that are pending at the same
// time. It is one word where that suffices.
type slots interface {
	[1]uint64 | [4]uint64 | [16]uint64 | [64]uint64
}

func has[B slots](b *B, slot int) bool { return (*b)[slot>>6]>>(slot&63)&1 != 0 }
func put[B slots](b *B, slot int)      { (*b)[slot>>6] |= 1 << (slot & 63) }
func drop[B slots](b *B, slot int)     { (*b)[slot>>6] &^= 1 << (slot & 63) }

// config is a way in which the history so far can have gone.
type config[B slots] struct {
	state stateID
	used  usage
	// done are the pending operations that have taken effect. free are some that
	// may count as if they had: each of them, and any number together, can be
	// put where the last operation that overwrote the state hides it.
	done, free B
}

// dominates reports whether a can go on in every way in which b can: the state
// is the same, what b can still do a can do too, and what b has done and a has
// not, a need not do. An observation that a has and b has not is one that b still
// has to make, and whose making changes nothing.
func (e *engine[B]) dominates(a, b *config[B]) bool {
	if a.state != b.state {
		return false
	}
	for i := range len(a.done) {
		if b.free[i]&^a.free[i] != 0 {
			return false
		}
		if (a.done[i]^b.done[i])&^a.free[i]&^e.observers[i] != 0 {
			return false
		}
		if b.done[i]&^a.done[i]&e.observers[i] != 0 {
			return false
		}
	}
	if e.usages.within(a.used, b.used) {
		return true
	}
	if e.effort.lossy && e.usages.total[a.used] <= e.usages.total[b.used] {
		e.lost = true
		return true
	}
	return false
}

// set is a set of configurations of which none dominates another.
type set[B slots] struct {
	all   []member[B]
	first []chain // by state
	epoch uint32
	alive int
}

// member is a configuration, perhaps one found to be dominated.
type member[B slots] struct {
	config[B]
	next int32 // the next of the same state, or -1
	dead bool
	// idle: to go on from here with the operation that returns is no better than
	// to do so earlier.
	idle bool
}

type chain struct {
	epoch uint32
	first int32
}

func (s *set[B]) reset() {
	s.all = s.all[:0]
	s.epoch++
	s.alive = 0
}

// forget is reset where numbers of states change their meaning.
func (s *set[B]) forget() {
	s.reset()
	clear(s.first)
}

// insert adds c unless a member dominates it, and takes out those that c
// dominates. It returns where c, or the member that dominates it, stands.
func (e *engine[B]) insert(s *set[B], c *config[B]) (at int32, added bool) {
	for int(c.state) >= len(s.first) {
		s.first = append(s.first, make([]chain, len(s.first)+64)...)
	}
	head := &s.first[c.state]
	if head.epoch != s.epoch {
		*head = chain{s.epoch, -1}
	}
	link := &head.first
	for *link >= 0 {
		m := &s.all[*link]
		if e.dominates(&m.config, c) {
			return *link, false
		}
		if e.dominates(c, &m.config) {
			m.dead = true
			s.alive--
			*link = m.next
			continue
		}
		link = &m.next
	}
	at = int32(len(s.all))
	*link = at
	s.all = append(s.all, member[B]{config: *c, next: -1})
	s.alive++
	return at, true
}
