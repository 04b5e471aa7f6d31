// Package scc finds the strongly connected components of large graphs: where a
// relation that should be an order has a cycle.
//
//	parts := scc.Components(n, func(node int, visit func(to int)) {
//		for _, to := range edges[node] {
//			visit(to)
//		}
//	})
//
// It knows nothing of histories, and does not say which cycle a component has.
package scc
