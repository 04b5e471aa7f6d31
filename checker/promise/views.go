package promise

import (
	"context"
	"sort"
)

// contributor is what one session adds to the views of reads of one key: of
// monotonic writes its writes, of writes follow reads the writes it has read. A
// view has those of a first part of the session.
type contributor struct {
	session int32
	pos     []int32 // in the session, ascending
	nodes   []int32 // what each stands for: with registers, with all before it
}

// visitor is called for each read and each contributor that has something in its
// view, with the contributor's number for that key and how much of it; and at
// last with no contributor.
type visitor func(n int32, c *contributor, number, upto int)

// What views may take: looks at a contributor, and entries of clocks.
const maxLooks, maxClocks = 1 << 31, 1 << 25

const tooManySessions = "the history has too many sessions for its size"

// contributors returns those of each key.
func (b *ordering) contributors(g guarantee) [][]*contributor {
	join := func(c *contributor, node int32) int32 {
		if g == monotonicWrites || len(c.nodes) == 0 {
			return node // in session order anyhow
		}
		return b.graph.join(c.nodes[len(c.nodes)-1], node, none)
	}
	return b.tape.contributors(g, join)
}

func (t *tape) contributors(g guarantee, join func(c *contributor, node int32) int32) [][]*contributor {
	all := make([][]*contributor, t.keys)
	current := newMemory(t.keys)
	for s, rows := range t.sessions {
		contribute := func(key, pos, node int32) {
			at := current.get(int32(s), key)
			if at == none {
				at = int32(len(all[key]))
				current.set(int32(s), key, at)
				all[key] = append(all[key], &contributor{session: int32(s)})
			}
			c := all[key][at]
			node = join(c, node)
			c.pos, c.nodes = append(c.pos, pos), append(c.nodes, node)
		}
		seen := map[int32]bool{} // of a set: only what is new
		for _, n := range rows {
			r := &t.rows[n]
			switch {
			case g == monotonicWrites && r.put != none:
				contribute(r.key, r.pos, n)
			case g == writesFollowReads:
				t.sources(n, func(source int32) {
					if t.members == nil || !seen[source] {
						contribute(r.key, r.pos, source)
					}
					if t.members != nil {
						seen[source] = true
					}
				})
			}
		}
	}
	return all
}

// views finds what each read must be able to see of others' sessions. It returns
// why it did not, where that took too much.
func (t *tape) views(ctx context.Context, g guarantee, by [][]*contributor, visit visitor) (reason string) {
	looks := 0
	for i := range t.rows {
		if r := &t.rows[i]; r.saw != none {
			looks += len(by[r.key])
		}
	}
	if looks > maxLooks {
		return tooManySessions
	}
	v := &viewer{tape: t, by: by, visit: visit}
	if g == monotonicWrites {
		return v.prefixes(ctx)
	}
	return v.clocks(ctx)
}

// viewer walks over sessions with what each knows of the others: of each session,
// how many of its rows count.
type viewer struct {
	tape  *tape
	by    [][]*contributor
	visit visitor
}

// look names to the visitor what a read has in its view.
func (v *viewer) look(n int32, known []int32) {
	for number, c := range v.by[v.tape.rows[n].key] {
		if count := known[c.session]; count > c.pos[0] {
			upto := len(c.pos)
			if c.pos[upto-1] >= count {
				upto = sort.Search(len(c.pos), func(i int) bool { return c.pos[i] >= count })
			}
			v.visit(n, c, number, upto)
		}
	}
	v.visit(n, nil, 0, 0)
}

// prefixes: who saw a write knows what its session wrote before it. A read of a
// set shows by itself what it must have seen besides; one of a register does not.
func (v *viewer) prefixes(ctx context.Context) (reason string) {
	t := v.tape
	known, touched := make([]int32, len(t.sessions)), []int32(nil)
	for i, rows := range t.sessions {
		if i%1024 == 0 && ctx.Err() != nil {
			return interrupted
		}
		for _, n := range rows {
			if t.rows[n].saw == none {
				continue
			}
			if t.members == nil {
				v.look(n, known)
			}
			t.sources(n, func(source int32) {
				w := &t.rows[source]
				if known[w.session] == 0 {
					touched = append(touched, w.session)
				}
				known[w.session] = max(known[w.session], w.pos)
			})
			if t.members != nil {
				v.look(n, known)
			}
		}
		for _, s := range touched {
			known[s] = 0
		}
		touched = touched[:0]
	}
	return ""
}

const interrupted = "it was interrupted"
