package promise

import (
	"fmt"
	"slices"
	"strings"
)

// maxClauses bounds how many steps of a circle a sentence tells.
const maxClauses = 4

// explain turns a circle of writes into a breach: the reads and writes that put
// each of them before the next.
func (b *ordering) explain(g guarantee, walk []edge) *breach {
	t := b.tape
	var (
		proof   []int32
		clauses []string
	)
	for _, s := range b.graph.steps(walk) {
		rows, clause := b.ground(g, s)
		for _, n := range append([]int32{s.from, s.to}, rows...) {
			if t.isRow(n) && !slices.Contains(proof, n) {
				proof = append(proof, n)
			}
		}
		if clause != "" && !slices.Contains(clauses, clause) {
			clauses = append(clauses, clause)
		}
	}
	slices.Sort(proof)
	more := ""
	if n := len(clauses) - maxClauses; n > 0 {
		clauses, more = clauses[:maxClauses], fmt.Sprintf(", and %d more such steps", n)
	}
	text := strings.Join(clauses, ", and ") + more
	if len(clauses) > 1 {
		text += ": no order of the writes allows that"
	}
	return &breach{g.kind(), text, proof}
}

// kind is the type of the guarantee's anomalies.
func (g guarantee) kind() string {
	return [...]string{"did-not-read-own-write", "read-went-back", "writes-out-of-order", "write-before-what-it-followed"}[g]
}

// ground returns the rows that show why a write comes before another, and the
// same in words; none where the first is what the key held at first.
func (b *ordering) ground(g guarantee, s step) (rows []int32, clause string) {
	t := b.tape
	switch {
	case !t.isRow(s.from):
		return nil, ""
	case s.why == s.to:
		return nil, fmt.Sprintf("process %s replaced %s with %s", t.process(s.to), t.content(s.from), t.content(s.to))
	case s.why == none && t.rows[s.from].session == t.rows[s.to].session:
		return nil, fmt.Sprintf("process %s wrote %s and then %s", t.process(s.from), t.content(s.from), t.content(s.to))
	case s.why == none:
		read := t.readBefore(s.to, s.from)
		return []int32{read}, fmt.Sprintf("process %s read %s and then wrote %s", t.process(s.to), t.content(s.from), t.content(s.to))
	}
	who, first, then := t.process(s.why), t.content(s.from), t.content(s.to)
	switch g {
	case readYourWrites:
		return []int32{s.why}, fmt.Sprintf("process %s wrote %s and then read %s", who, first, then)
	case monotonicReads:
		return []int32{t.readBefore(s.why, s.from), s.why}, fmt.Sprintf("process %s read %s and then %s", who, first, then)
	case monotonicWrites:
		read := t.saw(s.why, s.from)
		write := t.rows[read].source
		return []int32{write, read, s.why}, fmt.Sprintf("process %s read %s, which was written after %s by the same process, and then %s",
			who, t.content(write), first, then)
	}
	rows = t.route(s.from, s.why)
	seen := t.rows[rows[len(rows)-1]].source
	return append(rows, s.why), fmt.Sprintf("process %s read %s, which was written by who had read %s, and then %s", who, t.content(seen), first, then)
}

// process returns whose the row is.
func (t *tape) process(n int32) string { return t.ops[t.rows[n].at].Process.String() }

// content says what a node holds: 7, or 7 of x where there are keys.
func (t *tape) content(node int32) string {
	if !t.isRow(node) {
		if name := t.names[node-t.first(0)]; name != "" {
			return "the first value of " + name
		}
		return "the first value"
	}
	op := &t.ops[t.rows[node].at]
	v := op.Input
	if _, put, pair := v.Pair(); op.F == "cas" && pair {
		v = put
	}
	if op.Key == "" {
		return v.String()
	}
	return v.String() + " of " + op.Key
}

// readBefore returns the last row of the session before that row, or the row
// itself, that saw the write.
func (t *tape) readBefore(n, write int32) int32 {
	r := &t.rows[n]
	found := int32(none)
	for _, m := range t.sessions[r.session] {
		t.sources(m, func(source int32) {
			if source == write && t.rows[m].pos <= r.pos {
				found = m
			}
		})
	}
	return found
}

// saw returns the first row of the session up to that row that saw a write which
// the session of the given write made after it.
func (t *tape) saw(n, write int32) int32 {
	r, first := &t.rows[n], &t.rows[write]
	found := int32(none)
	for _, m := range t.sessions[r.session] {
		if found != none || t.rows[m].pos > r.pos {
			break
		}
		t.sources(m, func(source int32) {
			if w := &t.rows[source]; w.session == first.session && w.pos > first.pos {
				found = m
			}
		})
	}
	return found
}

// route returns how a row came to know of a write through what others had read:
// from a read of the write, by writes and reads of them in turn, to a read of the
// row's session. There are as few as can be.
func (t *tape) route(write, n int32) []int32 {
	// Backwards: from a row to the reads before it in its session, and from each to
	// the write that it saw. What was looked at of a session is not looked at again.
	from := map[int32]hop{}
	seen := map[int32]int32{} // session → rows, from its beginning
	for todo := []int32{n}; len(todo) > 0; todo = todo[1:] {
		at := todo[0]
		r := &t.rows[at]
		end := r.pos + 1
		if at == n && t.members == nil {
			end = r.pos // what a read of a register shows, it shows of itself alone
		}
		for pos := seen[r.session]; pos < end; pos++ {
			m, done := t.sessions[r.session][pos], false
			t.sources(m, func(source int32) {
				if _, known := from[source]; !known {
					from[source] = hop{m, at}
					todo = append(todo, source)
				}
				done = done || source == write && at != n
			})
			if done {
				return routed(from, m, at, n)
			}
		}
		if at != n {
			seen[r.session] = max(seen[r.session], end)
		}
	}
	panic("promise: nothing led from a write to who knew of it")
}

// hop is how a write was come to: the read that saw it, and the row from which that
// was come to, a write or the row where it began.
type hop struct{ read, before int32 }

// routed returns the rows from a read back to n, without n.
func routed(from map[int32]hop, read, at, n int32) []int32 {
	rows := []int32{read}
	for ; at != n; at = from[at].before {
		rows = append(rows, at, from[at].read)
	}
	return rows
}
