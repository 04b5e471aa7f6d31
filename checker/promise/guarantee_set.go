package promise

import (
	"context"
	"fmt"
)

// maxMembers bounds how many members all reads of a set together may list for the
// promises below linearizability.
const maxMembers = 1 << 25

// judgeSet finds a read of a set that lacks an element of its view. Elements never
// leave a set, so a read shows each write of its view, and no order of the writes
// matters; only that what follows from reading is an order at all.
func (g guarantee) judgeSet(ctx context.Context, t *tape) finding {
	total := 0
	for _, list := range t.members {
		total += len(list)
	}
	if total > maxMembers {
		return finding{open: "the reads list too many elements"}
	}
	s := newSetJudge(t, g)
	s.judge(ctx)
	if s.breach != nil {
		s.tests, s.open = max(s.tests, 1), ""
	} else if s.open == "" && g >= monotonicWrites {
		s.open = t.repeatedReason()
	}
	return s.finding
}

func newSetJudge(t *tape, g guarantee) *setJudge {
	return &setJudge{tape: t, guarantee: g, stamp: make([]int32, len(t.values)), stamped: none}
}

func (s *setJudge) judge(ctx context.Context) {
	switch t, g := s.tape, s.guarantee; g {
	case readYourWrites:
		s.own(ctx)
	case monotonicReads:
		s.again(ctx)
	case monotonicWrites:
		s.open = t.views(ctx, g, t.contributors(g, same), s.require)
	case writesFollowReads:
		b := newOrdering(t)
		if ahead := b.afterReads(); ahead != none {
			s.breach = t.aheadOf(ahead)
			return
		}
		if s.open = t.views(ctx, g, t.contributors(g, same), s.require); s.breach == nil {
			if walk := b.graph.circle(ctx); walk != nil {
				s.breach = b.explain(g, walk)
			}
		}
	}
}

func same(_ *contributor, node int32) int32 { return node }

// aheadOf is the breach of a read of what its own session adds only later.
func (t *tape) aheadOf(n int32) *breach {
	var write int32 = none
	t.sources(n, func(source int32) {
		if w, r := &t.rows[source], &t.rows[n]; w.session == r.session && w.pos >= r.pos {
			write = source
		}
	})
	return &breach{"future-read", t.sprint("%s came before the write of it, %s, of the same session", n, write), []int32{n, write}}
}

// setJudge holds reads of a set against their views.
type setJudge struct {
	finding
	tape      *tape
	guarantee guarantee
	// stamp is, by value, 1 + the last read that was found to list it.
	stamp   []int32
	stamped int32
	tested  int32 // 1 + the last read that was put to the test
	brief   bool  // one test is enough
}

func (s *setJudge) enough() bool { return s.breach != nil || s.brief && s.tests > 0 }

// lacks reports whether the read lacks the value.
func (s *setJudge) lacks(n, v int32) bool {
	if s.stamped != n {
		for _, member := range s.tape.members[n] {
			s.stamp[member] = n + 1
		}
		s.stamped = n
	}
	if s.tested != n+1 {
		s.tested = n + 1
		s.tests++
	}
	return s.stamp[v] != n+1
}

// own: each read lists what its session added before it.
func (s *setJudge) own(ctx context.Context) {
	t := s.tape
	for _, rows := range t.sessions {
		added := map[int32][]int32{} // key → rows
		for _, n := range rows {
			r := &t.rows[n]
			if r.put != none {
				added[r.key] = append(added[r.key], n)
				continue
			}
			for _, w := range added[r.key] {
				if s.lacks(n, t.rows[w].put) {
					s.found([]int32{w, n}, "process %s added %s and then read the set without it", t.process(n), t.content(w))
					return
				}
			}
		}
		if ctx.Err() != nil {
			s.open = interrupted
		}
		if s.open != "" || s.enough() {
			return
		}
	}
}

// again: each read lists what its session read before. It is enough to look at the
// read before it.
func (s *setJudge) again(ctx context.Context) {
	t := s.tape
	for _, rows := range t.sessions {
		last := map[int32]int32{} // key → read
		for _, n := range rows {
			r := &t.rows[n]
			if r.saw == none {
				continue
			}
			before, read := last[r.key]
			last[r.key] = n
			if !read {
				continue
			}
			for _, v := range t.members[before] {
				if s.lacks(n, v) {
					s.found([]int32{before, n}, "process %s read the set with %s and then without it", t.process(n), t.named(v))
					return
				}
			}
		}
		if ctx.Err() != nil {
			s.open = interrupted
		}
		if s.open != "" || s.enough() {
			return
		}
	}
}

// require is the visitor of a read and what is in its view.
func (s *setJudge) require(n int32, c *contributor, upto int) bool {
	if c == nil || s.enough() {
		return !s.enough()
	}
	for _, w := range c.nodes[:upto] {
		if s.lacks(n, s.tape.rows[w].put) {
			s.missing(n, w)
			return false
		}
	}
	return true
}

// missing reports a write that others must have seen before what the session of
// the read saw.
func (s *setJudge) missing(n, w int32) {
	t := s.tape
	if s.guarantee == writesFollowReads {
		rows := t.route(w, n)
		s.found(append(append([]int32{w}, rows...), n), "process %s read something added by who had read %s, and then the set without it", t.process(n), t.content(w))
		return
	}
	read := t.saw(n, w)
	var later int32 = none
	t.sources(read, func(source int32) {
		if r := &t.rows[source]; later == none && r.session == t.rows[w].session && r.pos > t.rows[w].pos {
			later = source
		}
	})
	s.found([]int32{w, later, read, n}, "process %s read %s, which was added after %s by the same process, but the set without that", t.process(n), t.content(later), t.content(w))
}

// named says which value it is.
func (t *tape) named(v int32) string {
	if node := t.values[v].node; t.isRow(node) {
		return t.content(node)
	}
	return "an element"
}

func (s *setJudge) found(rows []int32, format string, args ...any) {
	var once []int32
	seen := map[int32]bool{}
	for _, n := range rows {
		if !seen[n] {
			seen[n] = true
			once = append(once, n)
		}
	}
	s.breach = &breach{s.guarantee.kind(), fmt.Sprintf(format, args...), once}
}
