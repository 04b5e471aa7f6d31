package txn

import (
	"cmp"
	"slices"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// kind is what makes one transaction come before another. Kinds are bits.
type kind uint8

const (
	ww kind = 1 << iota // it overwrote what the other wrote
	wr                  // it read what the other wrote
	rw                  // it wrote what the other did not see yet
	rt                  // it was called after the other had completed
)

// edge leads to a transaction that comes after.
type edge struct {
	to   int
	kind kind
}

// graph holds the edges from each node.
type graph [][]edge

func (g graph) link(from, to int, k kind) {
	if from != to {
		g[from] = append(g[from], edge{to, k})
	}
}

// dependencies builds the graph of what follows from the lists.
func (a *analysis) dependencies() {
	a.graph = make(graph, len(a.txns))
	for _, key := range a.keys {
		if l := a.lists[key]; !l.broken {
			a.overwrites(l)
		}
	}
	for i := range a.txns {
		t := &a.txns[i]
		if t.Outcome != history.OK {
			continue
		}
		for j := range t.Steps {
			if s := &t.Steps[j]; s.Known && !a.lists[s.Key].broken {
				a.reads(i, s, a.lists[s.Key])
			}
		}
	}
}

// overwrites links the writers of a list in the order of what they wrote.
func (a *analysis) overwrites(l *list) {
	before := -1
	for _, v := range l.order {
		w, ok := l.writers[v]
		if !ok {
			before = -1 // it failed, or nobody wrote it
			continue
		}
		if before >= 0 {
			a.graph.link(before, w, ww)
		}
		before = w
	}
	if before >= 0 {
		for _, w := range l.later {
			a.graph.link(before, w, ww)
		}
	}
}

// reads links a reader to the writer of what it read, and to those of what comes
// next.
func (a *analysis) reads(i int, s *Step, l *list) {
	if w, ok := l.writers[s.last()]; ok {
		a.graph.link(w, i, wr)
	}
	if len(s.List) < len(l.order) {
		if w, ok := l.writers[l.order[len(s.List)]]; ok {
			a.graph.link(i, w, rw)
		}
		return
	}
	for _, w := range l.later {
		a.graph.link(i, w, rw)
	}
}

// inRealTime links transactions to those called after their completion. An edge
// that follows from others is left out: at any moment only those that completed
// last, none after the call of another of them, matter.
func (a *analysis) inRealTime() {
	type event struct {
		at, txn   int
		completed bool
	}
	var events []event
	for i := range a.txns {
		if t := &a.txns[i]; a.took[i] {
			if t.Called >= 0 {
				events = append(events, event{t.Called, i, false})
			}
			if t.Outcome == history.OK {
				events = append(events, event{t.Completed, i, true})
			}
		}
	}
	slices.SortFunc(events, func(x, y event) int { return cmp.Compare(x.at, y.at) })
	var last []int
	for _, e := range events {
		if !e.completed {
			for _, t := range last {
				a.graph.link(t, e.txn, rt)
			}
			continue
		}
		called := a.txns[e.txn].Called
		last = slices.DeleteFunc(last, func(t int) bool { return a.txns[t].Completed < called })
		last = append(last, e.txn)
	}
}
