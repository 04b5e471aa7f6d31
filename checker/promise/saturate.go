package promise

import "context"

// What saturating may take: entries of clocks, and rounds.
const maxSaturated, maxRounds = 1 << 25, 64

// saturate adds to the graph what must come before what, until nothing more
// follows. If a write w′ comes before a read of the same key that saw another
// write w, it comes before w; and if w comes before w′, so do all that saw w. It
// returns a circle, or why it stopped early.
func (s *orderer) saturate(ctx context.Context) (walk []edge, open string) {
	t := s.tape
	if len(t.rows)*len(t.sessions) > maxSaturated {
		return nil, tooManySessions
	}
	d := &deriver{
		orderer: s, tape: t, writers: t.contributors(monotonicWrites, same),
		readers: t.lastReaders(), clocks: make([]int32, len(t.rows)*len(t.sessions)),
	}
	for d.round = 1; d.round <= maxRounds; d.round++ {
		order, walk := s.sorted(ctx)
		if walk != nil {
			return walk, ""
		}
		if ctx.Err() != nil {
			return nil, interrupted
		}
		d.tell(order)
		if !d.derive(order) {
			return nil, ""
		}
	}
	return nil, "what must come before what did not settle"
}

// deriver finds what follows from what is known.
type deriver struct {
	*orderer
	tape    *tape
	round   int
	writers [][]*contributor
	// readers are, by write, the last reads of it of each session.
	readers map[int32][]int32
	// clocks say, of each row, how many rows of each session are not after it.
	clocks []int32
}

// lastReaders returns the last rows of each session to see each write.
func (t *tape) lastReaders() map[int32][]int32 {
	all := map[int32][]int32{}
	for _, rows := range t.sessions {
		for i := len(rows) - 1; i >= 0; i-- {
			n := rows[i]
			r := &t.rows[n]
			if !t.isRow(r.source) {
				continue
			}
			if known := all[r.source]; len(known) == 0 || t.rows[known[len(known)-1]].session != r.session {
				all[r.source] = append(known, n)
			}
		}
	}
	return all
}

func (d *deriver) clock(n int32) []int32 {
	sessions := len(d.tape.sessions)
	return d.clocks[int(n)*sessions : (int(n)+1)*sessions]
}

// tell sets the clocks.
func (d *deriver) tell(order []int32) {
	clear(d.clocks)
	for _, n := range order {
		r, mine := &d.tape.rows[n], d.clock(n)
		mine[r.session] = r.pos + 1
		for _, e := range d.graph.of(n) {
			for i, count := range d.clock(e.to) {
				d.clock(e.to)[i] = max(count, mine[i])
			}
		}
	}
}

// known reports whether a row is known to come before another.
func (d *deriver) known(a, b int32) bool {
	r := &d.tape.rows[a]
	return d.clock(b)[r.session] > r.pos
}

// derive adds edges, and reports whether there were any to add.
func (d *deriver) derive(order []int32) bool {
	t, before := d.tape, len(d.graph.edges)
	for _, n := range order {
		r := &t.rows[n]
		for _, c := range d.writers[r.key] {
			w := c.lastBefore(d.clock(n)[c.session], n)
			if w == none {
				continue
			}
			if r.saw != none && w != r.source {
				d.overwritten(n, w, r.source)
			}
			if r.put != none {
				d.seen(w, n)
			}
		}
	}
	return len(d.graph.edges) > before
}

// overwritten: a read that comes after a write saw another one, or what was there
// at first, which is a circle already.
func (d *deriver) overwritten(read, write, source int32) {
	if d.tape.isRow(source) && !d.known(write, source) {
		d.follows(write, source, derivation{write, read, read, d.round})
	}
}

// seen: a write comes before another, and so do all that saw it.
func (d *deriver) seen(write, next int32) {
	for _, read := range d.readers[write] {
		if read != next && !d.known(read, next) {
			d.follows(read, next, derivation{write, next, read, d.round})
		}
	}
}

func (d *deriver) follows(from, to int32, ground derivation) {
	d.graph.link(from, to, int32(len(d.derived)))
	d.derived = append(d.derived, ground)
}

// lastBefore returns the last of the writes among so many rows of the session that
// is not that row itself, or none.
func (c *contributor) lastBefore(count, n int32) int32 {
	at := c.upto(count)
	if at > 0 && c.nodes[at-1] == n {
		at--
	}
	if at == 0 {
		return none
	}
	return c.nodes[at-1]
}
