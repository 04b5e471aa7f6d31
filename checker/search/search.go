package search

import (
	"context"

	"github.com/jepsen-lite/jepsen-lite/model"
)

// Answer is what a search found out.
type Answer uint8

const (
	// Undecided: the context ended.
	Undecided Answer = iota
	// TooLarge: the memory bound was reached, or more operations were pending at
	// the same time than a search keeps apart.
	TooLarge
	// Legal: some order explains the history.
	Legal
	// Illegal: none does.
	Illegal
)

func (a Answer) String() string {
	return [...]string{"undecided", "too large", "legal", "illegal"}[a]
}

// Options bound and direct a search.
type Options struct {
	// MemoryBytes is how much the search may make the process take; 0: 1 GiB.
	// It is estimated.
	MemoryBytes int64
	// FromAnyState asks whether there is any first state from which the history
	// is linearizable. The model must have a [model.Model.Open] state.
	FromAnyState bool
}

// Result is the answer and what it took.
type Result struct {
	Answer Answer
	// Last is, of an illegal history, the ID of the operation at whose return no
	// configuration was left. It is the first place to look for what
	// is wrong, no proof that the history until then is illegal by itself: later
	// results have been taken into account too. Otherwise -1.
	Last       int
	Statistics Statistics
}

// Statistics say what a search took.
type Statistics struct {
	// Configurations have been visited; at most Peak were kept at one time.
	Configurations int64
	Peak           int
	// Steps are those of the model that had to be computed.
	Steps int64
	// Bytes is the most memory that was held, as estimated.
	Bytes int64
}

// Check searches the operations of one key, in any order, for an order that
// explains their results. Each must have been called no later than it returned.
// A panic of the model goes on in the caller. Check does not change ops, and is
// safe for concurrent use.
func Check(ctx context.Context, m model.Model, ops []model.Op, o Options) Result {
	start := m.Init()
	if o.FromAnyState {
		var ok bool
		if start, ok = m.Open(); !ok {
			panic("search: the model " + m.Name() + " has no open state")
		}
	} else {
		ops = m.Refine(ops)
	}
	if o.MemoryBytes == 0 {
		o.MemoryBytes = 1 << 30
	}
	s := subject{m, start, ops, o.MemoryBytes}
	r := check[[1]uint64](ctx, s, passes())
	if r.Answer == tooWide {
		r = check[[4]uint64](ctx, s, passes())
	}
	if r.Answer == tooWide {
		r = check[[16]uint64](ctx, s, passes())
	}
	if r.Answer == tooWide {
		r = check[[64]uint64](ctx, s, passes())
	}
	if r.Answer == tooWide {
		r.Answer = TooLarge
	}
	return r
}

// Answers of a pass that are none of the search.
const (
	// tooWide: more operations are pending than there are slots.
	tooWide = Illegal + 1 + iota
	// exhausted: no way was found, but not all were tried.
	exhausted
)

// subject is what is to be judged.
type subject struct {
	model model.Model
	start any
	ops   []model.Op
	bytes int64
}

// check makes one pass after the other until one is conclusive.
func check[B slots](ctx context.Context, s subject, passes []pass) Result {
	r := Result{Last: -1}
	isTooLarge := false
	for _, p := range passes {
		e := newEngine[B](ctx, s, p)
		answer := e.run()
		r.Statistics.add(e.stats)
		switch {
		case answer == Illegal:
			r.Answer, r.Last = Illegal, s.ops[e.last].ID
			return r
		case answer == Legal && !p.relaxed || answer == Undecided || answer == tooWide:
			r.Answer = answer
			return r
		}
		isTooLarge = isTooLarge || answer == TooLarge && !p.relaxed
		if isTooLarge && p.relaxed {
			break // to try all ways would take more still
		}
	}
	r.Answer = TooLarge
	return r
}

func (s *Statistics) add(t Statistics) {
	s.Configurations += t.Configurations
	s.Steps += t.Steps
	s.Peak = max(s.Peak, t.Peak)
	s.Bytes = max(s.Bytes, t.Bytes)
}
