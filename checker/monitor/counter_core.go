package monitor

import (
	"cmp"
	"slices"
)

// Cores of what is missing between the steps of a chain, or is too much there.
// Steps have no other order than their own by themselves too: all their changes
// have one sign. What stands between two steps but not in the core only makes
// more be missing.

// previous returns the last step before that one that is no refusal, or none.
func (k *chain) previous(i int) int {
	for i--; i >= 0 && k.steps[i].refusal; i-- {
	}
	return i
}

// missing is how much changes without a result must add between the previous
// step and this one.
func (k *chain) missing(i int) int64 {
	if p := k.previous(i); p >= 0 {
		return k.steps[i].before - k.steps[p].after
	}
	return k.steps[i].before
}

// core collects IDs.
type core []int32

// short is how many operations a core shows if it need not show more.
const short = 8

// or returns the core, or another, which shows less of the grounds, if it is long.
//
// Why less is right: the two totals of the other contradict each other with
// nothing in between. That there is nothing which could explain them the monitor
// has seen; all of it might be thousands of changes of unknown outcome, which do
// not suffice.
func (c core) or(other ...int32) core {
	slices.Sort(c)
	if c = slices.Compact(c); len(c) > short {
		return other
	}
	return c
}

func (c *core) step(s *step) { *c = append(*c, s.early, s.late) }

// outcome returns the violation; anyState: from any first state.
func (c core) outcome(anyState bool) Outcome {
	slices.Sort(c)
	o := Outcome{Answer: Illegal, AnyState: anyState}
	for _, id := range slices.Compact(c) {
		o.Core = append(o.Core, int(id))
	}
	return o
}

// dueOf returns the step by whose return all before step i were invoked.
func (k *chain) dueOf(i int) *step {
	for ; k.steps[i].end != k.due[i]; i++ {
	}
	return &k.steps[i]
}

// fromOf returns the step whose invocation all from step i on returned after.
func (k *chain) fromOf(i int) *step {
	for i--; k.steps[i].call != k.from[i+1]; i-- {
	}
	return &k.steps[i]
}

// tooLarge is the core of a refusal although the stock cannot be as small.
func (k *chain) tooLarge(i int) Outcome {
	c := core{k.steps[i].early}
	if p := k.previous(i); p >= 0 {
		c.step(&k.steps[p])
	}
	return c.outcome(false)
}

// uneven is the core of a step before which so much is missing that the amounts
// of the changes without a result do not make it.
func (k *chain) uneven(i int) Outcome {
	var c core
	c.step(&k.steps[i])
	p := k.previous(i)
	if p >= 0 {
		c.step(&k.steps[p])
	}
	for j := range k.free {
		if f := &k.free[j]; p < 0 && f.call <= k.due[i] {
			c = append(c, f.id)
		}
	}
	return c.outcome(p >= 0)
}

// tooLittle is the core of a step before which more is missing than all changes
// without a result that were invoked in time: of the shortest stretch of steps
// before it of which that is true without those that returned before the stretch.
func (k *chain) tooLittle(i int) Outcome {
	able, _ := slices.BinarySearchFunc(k.free, k.due[i]+1, func(f change, t int64) int { return cmp.Compare(f.call, t) })
	free := slices.Clone(k.free[:able])
	slices.SortFunc(free, func(a, b change) int { return cmp.Compare(b.end, a.end) })
	var c core
	c.step(&k.steps[i])
	c.step(k.dueOf(i))
	missing, n, sum := int64(0), 0, int64(0)
	for at := i; ; at = k.previous(at) {
		p := k.previous(at)
		if m := k.missing(at); m > 0 {
			missing += m
			c.step(&k.steps[at])
			if p >= 0 {
				c.step(&k.steps[p])
			}
		}
		for ; n < len(free) && free[n].end >= k.from[p+1]; n++ {
			sum += size(&free[n])
		}
		if missing > sum {
			for _, f := range free[:n] {
				c = append(c, f.id)
			}
			return k.lacking(c, i, p)
		}
		if p < 0 {
			panic("monitor: nothing is missing before a step that lacked something")
		}
	}
}

// lacking completes the core of too little from step p on.
func (k *chain) lacking(c core, i, p int) Outcome {
	if p < 0 {
		k.all(&c, i)
		return c.outcome(false)
	}
	if k.from[p+1] != never {
		c = append(c, k.fromOf(p+1).late)
	}
	return c.or(k.steps[k.previous(i)].early, k.steps[i].early).outcome(!k.steps[i].refusal)
}

// all adds the steps before that one to a core from the first state of a counter:
// it says how much was added by then. Of a stock nobody says so.
func (k *chain) all(c *core, i int) {
	for at := 0; at < i && !k.bounded; at++ {
		c.step(&k.steps[at])
	}
}

// tooMuch is the core of changes without a result that must stand before a step,
// and for which there is no room: of the shortest stretch of steps that ends with
// the one that they returned before.
func (k *chain) tooMuch(i int) Outcome {
	b := i
	for k.steps[b].call != k.from[i+1] {
		b--
	}
	last := &k.steps[b]
	var free []change // certain, and over before it
	for _, f := range k.free {
		if f.end < last.call {
			free = append(free, f)
		}
	}
	n, sum, changed := len(free), int64(0), core{last.late}
	room := last.before           // less what steps between change
	for j := b + 1; j >= 0; j-- { // from behind step j-1 on
		if j < b && k.steps[j].before < k.steps[j].after {
			changed = append(changed, k.steps[j].early)
			room -= k.steps[j].after - k.steps[j].before
		}
		after, start := int64(never), int64(0)
		if j > 0 {
			after, start = k.due[j-1], min(k.steps[j-1].after, last.before)
		}
		if j > 0 && k.steps[j-1].end != after {
			continue
		}
		for ; n > 0 && free[n-1].call > after; n-- {
			sum += size(&free[n-1])
		}
		if sum <= room-start {
			continue
		}
		for taken := int64(0); taken <= room-start; n++ { // as few as are too many
			taken += size(&free[n])
			changed = append(changed, free[n].id)
		}
		if j > 0 {
			changed = append(changed, k.steps[j-1].early)
		}
		return changed.outcome(j > 0)
	}
	panic("monitor: there is room for the changes for which there was none")
}

// size is how much a change without a result adds to a chain.
func size(f *change) int64 { return max(f.amount, -f.amount) }
