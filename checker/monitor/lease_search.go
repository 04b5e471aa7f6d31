package monitor

import (
	"cmp"
	"math"
	"slices"
)

// scheduled says whether the jobs of a plan can be scheduled.
type scheduled struct {
	ok bool
	// tooWide: there were more ways to try than memory should be given to.
	tooWide bool
	// until is a moment by which, if not, it was clear.
	until int64
}

// maxWidth bounds how many sets of jobs of the same size are kept.
const maxWidth = 4096

// progress is a set of jobs that are done, and when the last of them can have
// ended at the earliest.
type progress struct {
	base int32  // jobs before this one are done
	done uint64 // bit i: job base+i is done; never bit 0
	now  int64
}

// feasible looks for an order of the jobs, by dynamic programming over the sets
// of jobs that can come first (Held and Karp 1962). Of a set only the earliest
// end matters: whatever can follow a later one can follow it.
//
// Why that is fast: jobs are tried only where none of the others could be done
// before, and of two alike only the more urgent. So where no more than a few
// grants can have happened at the same time, there is one set of each size.
func (p *plan) feasible() scheduled {
	result := scheduled{ok: true, until: math.MinInt64}
	reached, next := []progress{{now: math.MinInt64}}, []progress(nil)
	for range p.jobs {
		next = next[:0]
		for _, s := range reached {
			next = p.follow(s, next, &result)
		}
		switch next = leanest(next); {
		case result.tooWide || len(next) > maxWidth:
			return scheduled{tooWide: true}
		case len(next) == 0:
			result.ok = false
			return result
		}
		reached, next = next, reached
	}
	return result
}

// follow appends what can come of some progress by one more job.
func (p *plan) follow(s progress, next []progress, result *scheduled) []progress {
	var room [8]choice
	choices, soonest := room[:0], int64(impossible)
	for i := s.base; int(i) < len(p.jobs) && p.jobs[i].from < soonest; i++ {
		if i-s.base > 63 {
			result.tooWide = true
			return next
		}
		if s.done>>(i-s.base)&1 > 0 {
			continue
		}
		end := p.end(&p.jobs[i], s.now)
		if end == impossible {
			result.until = max(result.until, p.jobs[i].to, p.jobs[i].zone.first)
			return next
		}
		choices, soonest = append(choices, choice{i, end}), min(soonest, end)
	}
	for _, c := range choices {
		if p.jobs[c.job].from < soonest && !p.canWait(c, choices) {
			next = append(next, s.and(c))
		}
	}
	return next
}

// choice is a job that can come next, and its end.
type choice struct {
	job int32
	end int64
}

// canWait reports whether another job could as well take the place of this one,
// and this one its place later: an exchange of two equal jobs (Jackson 1955).
func (p *plan) canWait(c choice, choices []choice) bool {
	j := &p.jobs[c.job]
	return j.isPlain() && slices.ContainsFunc(choices, func(d choice) bool {
		k := &p.jobs[d.job]
		isUrgent := k.to < j.to || k.to == j.to && d.job < c.job
		return d.job != c.job && k.isPlain() && isUrgent && k.from <= c.end-p.ttl
	})
}

// and returns the progress with one more job done.
func (s progress) and(c choice) progress {
	s.done |= 1 << (c.job - s.base)
	for s.done&1 > 0 {
		s.base, s.done = s.base+1, s.done>>1
	}
	s.now = c.end
	return s
}

// leanest keeps of each set the one that ended first.
func leanest(all []progress) []progress {
	if len(all) < 2 {
		return all
	}
	slices.SortFunc(all, func(a, b progress) int {
		return cmp.Or(cmp.Compare(a.base, b.base), cmp.Compare(a.done, b.done), cmp.Compare(a.now, b.now))
	})
	return slices.CompactFunc(all, func(a, b progress) bool { return a.base == b.base && a.done == b.done })
}
