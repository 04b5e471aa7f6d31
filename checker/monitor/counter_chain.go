package monitor

import (
	"maps"
	"slices"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// chain is a counter whose changes all have one sign, so that what a result says
// of the total says where the operation stands. Totals are counted from the
// first one, and upwards.
type chain struct {
	*counter
	sign  int64
	steps []step
	// due is, before each step, the least return of those from there on: what is
	// placed before it was invoked by then. from is the greatest invocation of
	// those before it: what is placed after them returned no sooner. Both have
	// one more entry, for the end.
	due, from []int64
}

// step is one operation that changed the total, or all that saw the same one, or
// those that were refused for the same lack.
type step struct {
	before, after int64 // the total
	call, end     int64 // greatest invocation, least return
	late, early   int32 // IDs of the operations that these are of
	refusal       bool  // the total may also be beyond: see chain.refusals
}

func newChain(c *counter) *chain {
	k := &chain{counter: c, sign: 1}
	if c.shrinks {
		k.sign = -1
	}
	return k
}

// up turns a total into the chain's.
func (k *chain) up(total int64) int64 { return k.sign * (total - k.initial) }

// sort puts the steps in the order of their totals. Two that do not fit in one
// after the other are a violation, whatever else happened.
func (k *chain) sort() Outcome {
	at := make([]moment, len(k.known))
	for i := range k.known {
		// Of one total, the change that made it stands before those that saw it.
		at[i] = moment{2 * k.up(k.known[i].after), int32(i)}
		if k.known[i].amount == 0 {
			at[i].time++
		}
	}
	order(at)
	k.steps = make([]step, 0, len(k.known)+1)
	last := step{after: 0, late: none, early: none}
	for i, m := range at {
		op := &k.known[m.row]
		s := step{k.up(op.before()), k.up(op.after), op.call, op.end, op.id, op.id, false}
		if s.before < last.after {
			return anywhere(illegal(last.early, s.early), last.early != none)
		}
		if i > 0 && at[i-1].time == m.time && op.amount == 0 {
			last = k.steps[len(k.steps)-1].with(s)
			k.steps[len(k.steps)-1] = last
			continue
		}
		last = s
		k.steps = append(k.steps, s)
	}
	return k.refusals()
}

// with returns the step of both those that saw a total and another.
func (s step) with(o step) step {
	if o.call > s.call {
		s.call, s.late = o.call, o.late
	}
	if o.end < s.end {
		s.end, s.early = o.end, o.early
	}
	return s
}

// anywhere says whether a violation is one from every first state.
func anywhere(o Outcome, anyState bool) Outcome {
	o.AnyState = anyState
	return o
}

// refusals puts in the steps of takes that were refused. Where a stock only
// shrinks, one may stand anywhere from the first moment it is small enough, so
// only its return matters; where it only grows, anywhere up to the last such
// moment, and only its invocation matters. Of those that asked for the same, one
// is enough.
func (k *chain) refusals() Outcome {
	if len(k.refused) == 0 {
		return Outcome{Answer: Legal}
	}
	all := map[int64]step{}
	for i := range k.refused {
		r := &k.refused[i]
		s := step{after: k.up(r.amount - 1), call: never, end: r.end, late: r.id, early: r.id, refusal: true}
		if k.sign > 0 {
			s.call, s.end = r.call, history.Never
		}
		switch {
		case k.sign > 0 && s.after < 0:
			return illegal(r.id)
		case k.sign < 0 && s.after <= 0:
			continue // too little from the start
		}
		if other, ok := all[s.after]; ok {
			s = other.with(s)
		}
		all[s.after] = s
	}
	if len(all) > 0 {
		k.insert(all)
	}
	return Outcome{Answer: Legal}
}

// insert merges refusals into the steps: before or after a change that they
// cannot stand inside, and else at their own total.
func (k *chain) insert(refusals map[int64]step) {
	steps := make([]step, 0, len(k.steps)+len(refusals))
	at := 0
	for _, total := range slices.Sorted(maps.Keys(refusals)) {
		r := refusals[total]
		for at < len(k.steps) && (k.steps[at].after < total || k.steps[at].after == total && k.sign > 0) {
			steps = append(steps, k.steps[at])
			at++
		}
		switch inside := at < len(k.steps) && k.steps[at].before < total; {
		case inside && k.sign < 0:
			total = k.steps[at].after
			steps = append(steps, k.steps[at])
			at++
		case inside:
			total = k.steps[at].before
		}
		if n := len(steps); n > 0 && k.sign < 0 {
			// The last refusal may have made a step be taken beyond this total.
			total = max(total, steps[n-1].after)
		}
		r.before, r.after = total, total
		steps = append(steps, r)
	}
	k.steps = append(steps, k.steps[at:]...)
}

// inTime looks for two steps that ran one after the other, and whose totals say
// the opposite. It also sets due and from.
func (k *chain) inTime() Outcome {
	n := len(k.steps)
	k.due, k.from = make([]int64, n+1), make([]int64, n+1)
	from, last := int64(never), int32(none)
	for i := range k.steps {
		s := &k.steps[i]
		k.from[i] = from
		if s.end < from {
			return anywhere(illegal(s.early, last), !s.refusal)
		}
		if s.call > from {
			from, last = s.call, s.late
		}
	}
	k.from[n], k.due[n] = from, history.Never
	for i := n - 1; i >= 0; i-- {
		k.due[i] = min(k.due[i+1], k.steps[i].end)
	}
	return Outcome{Answer: Legal}
}
