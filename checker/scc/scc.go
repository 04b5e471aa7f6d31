package scc

import "slices"

// Components returns the strongly connected components of more than one node of
// a graph of n nodes (Tarjan 1972), without recursion: a component may be as deep
// as the history is long. next calls visit with each successor of a node.
func Components(n int, next func(node int, visit func(to int))) [][]int {
	s := search{index: make([]int32, n), low: make([]int32, n), onStack: make([]bool, n)}
	collect := func(to int) { s.edges = append(s.edges, int32(to)) }
	for root := range n {
		if s.index[root] != 0 {
			continue
		}
		s.open(root, next, collect)
		for len(s.path) > 0 {
			s.step(next, collect)
		}
	}
	return s.found
}

// search is Tarjan's, with its stacks.
type search struct {
	index, low []int32 // index counts from 1, by discovery
	onStack    []bool
	stack      []int32
	path       []frame
	// edges are those of the nodes of the path that are still to be followed.
	edges []int32
	found [][]int
	count int32
}

// frame is a node of the path; its edges begin at from.
type frame struct{ node, from int32 }

func (s *search) open(v int, next func(int, func(int)), collect func(int)) {
	s.count++
	s.index[v], s.low[v], s.onStack[v] = s.count, s.count, true
	s.stack = append(s.stack, int32(v))
	s.path = append(s.path, frame{int32(v), int32(len(s.edges))})
	next(v, collect)
}

// step follows one edge of the last node of the path, or closes it.
func (s *search) step(next func(int, func(int)), collect func(int)) {
	f := s.path[len(s.path)-1]
	if last := len(s.edges) - 1; last >= int(f.from) {
		to := s.edges[last]
		s.edges = s.edges[:last]
		if s.index[to] == 0 {
			s.open(int(to), next, collect)
		} else if s.onStack[to] {
			s.low[f.node] = min(s.low[f.node], s.index[to])
		}
		return
	}
	s.path = s.path[:len(s.path)-1]
	if len(s.path) > 0 {
		up := s.path[len(s.path)-1].node
		s.low[up] = min(s.low[up], s.low[f.node])
	}
	if s.low[f.node] == s.index[f.node] {
		s.close(f.node)
	}
}

// close takes the component of its first node off the stack.
func (s *search) close(first int32) {
	at := len(s.stack) - 1
	for s.stack[at] != first {
		at--
	}
	part := make([]int, 0, len(s.stack)-at)
	for _, v := range s.stack[at:] {
		s.onStack[v] = false
		part = append(part, int(v))
	}
	s.stack = s.stack[:at]
	if len(part) > 1 {
		slices.Sort(part)
		s.found = append(s.found, part)
	}
}
