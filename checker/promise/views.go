package promise

import (
	"cmp"
	"context"
	"slices"
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

// upto returns how many of them are among so many rows of the session.
func (c *contributor) upto(count int32) int {
	last := len(c.pos)
	if c.pos[last-1] < count {
		return last
	}
	return sort.Search(last, func(i int) bool { return c.pos[i] >= count })
}

// visitor is called for each read and each contributor of which something came
// into its view since its session last read that key, or has something in it where
// that is a set; and at last with no contributor. It returns whether to go on.
type visitor func(n int32, c *contributor, upto int) bool

const (
	tooManySessions = "the history has too many sessions for its size"
	interrupted     = "it was interrupted"
)

// contributors returns those of each key, by session.
func (b *ordering) contributors(g guarantee) [][]*contributor {
	return b.tape.contributors(g, func(c *contributor, node int32) int32 {
		if g == monotonicWrites || len(c.nodes) == 0 {
			return node // in session order anyhow
		}
		return b.graph.join(c.nodes[len(c.nodes)-1], node, none)
	})
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
		seen := t.news()
		for _, n := range rows {
			r := &t.rows[n]
			switch {
			case g == monotonicWrites && r.put != none:
				contribute(r.key, r.pos, n)
			case g == writesFollowReads:
				t.sources(n, func(source int32) {
					if seen.add(source) {
						contribute(r.key, r.pos, source)
					}
				})
			}
		}
	}
	return all
}

// news tells what a session sees for the first time: reads of sets list the same
// again and again. For registers all is new.
type news map[int32]bool

func (t *tape) news() news {
	if t.members == nil {
		return nil
	}
	return news{}
}

func (n news) add(source int32) bool {
	if n == nil {
		return true
	}
	old := n[source]
	n[source] = true
	return !old
}

// views finds what each read must be able to see of others' sessions. It returns
// why it stopped early.
func (t *tape) views(ctx context.Context, g guarantee, by [][]*contributor, visit visitor) (reason string) {
	v := &viewer{tape: t, by: by, visit: visit}
	if g == monotonicWrites {
		return v.prefixes(ctx)
	}
	return v.clocks(ctx)
}

// viewer walks over sessions with what each knows of the others.
type viewer struct {
	tape    *tape
	by      [][]*contributor
	visit   visitor
	stopped bool
}

// knowledge says, of each session, how many of its rows count for one that reads.
type knowledge struct {
	counts []int32
	// recent are the last of what came to be known, in a ring, the latest at total-1;
	// looked is the total when the session last looked at a key.
	recent [64]lesson
	total  int
	looked map[int32]int
}

// lesson says that of a session more rows count than before.
type lesson struct{ session, before, count int32 }

func (k *knowledge) learn(session, count int32) {
	if before := k.counts[session]; before < count {
		k.counts[session] = count
		k.recent[k.total%len(k.recent)] = lesson{session, before, count}
		k.total++
	}
}

// look names to the visitor what a read has in its view.
func (v *viewer) look(n int32, k *knowledge) {
	r := &v.tape.rows[n]
	all := v.by[r.key]
	last, before := k.looked[r.key]
	if k.looked == nil {
		k.looked = map[int32]int{}
	}
	k.looked[r.key] = k.total
	if fresh := k.total - last; before && v.tape.members == nil && fresh <= min(len(k.recent), len(all)) {
		for i := last; i < k.total; i++ {
			l := k.recent[i%len(k.recent)]
			at, found := slices.BinarySearchFunc(all, l.session, func(c *contributor, s int32) int { return cmp.Compare(c.session, s) })
			if found {
				v.show(n, all[at], l.before, l.count)
			}
		}
	} else {
		for _, c := range all {
			v.show(n, c, 0, k.counts[c.session])
		}
	}
	v.stopped = v.stopped || !v.visit(n, nil, 0)
}

// show names a contributor if it has more among so many rows than before.
func (v *viewer) show(n int32, c *contributor, before, count int32) {
	if count <= c.pos[0] {
		return
	}
	if upto := c.upto(count); before <= c.pos[0] || c.upto(before) < upto {
		v.stopped = v.stopped || !v.visit(n, c, upto)
	}
}

// prefixes: who saw a write knows what its session wrote before it. A read of a
// set shows by itself what it must have seen besides; one of a register does not.
func (v *viewer) prefixes(ctx context.Context) (reason string) {
	t := v.tape
	k := &knowledge{counts: make([]int32, len(t.sessions))}
	var met []int32
	for i, rows := range t.sessions {
		if i%1024 == 0 && ctx.Err() != nil {
			return interrupted
		}
		for _, n := range rows {
			if t.rows[n].saw == none {
				continue
			}
			if t.members == nil {
				v.look(n, k)
			}
			t.sources(n, func(source int32) {
				w := &t.rows[source]
				k.learn(w.session, w.pos)
				met = append(met, w.session)
			})
			if t.members != nil {
				v.look(n, k)
			}
		}
		if v.stopped {
			return tooManySessions
		}
		for _, s := range met {
			k.counts[s] = 0
		}
		met, k.total, k.looked = met[:0], 0, nil
	}
	return ""
}
