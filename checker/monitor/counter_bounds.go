package monitor

import (
	"cmp"
	"slices"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// running sums amounts by time.
type running struct {
	at  []moment
	sum []int64 // of all before each, and of all
}

func sumUp(of []change, by func(*change) int64) running {
	r := running{at: make([]moment, len(of)), sum: make([]int64, len(of)+1)}
	for i := range of {
		r.at[i] = moment{by(&of[i]), int32(i)}
	}
	order(r.at)
	for i, m := range r.at {
		r.sum[i+1] = r.sum[i] + size(&of[m.row])
	}
	return r
}

// before sums those of a time before t.
func (r *running) before(t int64) int64 {
	n, _ := slices.BinarySearchFunc(r.at, t, func(m moment, t int64) int { return cmp.Compare(m.time, t) })
	return r.sum[n]
}

// ledger is all changes of one sign.
type ledger struct {
	changes       []change
	called, ended running
}

func newLedger(c *counter, sign int64) *ledger {
	l := &ledger{}
	for _, of := range [][]change{c.known, c.free} {
		for _, ch := range of {
			if sign*ch.amount > 0 {
				l.changes = append(l.changes, ch)
			}
		}
	}
	l.called = sumUp(l.changes, func(c *change) int64 { return c.call })
	l.ended = sumUp(l.changes, func(c *change) int64 { return c.end })
	return l
}

// atMost is how much they can add between two operations, one after the other.
func (l *ledger) atMost(a, b *change, sign int64) int64 {
	n := l.called.before(b.end+1) - l.ended.before(a.call)
	if sign*a.amount > 0 {
		n -= size(a)
	}
	return n
}

// atLeast is how much they add at least, and a little less than that.
func (l *ledger) atLeast(a, b *change, sign int64) int64 {
	n := max(0, l.ended.before(b.call)-l.called.before(a.end+1))
	if sign*b.amount > 0 {
		n += size(b)
	}
	return n
}

// bounds looks for a total that is farther from one known before than all changes
// that can have happened in between could take it.
//
// Why of each total only two before: the first, and that which was last invoked of
// those that were over. It is no more than a quick look.
func (c *counter) bounds() Outcome {
	up, down := newLedger(c, 1), newLedger(c, -1)
	returns := make([]moment, len(c.known))
	for i := range c.known {
		returns[i] = moment{c.known[i].end, int32(i)}
	}
	order(returns)
	first := change{call: never, end: never, after: c.initial, id: none}
	last, over := &first, 0
	for i := range c.known { // by invocation
		b := &c.known[i]
		for ; over < len(returns) && returns[over].time < b.call; over++ {
			if a := &c.known[returns[over].row]; a.call > last.call {
				last = a
			}
		}
		for _, a := range []*change{last, &first} {
			if grown := b.after - a.after; grown > up.atMost(a, b, 1)-down.atLeast(a, b, -1) {
				return outOfBounds(a, b, up, down)
			} else if -grown > down.atMost(a, b, -1)-up.atLeast(a, b, 1) {
				return outOfBounds(a, b, down, up)
			}
		}
	}
	return Outcome{Answer: Legal}
}

// outOfBounds is the core of two totals too far apart: whatever could have taken
// the second farther, and what certainly took it back.
func outOfBounds(a, b *change, with, against *ledger) Outcome {
	c := core{b.id}
	if a.id != none {
		c = append(c, a.id)
	}
	for i := range with.changes {
		if x := &with.changes[i]; x.call <= b.end && x.end >= a.call {
			c = append(c, x.id)
		}
	}
	for i := range against.changes {
		if x := &against.changes[i]; x.end != history.Never && x.end < b.call && x.call > a.end {
			c = append(c, x.id)
		}
	}
	return c.outcome(a.id != none)
}
