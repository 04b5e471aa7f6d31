package scc_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/jepsen-lite/jepsen-lite/checker/scc"
)

// Two nodes are in one component if and only if each is reached from the other.
func TestComponentsAreWhatReachesEachOther(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 12).Draw(t, "nodes")
		node := rapid.IntRange(0, n-1)
		edges := make([][]int, n)
		reach := make([][]bool, n)
		for i := range reach {
			reach[i] = make([]bool, n)
		}
		for range rapid.IntRange(0, 2*n).Draw(t, "edges") {
			from, to := node.Draw(t, "from"), node.Draw(t, "to")
			edges[from] = append(edges[from], to)
			reach[from][to] = true
		}
		for k := range n {
			for i := range n {
				for j := range n {
					reach[i][j] = reach[i][j] || reach[i][k] && reach[k][j]
				}
			}
		}
		part := make([]int, n)
		for i, p := range scc.Components(n, func(v int, visit func(int)) {
			for _, to := range edges[v] {
				visit(to)
			}
		}) {
			if len(p) < 2 || !slices.IsSorted(p) {
				t.Fatalf("component %v", p)
			}
			for _, v := range p {
				part[v] = i + 1
			}
		}
		for i := range n {
			for j := range n {
				together := i != j && reach[i][j] && reach[j][i]
				if together != (i != j && part[i] != 0 && part[i] == part[j]) {
					t.Fatalf("%d and %d: together %v, components %v", i, j, together, part)
				}
			}
		}
	})
}

// A path of a million nodes is no deeper than the heap.
func TestComponentsOfALongCircle(t *testing.T) {
	const n = 1_000_000
	parts := scc.Components(n, func(v int, visit func(int)) { visit((v + 1) % n) })
	if len(parts) != 1 || len(parts[0]) != n {
		t.Fatalf("got %d components", len(parts))
	}
}
