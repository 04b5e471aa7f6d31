package promise

import (
	"context"
	"encoding/binary"
)

// What a search may take: rows, and states that it remembers.
const maxSearched, maxStates, maxBrief = 600, 1 << 17, 1 << 12

// search looks for an order by trying all, a state once. open is why it was asked.
func (s *orderer) search(ctx context.Context, open string) (*breach, string) {
	t := s.tape
	if len(t.rows) > maxSearched {
		return nil, open
	}
	states := maxStates
	if s.brief {
		states = maxBrief
	}
	q := newQuest(ctx, t, states)
	switch {
	case q.try():
		if !t.keeps(q.order) {
			panic("promise: an order that was found is none")
		}
		return nil, ""
	case q.stopped:
		return nil, open + ", and a search of all orders took too long"
	}
	return s.least(ctx), ""
}

// quest is a search of all orders. Of the states that it came to, it remembers
// those from which there is no way on.
type quest struct {
	ctx     context.Context
	tape    *tape
	left    int // states
	stopped bool
	come    []int32 // rows, by session
	current []int32 // value, by key
	certain int     // rows that are still to come
	order   []int32
	dead    map[string]bool
}

func newQuest(ctx context.Context, t *tape, states int) *quest {
	q := &quest{
		ctx: ctx, tape: t, left: states, dead: map[string]bool{},
		come: make([]int32, len(t.sessions)), current: make([]int32, t.keys),
	}
	for key := range q.current {
		q.current[key] = none
	}
	for i := range t.rows {
		if t.rows[i].certain {
			q.certain++
		}
	}
	return q
}

// try reports whether there is an order from here on.
//
// Why a read that can come does so at once: it changes nothing, so that whatever
// order there is, there is one in which it comes first.
func (q *quest) try() bool {
	if q.certain == 0 {
		return true
	}
	if q.stopped {
		return false
	}
	state := q.state()
	if q.dead[state] {
		return false
	}
	if q.left--; q.left < 0 || q.left%1024 == 0 && q.ctx.Err() != nil {
		q.stopped = true
		return false
	}
	for s := range q.come {
		if n, ok := q.next(s); ok && q.tape.rows[n].put == none {
			return q.run(n) || q.bury(state)
		}
	}
	for s := range q.come {
		if n, ok := q.next(s); ok && q.run(n) {
			return true
		}
	}
	return q.bury(state)
}

func (q *quest) bury(state string) bool {
	q.dead[state] = !q.stopped
	return false
}

// next returns the next row of a session, if it can come now.
func (q *quest) next(session int) (n int32, ok bool) {
	rows := q.tape.sessions[session]
	if int(q.come[session]) == len(rows) {
		return none, false
	}
	n = rows[q.come[session]]
	r := &q.tape.rows[n]
	return n, r.saw == none || q.tape.holds(q.current[r.key], r.saw)
}

// run takes a row, goes on, and takes it back if there is no way.
func (q *quest) run(n int32) bool {
	r := &q.tape.rows[n]
	old := q.current[r.key]
	step := func(by int32) {
		q.come[r.session] += by
		if r.certain {
			q.certain -= int(by)
		}
	}
	step(1)
	if r.put != none {
		q.current[r.key] = r.put
	}
	if q.order = append(q.order, n); q.try() {
		return true
	}
	q.order = q.order[:len(q.order)-1]
	q.current[r.key] = old
	step(-1)
	return false
}

func (q *quest) state() string {
	var text []byte
	for _, counts := range [][]int32{q.come, q.current} {
		for _, n := range counts {
			text = binary.AppendVarint(text, int64(n))
		}
	}
	return string(text)
}
