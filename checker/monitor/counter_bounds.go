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

// sumUp sums changes by a time of theirs, but for those for which it never comes.
func sumUp(of []change, by func(*change) int64) running {
	r := running{at: make([]moment, 0, len(of)), sum: make([]int64, 1, len(of)+1)}
	for i := range of {
		if t := by(&of[i]); t != history.Never {
			r.at = append(r.at, moment{t, int32(i)})
		}
	}
	for i, m := range order(r.at) {
		r.sum = append(r.sum, r.sum[i]+size(&of[m.row]))
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

// around is what one ledger says of an operation: how much was called until it
// returned, and how much was over before it was invoked.
type around struct{ called, ended int64 }

func (l *ledger) around(c *change) around {
	return around{l.called.before(c.end + 1), l.ended.before(c.call)}
}

// anchor is an operation with a result, and what the ledgers say of it: of what
// goes up, and of what goes down.
type anchor struct {
	*change
	up, down around
}

// room is how far the total can have gone one way at most, between one operation
// and another that ran after it.
// own is what the first adds, which is not in between, ownBack what the second
// takes back, which is.
func room(a, b, aBack, bBack around, own, ownBack int64) int64 {
	return b.called - a.ended - own - max(0, bBack.ended-aBack.called) - ownBack
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
	first := anchor{change: &change{call: never, end: never, after: c.initial, id: none}}
	last, over := first, 0
	for i := range c.known { // by invocation
		b := anchor{&c.known[i], up.around(&c.known[i]), down.around(&c.known[i])}
		late := last.change
		for ; over < len(returns) && returns[over].time < b.call; over++ {
			if a := &c.known[returns[over].row]; a.call > late.call {
				late = a
			}
		}
		if late != last.change {
			last = anchor{late, up.around(late), down.around(late)}
		}
		for _, a := range []*anchor{&last, &first} {
			rise := b.after - a.after
			if rise > room(a.up, b.up, a.down, b.down, max(0, a.amount), max(0, -b.amount)) {
				return outOfBounds(a.change, b.change, up, down)
			}
			if -rise > room(a.down, b.down, a.up, b.up, max(0, -a.amount), max(0, b.amount)) {
				return outOfBounds(a.change, b.change, down, up)
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
	if a.id == none {
		return c.outcome(false)
	}
	return c.or(a.id, b.id).outcome(true)
}
