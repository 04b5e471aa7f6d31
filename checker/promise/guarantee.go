package promise

import (
	"context"
	"fmt"
)

// guarantee is one of the four session guarantees (Terry et al. 1994). Each says
// which writes a read must be able to see: its view. docs/promises.md defines
// them.
type guarantee uint8

const (
	readYourWrites guarantee = iota
	monotonicReads
	monotonicWrites
	writesFollowReads
	guarantees // how many there are
)

// judge decides whether the tape keeps the guarantee.
func (g guarantee) judge(ctx context.Context, t *tape) finding {
	if b := t.impossible(); b != nil {
		return finding{breach: b, tests: 1}
	}
	f := finding{}
	if t.members != nil {
		f = g.judgeSet(ctx, t)
	} else {
		f = g.judgeRegisters(ctx, t)
	}
	if f.breach != nil {
		f.breach.rows = t.backed(f.breach.rows)
	}
	return f
}

// repeatedReason says why a history whose values are not unique stays open.
func (t *tape) repeatedReason() string {
	if t.repeated == 0 {
		return ""
	}
	return fmt.Sprintf("which write a read saw is not clear: %d values were put more than once", t.repeated)
}

// tested reports whether some read could have refuted the guarantee. A history
// whose sessions have an order keeps it, and need not be judged.
func (g guarantee) tested(ctx context.Context, t *tape) bool {
	if t.members != nil {
		s := newSetJudge(t, g)
		s.brief = true
		s.judge(ctx)
		return s.tests > 0
	}
	b := newOrdering(t)
	b.brief = true
	switch g {
	case readYourWrites:
		b.own()
	case monotonicReads:
		b.again()
	default:
		t.views(ctx, g, t.contributors(g, same), b.require)
	}
	return b.tests > 0
}

// judgeRegisters builds the graph of what must come before what: a read returns
// the latest write of its view, so that all others of that view come before. It
// is kept if and only if there is an order.
func (g guarantee) judgeRegisters(ctx context.Context, t *tape) finding {
	b := newOrdering(t)
	b.inSession()
	switch g {
	case readYourWrites:
		b.own()
	case monotonicReads:
		b.again()
	case monotonicWrites:
		b.open = t.views(ctx, g, b.contributors(g), b.require)
	case writesFollowReads:
		if ahead := b.afterReads(); ahead != none {
			return finding{breach: t.aheadOf(ahead), tests: 1}
		}
		b.open = t.views(ctx, g, b.contributors(g), b.require)
	}
	b.replaced()
	b.firstValues()
	f := finding{tests: b.tests, open: b.open}
	if walk := b.graph.circle(ctx); walk != nil {
		f.breach = b.explain(g, walk)
		f.tests, f.open = max(f.tests, 1), ""
	} else if f.open == "" {
		f.open = t.repeatedReason()
	}
	return f
}

// ordering builds the graph of one guarantee.
type ordering struct {
	tape  *tape
	graph *graph
	// tests counts the reads whose view has a write that they may not have seen.
	tests int
	open  string
	// fronts has, for views, the node of the latest write of each key that each
	// session must have seen.
	fronts map[place]int32
	fresh  []int32 // what came into the view of the read that is looked at
	brief  bool    // one test is enough
}

func newOrdering(t *tape) *ordering {
	return &ordering{tape: t, graph: newGraph(t), fronts: map[place]int32{}}
}

// place is a key as a session sees it.
type place struct{ session, key int32 }

// maxEdges bounds the graph.
const maxEdges = 1 << 24

// read says that the row, which reads, has all that the node stands for in its
// view: what it saw is not before that, as far as both are clear.
func (b *ordering) read(n, latest int32) {
	if latest == none {
		return
	}
	b.tests++
	if source := b.tape.rows[n].source; latest >= 0 && source >= 0 {
		b.graph.link(latest, source, n)
	}
}

// own: each read has the writes of its session before it in its view, of which the
// last is the latest.
func (b *ordering) own() {
	latest := newMemory(b.tape.keys)
	for s, rows := range b.tape.sessions {
		if b.enough() {
			return
		}
		for _, n := range rows {
			r := &b.tape.rows[n]
			if r.saw != none {
				b.read(n, latest.get(int32(s), r.key))
			}
			if r.put != none {
				latest.set(int32(s), r.key, n)
			}
		}
	}
}

