package monitor

import (
	"math"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model"
)

// counter judges a total, and a stock that refuses to go below zero. Where all
// changes have one sign the results put themselves in order, see chain; else it
// searches, see search. docs/monitors.md proves both.
type counter struct {
	initial int64
	bounded bool // a stock: never below zero
	unfit   string

	// known are operations with a result; free are changes without one, those
	// of unknown outcome among them; refused are takes that were. Each is by
	// invocation.
	known, free, refused []change

	grows, shrinks bool
	// sum bounds how far the total can move.
	sum uint64
	// below is the first result, or refusal, that no total allows; anyState:
	// whatever the first one was.
	below    int32
	anyState bool
}

// change is an operation that adds amount, which may be 0, and leaves the total
// at after, if that is known. A refusal's amount is what was asked for.
type change struct {
	call, end     int64
	amount, after int64
	id            int32
}

func (c *change) certain() bool { return c.end != history.Never }

// before is the total that the operation found.
func (c *change) before() int64 { return c.after - c.amount }

func newCounter(m model.Model, n int) *counter {
	initial, _ := m.Initial().Int()
	return &counter{initial: initial, bounded: m.Kind().Name != "counter", known: make([]change, 0, n), below: none}
}

func (c *counter) Add(op *model.Op) {
	ch := change{call: op.Call, end: op.Return, amount: op.Amount, id: int32(op.ID)}
	if op.Action == model.Refuse {
		if c.refused = append(c.refused, ch); ch.amount == 0 {
			c.impossible(ch.id, false)
		}
		return
	}
	if op.Action == model.Take {
		ch.amount = -ch.amount
	}
	after, said := op.Result.Int()
	c.bound(ch.amount, after)
	switch {
	case said:
		ch.after = after
		c.known = append(c.known, ch)
		if c.bounded && after < 0 {
			c.impossible(ch.id, true)
		} else if c.bounded && ch.before() < 0 {
			c.impossible(ch.id, false)
		}
	case ch.amount != 0:
		c.free = append(c.free, ch)
	}
	c.grows = c.grows || ch.amount > 0
	c.shrinks = c.shrinks || ch.amount < 0
}

// bound keeps totals far from where they would overflow.
func (c *counter) bound(amount, after int64) {
	const far = math.MaxInt64 / 4
	if max(amount, after) > far || min(amount, after) < -far {
		c.unfit = "the numbers are too large"
		return
	}
	if c.sum += uint64(max(amount, -amount)); c.sum > far {
		c.unfit = "the numbers are too large"
	}
}

func (c *counter) impossible(id int32, anyState bool) {
	if c.below == none {
		c.below, c.anyState = id, anyState
	}
}

func (c *counter) Judge() Outcome {
	if c.unfit == "" && c.initial > math.MaxInt64/4 {
		c.unfit = "the numbers are too large"
	}
	switch {
	case c.unfit != "":
		return unfit(c.unfit)
	case c.below != none:
		o := illegal(c.below)
		o.AnyState = c.anyState
		return o
	case c.grows && c.shrinks:
		return c.withinBounds()
	}
	ch := newChain(c)
	if o := ch.sort(); o.Answer != Legal {
		return o
	}
	if o := ch.inTime(); o.Answer != Legal {
		return o
	}
	switch {
	case ch.uniform():
		return ch.fillSlots()
	case !ch.mustPlace():
		return ch.fillSums()
	}
	return c.withinBounds()
}

// withinBounds searches what is not plainly impossible.
func (c *counter) withinBounds() Outcome {
	if o := c.bounds(); o.Answer != Legal {
		return o
	}
	return c.search()
}
