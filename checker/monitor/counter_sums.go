package monitor

import (
	"cmp"
	"slices"
)

// sums fills what is missing between the steps of a chain with changes of unknown
// outcome that differ in amount. It goes from step to step with all ways in which
// the changes can have been used up, by how many of each amount.
//
// Why it can end without an answer: which of them make a sum is the knapsack
// problem (Karp 1972). Where there are more ways than it can keep it goes on with
// those that used fewest changes. What these can fill can be filled; what they
// cannot, somebody else must decide.
type sums struct {
	*chain
	sizes    []int64 // descending
	released []int32 // of each size, how many were invoked by now
	class    map[int64]int
	next     int // of free, the first that was not invoked by now

	ways  []way
	whole bool // ways are all there are

	limit   int // of ways
	visited int // nodes while looking for the sums of one step
	scratch []int32
}

// way is how many changes of each size were used up, and the total then.
type way struct {
	total int64
	used  []int32
	n     int // how many in all
}

const (
	maxNodes = 4096  // for the sums of one step from one way
	maxWays  = 16384 // times sizes
)

func (k *chain) fillSums() Outcome { return k.newSums().run() }

func (k *chain) newSums() *sums {
	f := &sums{chain: k, whole: true, class: map[int64]int{}}
	for i := range k.free {
		if n := size(&k.free[i]); f.class[n] == 0 {
			f.class[n] = 1
			f.sizes = append(f.sizes, n)
		}
	}
	slices.SortFunc(f.sizes, func(a, b int64) int { return cmp.Compare(b, a) })
	for i, n := range f.sizes {
		f.class[n] = i
	}
	f.released, f.scratch = make([]int32, len(f.sizes)), make([]int32, len(f.sizes))
	f.limit = max(maxWays/len(f.sizes), 8)
	f.ways = []way{{used: make([]int32, len(f.sizes))}}
	return f
}

func (f *sums) run() Outcome {
	able, missing := int64(0), int64(0)
	for i := range f.steps {
		s := &f.steps[i]
		if s.refusal && f.sign > 0 {
			continue // no change of unknown outcome has to be before it
		}
		able += f.release(f.due[i])
		if !s.refusal {
			missing += f.missing(i)
		}
		if missing > able || s.refusal && missing+f.missing(i) > able {
			return f.tooLittle(i)
		}
		if o := f.step(i); o.Answer != Legal {
			return o
		}
	}
	return Outcome{Answer: Legal}
}

// release counts those invoked by that time, and returns what they add.
func (f *sums) release(until int64) (added int64) {
	for ; f.next < len(f.free) && f.free[f.next].call <= until; f.next++ {
		n := size(&f.free[f.next])
		f.released[f.class[n]]++
		added += n
	}
	return added
}

// step takes every way past a step.
func (f *sums) step(i int) Outcome {
	s, most := &f.steps[i], f.steps[i].before
	if s.refusal {
		most = f.most(i)
	}
	var past []way
	for _, w := range f.ways {
		if w.total >= s.before && w.total <= most {
			past = append(past, w)
			continue
		}
		f.visited = 0
		copy(f.scratch, w.used)
		past = f.fill(past, w, 0, w.total, s.before, most)
	}
	if len(past) == 0 {
		return f.stuck(i, most)
	}
	if !s.refusal {
		for j := range past {
			past[j].total = s.after
		}
	}
	f.ways = f.keep(past)
	return Outcome{Answer: Legal}
}

// most is the largest total at which a refusal can stand.
func (f *sums) most(i int) int64 {
	if next := f.following(i); next < len(f.steps) {
		return f.steps[next].before
	}
	return f.initial
}

// following returns the next step from that one on that is no refusal.
func (f *sums) following(i int) int {
	for ; i < len(f.steps) && f.steps[i].refusal; i++ {
	}
	return i
}

