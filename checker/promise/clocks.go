package promise

import "context"

// clocks: who saw a write knows what its session had read before it, and what
// that had to know in turn: vector clocks (Fidge 1988, Mattern 1989), which a
// write takes with it. Where reads and what their sessions wrote after them go
// around in a circle, some sessions never come to their end: the graph has it too.
func (v *viewer) clocks(ctx context.Context) (reason string) {
	t := v.tape
	if len(t.sessions)*len(t.sessions) > maxClocks {
		return tooManySessions
	}
	c := &clockwork{
		viewer: v, next: make([]int32, len(t.sessions)), known: make([]*knowledge, len(t.sessions)),
		taken: make([][]int32, len(t.rows)), readers: make([]int32, len(t.rows)), waiting: map[int32][]int32{},
	}
	c.count()
	for s := range t.sessions {
		if len(t.sessions[s]) > 0 {
			c.ready = append(c.ready, int32(s))
		}
	}
	for len(c.ready) > 0 {
		s := c.ready[len(c.ready)-1]
		c.ready = c.ready[:len(c.ready)-1]
		switch c.session(s); {
		case c.size > maxClocks || v.stopped:
			return tooManySessions
		case ctx.Err() != nil:
			return interrupted
		}
	}
	return ""
}

// clockwork moves the sessions on.
type clockwork struct {
	*viewer
	next  []int32      // of each session, the row it comes to
	known []*knowledge // of each session that has read
	// taken is the clock that a write takes with it, for so many readers.
	taken   [][]int32
	readers []int32
	waiting map[int32][]int32 // write → sessions
	ready   []int32
	spare   [][]int32
	size    int
	// met are, of a set, the writes that each session has learnt of.
	met []news
}

// count finds who will see each write from another session.
func (c *clockwork) count() {
	t := c.tape
	if t.members != nil {
		c.met = make([]news, len(t.sessions))
	}
	for n := range t.rows {
		t.sources(int32(n), func(source int32) {
			if t.rows[source].session != t.rows[n].session {
				c.readers[source]++
			}
		})
	}
}

// What clocks may take: entries.
const maxClocks = 1 << 25

// session goes on until its end, or until it reads what is still to be written.
func (c *clockwork) session(s int32) {
	t := c.tape
	for rows := t.sessions[s]; int(c.next[s]) < len(rows); c.next[s]++ {
		n := rows[c.next[s]]
		if t.rows[n].saw != none {
			if write := c.missing(n); write != none {
				c.waiting[write] = append(c.waiting[write], s)
				return
			}
			c.read(n)
		}
		if t.rows[n].put != none {
			c.write(n)
		}
	}
	if known := c.known[s]; known != nil {
		c.spare = append(c.spare, known.counts)
		c.known[s] = nil
	}
}

// missing returns a write that the row saw and that its session has not come to.
func (c *clockwork) missing(n int32) int32 {
	found := int32(none)
	c.tape.sources(n, func(source int32) {
		w := &c.tape.rows[source]
		if found == none && c.next[w.session] <= w.pos && w.session != c.tape.rows[n].session {
			found = source
		}
	})
	return found
}

func (c *clockwork) read(n int32) {
	t, s := c.tape, c.tape.rows[n].session
	known := c.known[s]
	if known == nil {
		known = &knowledge{counts: c.clock()}
		c.known[s] = known
	}
	if t.members == nil {
		c.look(n, known)
	}
	t.sources(n, func(source int32) {
		if c.met != nil {
			if c.met[s] == nil {
				c.met[s] = news{}
			}
			if !c.met[s].add(source) {
				return
			}
		}
		if w := &t.rows[source]; w.session == s {
			known.learn(s, w.pos+1)
			return
		}
		c.merge(known, source)
	})
	if t.members != nil {
		c.look(n, known)
	}
}

// merge adds what a write took with it, which is forgotten with its last reader.
func (c *clockwork) merge(known *knowledge, source int32) {
	clock := c.taken[source]
	for i, count := range known.counts[:len(clock)] {
		if clock[i] > count {
			known.learn(int32(i), clock[i])
		}
	}
	if c.readers[source]--; c.readers[source] == 0 && c.met == nil {
		c.spare = append(c.spare, clock)
		c.taken[source] = nil
	}
}

// write lets the write take what its session knows, and what it read.
func (c *clockwork) write(n int32) {
	r := &c.tape.rows[n]
	if c.readers[n] > 0 {
		clock := c.clock()
		if known := c.known[r.session]; known != nil {
			copy(clock, known.counts)
		}
		clock[r.session] = r.pos + 1
		c.taken[n] = clock
	}
	c.ready = append(c.ready, c.waiting[n]...)
	delete(c.waiting, n)
}

func (c *clockwork) clock() []int32 {
	if last := len(c.spare) - 1; last >= 0 {
		clock := c.spare[last]
		c.spare = c.spare[:last]
		clear(clock)
		return clock
	}
	c.size += len(c.tape.sessions)
	return make([]int32, len(c.tape.sessions))
}
