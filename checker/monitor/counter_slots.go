package monitor

import "container/heap"

// uniform reports whether all changes without a result are by the same amount.
func (k *chain) uniform() bool {
	for i := range k.free {
		if k.free[i].amount != k.free[0].amount {
			return false
		}
	}
	return true
}

// mustPlace reports whether a change without a result certainly took effect.
func (k *chain) mustPlace() bool {
	for i := range k.free {
		if k.free[i].certain() {
			return true
		}
	}
	return false
}

// slots fills what is missing between the steps of a chain with changes that are
// all by the same amount, in order of return: earliest deadline first (Jackson
// 1955). So of those that certainly took effect none is left over if none need be,
// and those of unknown outcome go last.
type slots struct {
	*chain
	size    int64
	next    int      // of free, the first that was not invoked by now
	waiting deadline // certain
	spare   int64    // how many of unknown outcome wait
	total   int64
}

func (k *chain) fillSlots() Outcome {
	f := slots{chain: k, size: 1}
	if len(k.free) > 0 {
		f.size = max(k.free[0].amount, -k.free[0].amount)
	}
	for i := range k.steps {
		if o := f.step(i); o.Answer != Legal {
			return o
		}
	}
	return Outcome{Answer: Legal}
}

// step fills what is missing before a step, and sees that nothing is left that
// returned before it.
func (f *slots) step(i int) Outcome {
	s := &f.steps[i]
	missing := s.before - f.total
	if missing != 0 {
		f.release(f.due[i])
	}
	n, able := missing/f.size, int64(len(f.waiting))+f.spare
	switch {
	case s.refusal && f.sign > 0:
		// That many fit in, of those that must; they need not fill it.
		n = min(n, int64(len(f.waiting)))
	case s.refusal && missing > 0:
		n = (missing + f.size - 1) / f.size
		if f.total+n*f.size > f.initial {
			return f.tooLarge(i)
		}
	case s.refusal:
		n = 0
	case missing%f.size != 0:
		return f.uneven(i)
	}
	if n > able {
		return f.tooLittle(i)
	}
	f.take(n)
	if !s.refusal {
		f.total = s.after
	}
	f.release(f.due[i+1])
	if len(f.waiting) > 0 && f.free[f.waiting[0].row].end < f.from[i+1] {
		return f.tooMuch(i)
	}
	return Outcome{Answer: Legal}
}

// release makes those wait that were invoked by that time.
func (f *slots) release(until int64) {
	for ; f.next < len(f.free) && f.free[f.next].call <= until; f.next++ {
		if c := &f.free[f.next]; c.certain() {
			heap.Push(&f.waiting, moment{c.end, int32(f.next)})
		} else {
			f.spare++
		}
	}
}

// take fills n slots.
func (f *slots) take(n int64) {
	f.total += n * f.size
	for ; n > 0 && len(f.waiting) > 0; n-- {
		heap.Pop(&f.waiting)
	}
	f.spare -= n
}

// deadline is a heap of changes by return.
type deadline []moment

func (d deadline) Len() int           { return len(d) }
func (d deadline) Less(i, j int) bool { return d[i].time < d[j].time }
func (d deadline) Swap(i, j int)      { d[i], d[j] = d[j], d[i] }
func (d *deadline) Push(m any)        { *d = append(*d, m.(moment)) }
func (d *deadline) Pop() any {
	last := len(*d) - 1
	m := (*d)[last]
	*d = (*d)[:last]
	return m
}