// again: each read has what its session read before in its view.
func (b *ordering) again() {
	last := newMemory(b.tape.keys)
	for s, rows := range b.tape.sessions {
		if b.enough() {
			return
		}
		for _, n := range rows {
			if r := &b.tape.rows[n]; r.saw != none {
				before := last.get(int32(s), r.key)
				b.read(n, before)
				if r.source >= 0 || before == none {
					last.set(int32(s), r.key, r.source)
				}
			}
		}
	}
}

// inSession orders the writes of each session, whatever is promised: else who
// writes 1, then 2, and reads 1 would read its own writes, in the other order.
func (b *ordering) inSession() {
	for _, rows := range b.tape.sessions {
		last := int32(none)
		for _, n := range rows {
			if b.tape.rows[n].put == none {
				continue
			}
			if last != none {
				b.graph.link(last, n, none)
			}
			last = n
		}
	}
}

// afterReads puts what a session read before what it writes later. It returns a
// row that read what its own session had yet to write, or none.
func (b *ordering) afterReads() (ahead int32) {
	t := b.tape
	for s, rows := range t.sessions {
		read := int32(none)
		met := t.news()
		for _, n := range rows {
			t.sources(n, func(source int32) {
				if !met.add(source) {
					return
				}
				if w := &t.rows[source]; int(w.session) == s && w.pos >= t.rows[n].pos {
					ahead = n + 1
				}
				read = b.graph.join(read, source, n)
			})
			if t.rows[n].put != none && read != none {
				b.graph.link(read, n, none)
			}
		}
	}
	return ahead - 1
}

// require is the visitor of a read and what is in its view.
func (b *ordering) require(n int32, c *contributor, upto int) bool {
	if c != nil {
		b.fresh = append(b.fresh, c.nodes[upto-1])
		return true
	}
	at := place{b.tape.rows[n].session, b.tape.rows[n].key}
	latest, known := b.fronts[at]
	if known {
		b.fresh = append(b.fresh, latest)
	}
	switch len(b.fresh) {
	case 0:
		return true
	case 1:
		latest = b.fresh[0]
	default:
		latest = b.graph.add()
		for _, node := range b.fresh {
			b.graph.link(node, latest, none)
		}
	}
	b.fresh = b.fresh[:0]
	b.fronts[at] = latest
	b.read(n, latest)
	return len(b.graph.edges) < maxEdges && !b.enough()
}

func (b *ordering) enough() bool { return b.brief && b.tests > 0 }

// replaced puts what a compare-and-set replaced before what it put there, whatever
// is promised.
func (b *ordering) replaced() {
	for n := range b.tape.rows {
		if r := &b.tape.rows[n]; r.put != none && b.tape.isRow(r.source) {
			b.graph.link(r.source, int32(n), int32(n))
		}
	}
}

// firstValues puts what keys held at first before all writes. It only matters
// where that was read.
func (b *ordering) firstValues() {
	t := b.tape
	wanted := make([]bool, t.keys)
	for _, e := range b.graph.edges {
		if !t.isRow(e.to) && e.to < b.graph.writes {
			wanted[e.to-t.first(0)] = true
		}
	}
	for n := range t.rows {
		if r := &t.rows[n]; r.put != none && wanted[r.key] {
			b.graph.link(t.first(r.key), int32(n), none)
		}
	}
}

// memory holds a node for each key of one session after another.
type memory struct{ sessions, nodes []int32 }

func newMemory(keys int) *memory {
	m := &memory{make([]int32, keys), make([]int32, keys)}
	for i := range m.sessions {
		m.sessions[i] = none
	}
	return m
}

// get returns what was set for the key in this session, or none.
func (m *memory) get(session, key int32) int32 {
	if m.sessions[key] != session {
		return none
	}
	return m.nodes[key]
}

func (m *memory) set(session, key, node int32) { m.sessions[key], m.nodes[key] = session, node }
