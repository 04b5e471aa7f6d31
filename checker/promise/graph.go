package promise

import (
	"cmp"
	"context"
	"slices"

	"github.com/jepsen-lite/jepsen-lite/checker/scc"
)

// graph says which writes come before which, in every order that keeps a promise.
// Its first nodes are the rows and the first values of a tape. Those that are
// added stand for the latest of some writes; an edge says that what one stands for
// is not after what the other does. So a circle with one write in it is harmless,
// and one with two contradicts itself; without such a circle there is an order
// (docs/promises.md, section 3).
type graph struct {
	rows   int32 // how many of the nodes are rows
	writes int32 // how many stand for one write: rows, and first values
	nodes  int32
	edges  []edge
	// starts are, once sorted, where the edges of each node begin.
	starts []int32
}

// bySession is the why of an edge from a row to the next of its session.
const bySession = -2

// edge says that from is not after to. why is the row that shows it, or none.
type edge struct{ from, to, why int32 }

func newGraph(t *tape) *graph {
	n := int32(len(t.rows) + t.keys)
	return &graph{rows: int32(len(t.rows)), writes: n, nodes: n, edges: make([]edge, 0, 2*len(t.rows))}
}

// add returns a new node.
func (g *graph) add() int32 {
	g.nodes++
	return g.nodes - 1
}

func (g *graph) link(from, to, why int32) {
	if from != to {
		g.edges = append(g.edges, edge{from, to, why})
	}
}

// join returns a node for the later of what two stand for; one may be none.
func (g *graph) join(a, b, why int32) int32 {
	if a == none || a == b {
		return b
	}
	both := g.add()
	g.link(a, both, why)
	g.link(b, both, why)
	return both
}

// sort puts the edges in order of where they begin.
func (g *graph) sort() {
	g.starts = make([]int32, g.nodes+1)
	for _, e := range g.edges {
		g.starts[e.from+1]++
	}
	for i := range g.nodes {
		g.starts[i+1] += g.starts[i]
	}
	at, sorted := slices.Clone(g.starts), make([]edge, len(g.edges))
	for _, e := range g.edges {
		sorted[at[e.from]] = e
		at[e.from]++
	}
	g.edges = sorted
}

func (g *graph) of(node int32) []edge { return g.edges[g.starts[node]:g.starts[node+1]] }

// maxStarts bounds from how many writes of a component a short circle is sought.
const maxStarts = 64

// circle returns the shortest walk that comes back to the write it began with and
// passes another, as found from some writes of each component; nil if there is no
// such walk.
func (g *graph) circle(ctx context.Context) (best []edge) {
	g.sort()
	parts := scc.Components(int(g.nodes), func(node int, visit func(int)) {
		for _, e := range g.of(int32(node)) {
			visit(int(e.to))
		}
	})
	for _, part := range parts {
		for i, start := range g.suspects(part) {
			if best != nil && (i >= maxStarts || len(best) == 2 || ctx.Err() != nil) {
				break
			}
			if walk := g.back(start, part, len(best)); walk != nil {
				best = walk
			}
		}
	}
	return best
}

// suspects returns the writes of a component, none if there is one only: first what
// keys held at first, and then those that were read longest after they were made,
// by the number of rows between. Where a circle is short it is mostly one of them
// that was read when it should not have been.
func (g *graph) suspects(part []int) []int32 {
	var starts []int32
	age := map[int32]int32{}
	for _, node := range part {
		if n := int32(node); n < g.writes {
			starts = append(starts, n)
		}
		for _, e := range g.of(int32(node)) {
			if e.to < g.writes && e.why >= 0 && inside(part, e.to) {
				if e.to >= g.rows {
					age[e.to] = g.writes
				}
				age[e.to] = max(age[e.to], e.why-e.to)
			}
		}
	}
	if len(starts) < 2 {
		return nil
	}
	slices.SortStableFunc(starts, func(a, b int32) int { return cmp.Compare(age[b], age[a]) })
	return starts
}

// back returns the shortest walk from a write through another one back to it, if
// it has fewer edges than that; of 0: any number.
func (g *graph) back(start int32, part []int, fewer int) []edge {
	// A node of the search is one of the graph, and whether another write was passed.
	type place struct {
		node   int32
		passed bool
	}
	came := map[place]edge{}
	from := map[place]place{}
	goal := place{start, true}
	todo, depth := []place{{start, false}}, 0
	for len(todo) > 0 && (fewer == 0 || depth < fewer-1) {
		var next []place
		for _, p := range todo {
			for _, e := range g.of(p.node) {
				to := place{e.to, p.passed || e.to < g.writes && e.to != start}
				if _, seen := came[to]; seen || !inside(part, e.to) {
					continue
				}
				came[to], from[to] = e, p
				if next = append(next, to); to == goal {
					return walked(came, from, goal, place{start, false})
				}
			}
		}
		todo = next
		depth++
	}
	return nil
}

func walked[P comparable](came map[P]edge, from map[P]P, goal, start P) []edge {
	var walk []edge
	for at := goal; ; at = from[at] {
		walk = append(walk, came[at])
		if from[at] == start {
			break
		}
	}
	slices.Reverse(walk)
	return walk
}

// inside reports whether a component, which is sorted, has the node.
func inside(part []int, node int32) bool {
	_, found := slices.BinarySearch(part, int(node))
	return found
}

// step says that one write comes before another; why is the row that shows it, or
// none where their sessions do.
type step struct{ from, to, why int32 }

// steps returns the walk as it goes from write to write.
func (g *graph) steps(walk []edge) []step {
	var steps []step
	from := walk[0].from
	for _, e := range walk {
		if e.to < g.writes {
			steps = append(steps, step{from, e.to, e.why})
			from = e.to
		}
	}
	return steps
}
