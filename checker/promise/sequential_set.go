package promise

import (
	"cmp"
	"context"
	"fmt"
	"slices"
)

// sequentialSet decides whether the reads and adds of sets have a sequential
// order. Here that is always known: a read comes after the adds of what it lists
// and before all others, so the reads of a set are a chain, each with all that the
// smaller ones list; layer after layer, the graph of that and of the sessions has
// a circle or it has an order.
func (t *tape) sequentialSet(ctx context.Context) (*breach, string) {
	total := 0
	for _, list := range t.members {
		total += len(list)
	}
	if total > maxMembers {
		return nil, "the reads list too many elements"
	}
	reads := make([][]int32, t.keys)
	for i := range t.rows {
		if r := &t.rows[i]; r.saw != none {
			reads[r.key] = append(reads[r.key], int32(i))
		}
	}
	l := &layers{tape: t, graph: newGraph(t), lower: make([]int32, len(t.values)), upper: make([]int32, len(t.values)), last: make([]int32, t.keys)}
	for key := range reads {
		if b := l.add(int32(key), reads[key]); b != nil {
			return b, ""
		}
	}
	l.adds()
	for _, rows := range t.sessions {
		for i, n := range rows[min(1, len(rows)):] {
			l.graph.link(rows[i], n, bySession)
		}
	}
	if walk := l.graph.circle(ctx); walk != nil {
		b := t.circleOfSet(l.graph, walk)
		b.rows = t.backed(b.rows)
		return b, ""
	}
	return nil, t.repeatedReason()
}

// layers builds the graph. Between two layers of reads are two nodes: one after
// all reads that lack something, one before all that list it.
type layers struct {
	tape  *tape
	graph *graph
	// lower and upper are these two nodes by value; 0: no read lists it.
	lower, upper []int32
	last         []int32 // the node after all reads, by key; none: nobody read
}

// add makes the layers of one set. Two reads each of which lacks something of the
// other are a breach by themselves.
func (l *layers) add(key int32, reads []int32) *breach {
	t := l.tape
	slices.SortStableFunc(reads, func(a, b int32) int { return cmp.Compare(len(t.members[a]), len(t.members[b])) })
	start, full, after, last := l.graph.add(), l.graph.add(), l.graph.add(), int32(none)
	for _, n := range reads {
		before, fresh := after, 0
		if last == none {
			before = start // nothing comes before what the first lists
		}
		for _, v := range t.members[n] {
			if l.upper[v] != 0 {
				continue
			}
			if fresh++; fresh == 1 && last != none {
				full, after = l.graph.add(), l.graph.add()
				l.graph.link(before, full, none)
			}
			l.lower[v], l.upper[v] = before, full
		}
		if last != none && len(t.members[last])+fresh != len(t.members[n]) {
			return t.crossed(last, n)
		}
		l.graph.link(full, n, none)
		l.graph.link(n, after, none)
		last = n
	}
	l.last[key] = after
	return nil
}

// adds puts each add after all reads that lack its element, and before all that
// list it, if no other add of that element can have been meant.
func (l *layers) adds() {
	t := l.tape
	for i := range t.rows {
		r := &t.rows[i]
		switch {
		case r.put == none:
		case l.upper[r.put] == 0:
			l.graph.link(l.last[r.key], int32(i), none)
		default:
			l.graph.link(l.lower[r.put], int32(i), none)
			if t.values[r.put].node == int32(i) {
				l.graph.link(int32(i), l.upper[r.put], none)
			}
		}
	}
}

// crossed is the breach of two reads each of which lacks something of the other.
func (t *tape) crossed(a, b int32) *breach {
	rows := []int32{a, b}
	var names []string
	for _, pair := range [][2]int32{{a, b}, {b, a}} {
		listed := map[int32]bool{}
		for _, v := range t.members[pair[1]] {
			listed[v] = true
		}
		at := slices.IndexFunc(t.members[pair[0]], func(v int32) bool { return !listed[v] })
		v := t.members[pair[0]][at]
		if node := t.values[v].node; t.isRow(node) {
			rows = append(rows, node)
		}
		names = append(names, t.named(v))
	}
	slices.Sort(rows)
	return &breach{"reads-disagree", fmt.Sprintf("one read listed %s without %s, and another %s without %s: one of them must have been added first",
		names[0], names[1], names[1], names[0]), slices.Compact(rows)}
}

// circleOfSet is the breach of a circle: each of its operations comes before the
// next, and the last before the first. Operations between two others of their
// session are left out.
func (t *tape) circleOfSet(g *graph, walk []edge) *breach {
	steps := g.steps(walk)
	var rows []int32
	for i, s := range steps {
		before := steps[(i+len(steps)-1)%len(steps)]
		if before.why != bySession || s.why != bySession {
			rows = append(rows, s.from)
		}
	}
	slices.Sort(rows)
	return &breach{"non-sequential", fmt.Sprintf("each of these %d operations comes before another, by its process or by what reads list, all around a circle", len(rows)), slices.Compact(rows)}
}