// fill appends the ways to come from a total to one between least and most with
// no change too many, by sizes from that class on.
func (f *sums) fill(past []way, from way, class int, total, least, most int64) []way {
	if total >= least {
		if f.needless(from, total-from.total) {
			return past
		}
		w := way{total: total, used: slices.Clone(f.scratch)}
		for _, n := range w.used {
			w.n += int(n)
		}
		return append(past, w)
	}
	for ; class < len(f.sizes); class++ {
		n := f.sizes[class]
		if f.visited++; f.visited > maxNodes {
			f.whole = false
			return past
		}
		if f.scratch[class] < f.released[class] && total+n <= most {
			f.scratch[class]++
			past = f.fill(past, from, class, total+n, least, most)
			f.scratch[class]--
		}
	}
	return past
}

// maxMerged bounds the sums of which needless is asked.
const maxMerged = 1024

// needless reports whether one change that is left could do instead of two or
// more of those used since the way from: what these can still do, each at its
// time, is more than what it can.
func (f *sums) needless(from way, sum int64) bool {
	if sum > maxMerged {
		return false
	}
	one, more := make([]bool, sum+1), make([]bool, sum+1) // sums of one, of more than one
	for class, n := range f.sizes {
		for range f.scratch[class] - from.used[class] {
			for to := sum; to > n; to-- {
				more[to] = more[to] || more[to-n] || one[to-n]
			}
			one[n] = true
		}
	}
	for class, n := range f.sizes {
		if n <= sum && more[n] && f.scratch[class] < f.released[class] {
			return true
		}
	}
	return false
}

// keep returns different ways, the most promising if they are too many.
func (f *sums) keep(ways []way) []way {
	if len(ways) == 1 {
		return ways
	}
	slices.SortFunc(ways, func(a, b way) int {
		return cmp.Or(cmp.Compare(a.n, b.n), cmp.Compare(a.total, b.total), slices.Compare(a.used, b.used))
	})
	ways = slices.CompactFunc(ways, func(a, b way) bool { return a.total == b.total && slices.Equal(a.used, b.used) })
	if len(ways) > f.limit {
		ways, f.whole = ways[:f.limit], false
	}
	return ways
}

// stuck is the outcome of a step that no way leads past.
func (f *sums) stuck(i int, most int64) Outcome {
	p, from := f.previous(i), int64(0)
	if p >= 0 {
		from = f.steps[p].after
	}
	f.visited = 0
	clear(f.scratch)
	start := way{total: from, used: make([]int32, len(f.sizes))}
	alone := f.steps[i].before > most || len(f.fill(nil, start, 0, from, f.steps[i].before, most)) == 0 && f.visited <= maxNodes
	if !alone && !f.whole {
		return unfit("too many sums of additions of unknown outcome make what is missing")
	}
	if !alone {
		p = none
	}
	return f.unfilled(p, i)
}

// unfilled is the core of steps between which something is missing, from behind
// step p up to step i, that the changes invoked in time do not make.
func (f *sums) unfilled(p, i int) Outcome {
	var c core
	anyState, most := true, int64(0)
	for j := p + 1; j <= i; j++ {
		before, from := f.previous(j), int64(0)
		if before >= 0 {
			from = f.steps[before].after
		}
		if f.missing(j) == 0 && j < i {
			continue
		}
		most = max(most, f.most(j)-from)
		c.step(&f.steps[j])
		c.step(f.dueOf(j))
		if before >= 0 {
			c.step(&f.steps[before])
		}
		if next := f.following(j); next < len(f.steps) { // it must not go beyond
			c.step(&f.steps[next])
		}
		anyState = anyState && before >= 0 && !f.steps[j].refusal
	}
	for j := range f.free {
		if u := &f.free[j]; u.call <= f.due[i] && size(u) <= most {
			c = append(c, u.id)
		}
	}
	if !anyState {
		f.all(&c, i)
	}
	if anyState && f.missing(i) > 0 {
		c = c.or(f.steps[f.previous(i)].early, f.steps[i].early)
	}
	return c.outcome(anyState)
}
