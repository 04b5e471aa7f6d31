package txn

import (
	"context"
	"slices"

	"github.com/jepsen-lite/jepsen-lite/checker/scc"
	"github.com/jepsen-lite/jepsen-lite/history"
)

// Report is what a check found.
type Report struct {
	Anomalies []Anomaly
	// Dependencies counts those found, Transactions those that took effect.
	Dependencies, Transactions int
	// Ambiguous is an element that two transactions appended, or absent: what was
	// inferred then holds, but not all was.
	Ambiguous history.Value
	// Interrupted: the context ended first.
	Interrupted bool
}

// Check judges the transactions of one database by a model. It takes time that
// grows with what was read, but for finding short cycles, of which there is a
// limit.
func Check(ctx context.Context, txns []Txn, m Model) Report {
	a := analyse(txns)
	for i := range txns {
		if found, ok := txns[i].future(); ok {
			a.report(found)
		}
		if !m.internal || !a.took[i] {
			continue
		}
		if found, ok := txns[i].inside(); ok {
			a.report(found)
		}
		if found, ok := a.reordered(&txns[i]); ok {
			a.report(found)
		}
	}
	if m.updates {
		a.lostUpdates()
	}
	a.dependencies()
	if m.forbidden == realtime {
		a.inRealTime()
	}
	r := Report{Ambiguous: a.ambiguous}
	a.search(ctx, m)
	for i := range txns {
		r.Dependencies += len(a.graph[i])
		if a.took[i] {
			r.Transactions++
		}
	}
	r.Anomalies, r.Interrupted = a.anomalies, ctx.Err() != nil
	return r
}

// class is a kind of cycle: through the edges allowed, at least one of them one
// that it needs.
type class struct {
	name           string
	needs, allowed kind
	// sparse: no two rw in a row.
	sparse bool
}

// classes are the cycles that a model forbids, worst first.
func classes(m Model) []class {
	const data = ww | wr | rw
	all := []class{
		{"G0", ww, ww, false}, {"G1c", wr, ww | wr, false},
		{"G-nonadjacent", rw, data, true}, {"G2-item", rw, data, false},
		{"G1c-realtime", rt, ww | wr | rt, false},
		{"G-nonadjacent-realtime", rt, data | rt, true}, {"G2-item-realtime", rt, data | rt, false},
	}
	return all[:map[cycles]int{dirty: 2, skewed: 3, item: 4, realtime: len(all)}[m.forbidden]]
}

// search reports one cycle for each component of each class, unless its
// transactions are in a worse one already.
func (a *analysis) search(ctx context.Context, m Model) {
	told := make([]bool, len(a.txns))
	for _, c := range classes(m) {
		for _, part := range c.components(a.graph) {
			if ctx.Err() != nil {
				return
			}
			if slices.ContainsFunc(part, func(t int) bool { return told[t] }) {
				continue
			}
			if cycle := c.shortest(ctx, a.graph, part); cycle != nil {
				for _, s := range cycle {
					told[s.from] = true
				}
				a.report(a.explain(c.label(cycle), cycle))
			}
		}
	}
}

// label says more exactly what the cycle is: one rw alone makes it a G-single.
func (c class) label(cycle []step) string {
	n := 0
	for _, s := range cycle {
		if s.kind == rw {
			n++
		}
	}
	switch {
	case n == 1 && c.needs == rt:
		return "G-single-realtime"
	case n == 1:
		return "G-single"
	}
	return c.name
}

// step is an edge of a cycle.
type step struct {
	from, to int
	kind     kind
}

// A node of the search is a transaction twice: 2t, and 2t+1 where it was reached
// by an rw and, in a sparse cycle, cannot be left by one.

// next calls visit with what follows a node.
func (c class) next(g graph, node int, visit func(to int, k kind)) {
	for _, e := range g[node/2] {
		switch {
		case e.kind&c.allowed == 0 || c.sparse && node%2 == 1 && e.kind == rw:
		case c.sparse && e.kind == rw:
			visit(2*e.to+1, e.kind)
		default:
			visit(2*e.to, e.kind)
		}
	}
}

// components returns the strongly connected parts, as transactions, each of which
// has a cycle of the class, if it has an edge that the class needs.
func (c class) components(g graph) [][]int {
	parts := scc.Components(2*len(g), func(node int, visit func(int)) {
		c.next(g, node, func(to int, _ kind) { visit(to) })
	})
	for i, part := range parts {
		for j, node := range part {
			part[j] = node / 2
		}
		slices.Sort(part)
		parts[i] = slices.Compact(part)
	}
	slices.SortFunc(parts, func(x, y []int) int { return len(x) - len(y) })
	return parts
}

// maxStarts bounds how many edges of a component are tried for a short cycle.
const maxStarts = 256

// shortest returns a short cycle within the part through an edge that the class
// needs, or nil if it has none.
func (c class) shortest(ctx context.Context, g graph, part []int) (best []step) {
	inside := make(map[int]bool, len(part))
	for _, t := range part {
		inside[t] = true
	}
	starts := 0
	for _, t := range part {
		for _, e := range g[t] {
			if e.kind&c.needs == 0 || !inside[e.to] {
				continue
			}
			back := c.path(g, inside, step{t, e.to, e.kind})
			if back != nil && (best == nil || len(back) < len(best)) {
				best = back
			}
			starts++
			if ctx.Err() != nil || best != nil && (len(best) == 2 || starts >= maxStarts) {
				return best
			}
		}
	}
	return best
}

// path closes a cycle: it returns the first step and the shortest way back.
func (c class) path(g graph, inside map[int]bool, first step) []step {
	start, goal := 2*first.to, first.from
	if c.sparse && first.kind == rw {
		start++
	}
	came := map[int]step{start: first} // how a node was reached, by transactions
	parent := map[int]int{}
	for todo := []int{start}; len(todo) > 0; todo = todo[1:] {
		node := todo[0]
		end := -1
		c.next(g, node, func(to int, k kind) {
			_, seen := came[to]
			// A sparse cycle cannot close with an rw before the first, which is one.
			closes := to/2 == goal && !(c.sparse && k == rw && first.kind == rw)
			if seen || !inside[to/2] || end >= 0 {
				return
			}
			came[to], parent[to] = step{node / 2, to / 2, k}, node
			if todo = append(todo, to); closes {
				end = to
			}
		})
		if end >= 0 {
			var way []step
			for at := end; ; at = parent[at] {
				way = append(way, came[at])
				if at == start {
					break
				}
			}
			slices.Reverse(way)
			return way
		}
	}
	return nil
}
