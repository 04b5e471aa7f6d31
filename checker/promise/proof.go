package promise

import (
	"context"
	"fmt"
	"slices"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// derivation is why one row comes before another: because one was known to come
// before another in an earlier round, and because of what a read saw.
type derivation struct {
	from, to, read int32
	round          int
}

// What making a proof small may take: ways looked for, and rows it begins with.
const maxWays, maxProof = 200, 200

// contradiction is the breach that a circle proves.
func (s *orderer) contradiction(walk []edge) *breach {
	if s.brief {
		return &breach{}
	}
	p := &proof{orderer: s, rows: map[int32]bool{}, done: map[edge]bool{}}
	p.walk(walk)
	for len(p.todo) > 0 && p.ways < maxWays {
		e := p.todo[0]
		p.todo = p.todo[1:]
		p.expand(e)
	}
	rows := p.closed()
	ctx := context.Background() // it is small, and evidence must not be lost
	if len(rows) > maxProof || !s.tape.refutes(ctx, rows) {
		return &breach{"non-sequential", fmt.Sprintf("these %d operations come one before another all around a circle, by what follows from the whole history", len(rows)), rows}
	}
	return s.tape.smaller(ctx, rows)
}

// least returns few of all rows that have no order by themselves.
func (s *orderer) least(ctx context.Context) *breach {
	rows := make([]int32, len(s.tape.rows))
	for i := range rows {
		rows[i] = int32(i)
	}
	if s.brief {
		return &breach{}
	}
	if len(rows) > maxProof {
		return s.tape.noOrder(rows)
	}
	return s.tape.smaller(ctx, rows)
}

// proof gathers what a circle rests on.
type proof struct {
	*orderer
	rows map[int32]bool
	todo []edge
	done map[edge]bool
	ways int
}

// walk adds the edges and rows of a walk, less rows that only stand between two
// others of their session.
func (p *proof) walk(edges []edge) {
	within := func(e edge) bool { return e.why == bySession }
	for i, e := range edges {
		if i == 0 || !within(edges[i-1]) || !within(e) {
			p.rows[e.from] = true
		}
		if i == len(edges)-1 || !within(e) || !within(edges[i+1]) {
			p.rows[e.to] = true
		}
		if e.why >= 0 && !p.done[e] {
			p.done[e] = true
			p.todo = append(p.todo, e)
		}
	}
}

// expand adds what an edge follows from.
func (p *proof) expand(e edge) {
	d := p.derived[e.why]
	p.rows[d.read] = true
	p.ways++
	p.walk(p.way(d))
}

// way returns the shortest way on which the first row of a derivation was known to
// come before the second.
func (p *proof) way(d derivation) []edge {
	came := map[int32]edge{}
	from := map[int32]int32{}
	for todo := []int32{d.from}; len(todo) > 0; todo = todo[1:] {
		for _, e := range p.graph.of(todo[0]) {
			if _, seen := came[e.to]; seen || e.why >= 0 && p.derived[e.why].round >= d.round {
				continue
			}
			came[e.to], from[e.to] = e, todo[0]
			if e.to == d.to {
				return walked(came, from, d.to, d.from)
			}
			todo = append(todo, e.to)
		}
	}
	return nil
}

// closed returns the rows, with all whose writes they saw.
func (p *proof) closed() []int32 {
	var rows []int32
	for n := range p.rows {
		rows = append(rows, n)
	}
	rows = p.tape.backed(rows)
	for _, n := range rows {
		p.rows[n] = true
	}
	for i := 0; i < len(rows); i++ {
		if source := p.tape.rows[rows[i]].source; p.tape.isRow(source) && !p.rows[source] {
			p.rows[source] = true
			rows = append(rows, source)
		}
	}
	return p.tape.backed(rows)
}

// noOrder is the breach that these rows prove by themselves.
func (t *tape) noOrder(rows []int32) *breach {
	return &breach{"non-sequential", fmt.Sprintf("no order of these %d operations that keeps the order of each process gives the results they had", len(rows)), rows}
}

// smaller leaves out what it can of rows that have no order: once through, what
// could not be left out of more cannot be left out of fewer. Again, because those
// of unknown outcome that nobody is left to have seen prove nothing.
func (t *tape) smaller(ctx context.Context, rows []int32) *breach {
	for before := len(rows) + 1; len(rows) < before; {
		before = len(rows)
		for i := 0; i < len(rows); {
			if fewer := t.without(rows, rows[i]); t.refutes(ctx, fewer) {
				next, _ := slices.BinarySearch(fewer, rows[i])
				rows, i = fewer, next
			} else {
				i++
			}
		}
	}
	return t.noOrder(rows)
}

// without leaves out a row, and all that saw what it put. If what is left has no
// order then nor had the whole.
func (t *tape) without(rows []int32, n int32) []int32 {
	gone := map[int32]bool{n: true}
	for todo := []int32{n}; len(todo) > 0; todo = todo[1:] {
		put := t.rows[todo[0]].put
		for _, m := range rows {
			if r := &t.rows[m]; put != none && r.saw == put && !gone[m] {
				gone[m] = true
				todo = append(todo, m)
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(rows), func(m int32) bool { return gone[m] })
}

// refutes reports whether those rows have no order by themselves.
func (t *tape) refutes(ctx context.Context, rows []int32) bool {
	ops := make([]history.Op, len(rows))
	for i, n := range rows {
		ops[i] = t.ops[t.rows[n].at]
		ops[i].Process = history.Process(t.rows[n].session)
	}
	part, _, err := read(t.model, ops)
	if err != nil || part.impossible() != nil {
		return false
	}
	b, _ := (&orderer{tape: part, brief: true}).decide(ctx)
	return b != nil
}
