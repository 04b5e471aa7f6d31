package promise

import (
	"cmp"
	"slices"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// schedule tries to put the rows into an order that the graph allows and in which
// each read sees the latest write: a write waits until all have read what it
// overwrites. sorted is any order that the graph allows. It returns nil where it
// gets stuck, which proves nothing.
//
// Which of several comes next is a guess: the one whose time is up first, counting
// what must come after it. Writes may be late, and take effect after they returned:
// then their own return counts only if nobody saw them.
func (t *tape) schedule(g *graph, sorted []int32, late bool) []int32 {
	s := &scheduler{
		tape: t, rank: t.deadlines(g, sorted, late),
		before: make([]int32, len(t.rows)), unread: make([]int32, len(t.rows)+t.keys),
		current: make([]int32, t.keys), blocked: make([][]int32, t.keys),
		order: make([]int32, 0, len(t.rows)),
	}
	for _, e := range g.edges {
		s.before[e.to]++
	}
	for key := range s.current {
		s.current[key] = t.first(int32(key))
	}
	for i := range t.rows {
		if r := &t.rows[i]; r.saw != none {
			s.unread[r.source]++
		}
		if s.before[i] == 0 {
			s.ready.push(s.rank, int32(i))
		}
	}
	for len(s.ready) > 0 {
		n := s.ready.pop(s.rank)
		if !s.may(n) {
			key := t.rows[n].key
			s.blocked[key] = append(s.blocked[key], n)
			continue
		}
		s.run(n)
		for _, e := range g.of(n) {
			if s.before[e.to]--; s.before[e.to] == 0 {
				s.ready.push(s.rank, e.to)
			}
		}
	}
	if len(s.order) < len(t.rows) {
		return nil
	}
	return s.order
}

// deadlines ranks the rows by the least return of what cannot come before them.
// What returned before something that must come before it was called counts as
// returning then.
func (t *tape) deadlines(g *graph, sorted []int32, late bool) (rank []int32) {
	begun := make([]int64, len(t.rows))
	for _, n := range sorted {
		begun[n] = max(begun[n], t.ops[t.rows[n].at].Call)
		for _, e := range g.of(n) {
			begun[e.to] = max(begun[e.to], begun[n])
		}
	}
	until := begun
	for _, n := range slices.Backward(sorted) {
		least, seen := int64(history.Never), false
		for _, e := range g.of(n) {
			least = min(least, until[e.to])
			seen = seen || t.rows[e.to].source == n
		}
		if !late || !seen {
			least = min(least, max(begun[n], t.ops[t.rows[n].at].Return))
		}
		until[n] = least
	}
	rows := make([]int32, len(t.rows))
	for i := range rows {
		rows[i] = int32(i)
	}
	slices.SortFunc(rows, func(a, b int32) int { return cmp.Or(cmp.Compare(until[a], until[b]), cmp.Compare(a, b)) })
	rank = make([]int32, len(rows))
	for i, n := range rows {
		rank[n] = int32(i)
	}
	return rank
}

// scheduler runs one row after another.
type scheduler struct {
	tape    *tape
	rank    []int32
	ready   queue
	before  []int32   // rows that must still come before it
	unread  []int32   // by node, the reads of it that are still to come
	current []int32   // by key
	blocked [][]int32 // by key, writes that wait for reads
	order   []int32
}

// may reports whether the row can come now.
func (s *scheduler) may(n int32) bool {
	r := &s.tape.rows[n]
	now := s.current[r.key]
	switch {
	case r.put == none:
		return now == r.source
	case r.saw == none:
		return s.unread[now] == 0
	}
	return now == r.source && s.unread[now] == 1
}

func (s *scheduler) run(n int32) {
	r := &s.tape.rows[n]
	s.order = append(s.order, n)
	if r.saw != none {
		s.unread[r.source]--
	}
	if r.put != none {
		s.current[r.key] = n
	}
	if s.unread[s.current[r.key]] <= 1 {
		for _, m := range s.blocked[r.key] {
			s.ready.push(s.rank, m)
		}
		s.blocked[r.key] = s.blocked[r.key][:0]
	}
}

// keeps reports whether the order has all rows that are certain, keeps the order of
// each session, and gives what was seen. It goes by values alone, and knows nothing
// of how the order was found.
func (t *tape) keeps(order []int32) bool {
	come, current := make([]int32, len(t.sessions)), make([]int32, t.keys)
	for key := range current {
		current[key] = none
	}
	for _, n := range order {
		r := &t.rows[n]
		if come[r.session] != r.pos || r.saw != none && !t.holds(current[r.key], r.saw) {
			return false
		}
		if come[r.session]++; r.put != none {
			current[r.key] = r.put
		}
	}
	for i := range t.rows {
		if r := &t.rows[i]; r.certain && come[r.session] <= r.pos {
			return false
		}
	}
	return true
}

// holds reports whether a key that holds a value, none being the first, shows that
// value.
func (t *tape) holds(current, v int32) bool {
	return current == v || current == none && t.values[v].first
}

// queue is a binary heap of rows by rank.
type queue []int32

func (q *queue) push(rank []int32, n int32) {
	h := append(*q, n)
	at := len(h) - 1
	for up := (at - 1) / 2; at > 0 && rank[h[at]] < rank[h[up]]; up = (at - 1) / 2 {
		h[at], h[up] = h[up], h[at]
		at = up
	}
	*q = h
}

func (q *queue) pop(rank []int32) int32 {
	h := *q
	top, last := h[0], len(h)-1
	h[0] = h[last]
	h = h[:last]
	for at := 0; ; {
		least := at
		for _, down := range []int{2*at + 1, 2*at + 2} {
			if down < last && rank[h[down]] < rank[h[least]] {
				least = down
			}
		}
		if least == at {
			break
		}
		h[at], h[least] = h[least], h[at]
		at = least
	}
	*q = h
	return top
}
