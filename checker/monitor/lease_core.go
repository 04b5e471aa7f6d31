package monitor

import (
	"cmp"
	"slices"
)

// core returns the operations that make the terms what they are.
func (l *lease) core(terms ...int32) Outcome {
	o := Outcome{Answer: Illegal}
	for _, n := range terms {
		t := &l.terms[n]
		o.add(t.grant, t.firstBy, t.freed)
		if t.freed != none {
			o.add(t.lastBy)
			continue
		}
		o.add(t.mayFree, t.renewal)
		if t.last-l.ttl > t.call || t.last > t.perhaps {
			o.add(t.lastBy)
		}
		if _, j, isZone := l.classify(n); !isZone && len(j.holes) > 0 {
			for _, g := range l.giveUpsOf(n) {
				o.add(g.id)
			}
		}
	}
	return o
}

// afterRelease is the core of an operation that needed a term that was over: it
// was released for certain. Where another was granted the lock in between, that
// says it best, whatever was before.
func (l *lease) afterRelease(t *term, id int32, call int64) Outcome {
	for n := range l.terms {
		other := &l.terms[n]
		if other.call > t.freedBy && other.firstBy == other.grant && other.first < call && other.grant != none {
			o := illegal(other.grant, id)
			o.AnyState = true
			return o
		}
	}
	return illegal(t.grant, t.freed, id)
}

// guilty returns the core of terms that cannot be scheduled, as was clear by some
// moment: few of them, from which none can be left out.
func (l *lease) guilty(terms []int32, until int64) Outcome {
	terms = slices.Clone(terms)
	slices.SortFunc(terms, func(a, b int32) int { return cmp.Compare(l.terms[a].first, l.terms[b].first) })
	n, _ := slices.BinarySearchFunc(terms, until, func(n int32, until int64) int {
		return cmp.Compare(l.terms[n].first-l.ttl, until)
	})
	for size := 4; size < n; size *= 4 {
		if l.clashes(terms[n-size : n]) {
			return l.core(l.fewest(terms[n-size : n])...)
		}
	}
	if l.clashes(terms[:n]) {
		terms = terms[:n]
	}
	return l.core(l.fewest(terms)...)
}

// clashes reports whether the terms alone cannot be scheduled.
func (l *lease) clashes(terms []int32) bool {
	p, o := l.plan(terms)
	if o.Answer == Illegal {
		return true
	}
	s := p.feasible()
	return !s.ok && !s.tooWide
}

// fewest leaves out terms, in ever smaller portions, while the rest clashes.
func (l *lease) fewest(terms []int32) []int32 {
	for size := max(len(terms)/2, 1); ; size = max(size/2, 1) {
		before := len(terms)
		for at := 0; at < len(terms); {
			end := min(at+size, len(terms))
			if rest := slices.Concat(terms[:at], terms[end:]); l.clashes(rest) {
				terms = rest
			} else {
				at = end
			}
		}
		if size == 1 && len(terms) == before {
			return terms
		}
	}
}
