package promise

import (
	"context"
	"slices"
)

// sequential decides whether the rows can be put into one order that keeps that
// of each session and gives the results that were seen (Lamport 1979), over all
// keys at once: unlike linearizability it is not enough that each key has such an
// order. With several keys it is NP-complete even if it is known which write each
// read saw (Gibbons and Korach 1997), so it may stay open. A breach has a circle
// of necessary orders, or a search that came to its end; what holds has an order,
// which was gone through once more.
func (t *tape) sequential(ctx context.Context) finding {
	if b := t.impossible(); b != nil {
		return finding{breach: b, tests: 1}
	}
	f := finding{tests: t.observations()}
	if t.members != nil {
		f.breach, f.open = t.sequentialSet(ctx)
		return f
	}
	s := &orderer{tape: t}
	f.breach, f.open = s.decide(ctx)
	return f
}

// inOrder reports whether a sequential order of registers is found at once. That
// none is says nothing.
func (t *tape) inOrder(ctx context.Context) bool {
	if t.members != nil || t.repeated > 0 || t.impossible() != nil {
		return false
	}
	s := &orderer{tape: t}
	s.begin()
	order, walk := s.sorted(ctx)
	return walk == nil && s.finds(order)
}

// observations counts the rows that saw something.
func (t *tape) observations() int {
	n := 0
	for i := range t.rows {
		if t.rows[i].saw != none {
			n++
		}
	}
	return n
}

// orderer looks for a sequential order of registers.
type orderer struct {
	tape *tape
	// graph has an edge from a row to one that comes later in any order.
	graph *graph
	// derived are the grounds of those edges that follow from others: its why is a
	// place here.
	derived []derivation
	// brief: whether there is an order is asked, and not why not.
	brief bool
}

// decide returns a breach, or why nothing was decided; neither: there is an order.
//
// Why first without what must follow: where few operations are out of order, that
// finds an order at once, and what must follow of a million is a long list.
func (s *orderer) decide(ctx context.Context) (*breach, string) {
	t := s.tape
	if t.repeated > 0 {
		return s.search(ctx, t.repeatedReason())
	}
	s.begin()
	order, walk := s.sorted(ctx)
	if walk != nil {
		return s.contradiction(walk), ""
	}
	if s.finds(order) {
		return nil, ""
	}
	walk, open := s.saturate(ctx)
	if walk != nil {
		return s.contradiction(walk), ""
	}
	if open == "" {
		if order, _ = s.sorted(ctx); s.finds(order) {
			return nil, ""
		}
		open = "what must come before what has no circle, but no order was found either"
	}
	return s.search(ctx, open)
}

// finds reports whether a schedule was found and keeps what it should.
func (s *orderer) finds(sorted []int32) bool {
	for _, late := range []bool{false, true} {
		if s.tape.keeps(s.tape.schedule(s.graph, sorted, late)) {
			return true
		}
	}
	return false
}

// begin makes the graph of what is known at once: sessions, who saw whose write,
// and that what a key held at first was seen before any write.
func (s *orderer) begin() {
	t := s.tape
	s.graph = newGraph(t)
	for _, rows := range t.sessions {
		for i, n := range rows[min(1, len(rows)):] {
			s.graph.link(rows[i], n, bySession)
		}
	}
	early := make([][]int32, t.keys) // the last of each session to see the first value
	for _, rows := range t.sessions {
		for _, n := range slices.Backward(rows) {
			r := &t.rows[n]
			switch {
			case t.isRow(r.source):
				s.graph.link(r.source, n, none)
			case r.source == t.first(r.key):
				if e := early[r.key]; len(e) == 0 || t.rows[e[len(e)-1]].session != r.session {
					early[r.key] = append(e, n)
				}
			}
		}
	}
	for key, writers := range t.contributors(monotonicWrites, same) {
		for _, c := range writers {
			for _, n := range early[key] {
				s.graph.link(n, c.nodes[0], none)
			}
		}
	}
}

// sorted returns the rows in an order that the graph allows, or a circle of it. Of
// rows that are free to come the one whose time is up first comes first.
func (s *orderer) sorted(ctx context.Context) (order []int32, walk []edge) {
	g, n := s.graph, len(s.tape.rows)
	g.sort()
	before := make([]int32, n)
	for _, e := range g.edges {
		before[e.to]++
	}
	order = make([]int32, 0, n)
	for i := range before {
		if before[i] == 0 {
			order = append(order, int32(i))
		}
	}
	for at := 0; at < len(order); at++ {
		for _, e := range g.of(order[at]) {
			if before[e.to]--; before[e.to] == 0 {
				order = append(order, e.to)
			}
		}
	}
	if len(order) < n {
		return nil, g.circle(ctx)
	}
	return order, nil
}
