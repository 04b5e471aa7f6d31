package monitor

import (
	"cmp"
	"math"
	"slices"
	"sort"
)

// plan is what the terms of a lease say of time, on one machine: zones that
// stand fast, and jobs that each take the machine for the time to live.
type plan struct {
	ttl   int64
	zones []zone
	jobs  []job // by earliest start
	// barred are open intervals, disjoint and in order, in which no job can
	// start, for it would run into a zone.
	barred []period
	// fast are the zones by their first moment, and upTo the greatest last moment
	// of those up to each; solid are those of them that are forward.
	fast  []zone
	solid []period
	upTo  []int64
}

// job is a term that ends by expiring: it starts at some moment between from and
// to, both included, but strictly within no hole. Or, if the release of unknown
// outcome happened, it is a zone.
type job struct {
	from, to int64
	holes    []period
	released bool // may be
	zone     zone
	term     int32
}

// isPlain: nothing sets it apart from other jobs but when it may start.
func (j *job) isPlain() bool { return len(j.holes) == 0 && !j.released }

// plan sorts out the terms, or finds two that cannot be ordered, or one that
// cannot be at all.
func (l *lease) plan(terms []int32) (plan, Outcome) {
	p := plan{ttl: l.ttl}
	var zoneOf []int32 // its term
	for _, n := range terms {
		z, j, isZone := l.classify(n)
		if !isZone {
			p.jobs = append(p.jobs, j)
			continue
		}
		if g := l.within(n, z); g != none {
			o := l.core(n)
			o.add(g)
			return p, o
		}
		p.zones, zoneOf = append(p.zones, z), append(zoneOf, n)
	}
	if a, b := clash(p.zones); a != none {
		return p, l.core(zoneOf[a], zoneOf[b])
	}
	slices.SortFunc(p.jobs, func(a, b job) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.term, b.term)) })
	if len(p.jobs) > 0 {
		p.bar()
	}
	return p, Outcome{Answer: Legal}
}

// classify returns the zone of a term that stands fast, or else its job.
func (l *lease) classify(n int32) (z zone, j job, isZone bool) {
	t := &l.terms[n]
	z = zone{t.first, t.last}
	if t.freed != none {
		return z, j, true
	}
	// By then it can have expired, if it was granted early enough.
	expired := t.last
	if t.renewal != none {
		expired = max(expired, t.renewed+l.ttl)
	}
	if expired >= t.first+l.ttl || l.ttl == 0 { // whenever it was granted
		z.last = expired
		if t.mayFree != none {
			z.last = min(expired, max(t.last, t.perhaps))
		}
		return z, j, true
	}
	j = job{from: max(t.call, expired-l.ttl), to: t.first, term: n}
	if t.mayFree != none {
		switch end := max(t.last, t.perhaps); {
		case end <= j.from+l.ttl: // the release is never later than expiry
			z.last = end
			return z, j, true
		case end < t.first+l.ttl:
			j.to, j.released, j.zone = end-l.ttl, true, zone{t.first, end}
			j.released = l.within(n, j.zone) == none
		}
	}
	for _, g := range l.giveUpsOf(n) {
		if hole := (period{from: g.end - l.ttl, to: g.call}); hole.from < hole.to {
			j.holes = append(j.holes, hole)
		}
	}
	return z, j, false
}

// within returns the ID of a giveUp of the term that must happen strictly within
// the zone, or none.
func (l *lease) within(n int32, z zone) int32 {
	for _, g := range l.giveUpsOf(n) {
		if z.first < g.call && g.end < z.last {
			return g.id
		}
	}
	return none
}

func (l *lease) giveUpsOf(n int32) []giveUp {
	if !l.terms[n].gaveUp {
		return nil
	}
	byTerm := func(g giveUp, n int32) int { return cmp.Compare(g.term, n) }
	from, _ := slices.BinarySearchFunc(l.giveUps, n, byTerm)
	to, _ := slices.BinarySearchFunc(l.giveUps, n+1, byTerm)
	return l.giveUps[from:to]
}

// bar finds when no job can start.
func (p *plan) bar() {
	p.fast = slices.Clone(p.zones)
	slices.SortFunc(p.fast, func(a, b zone) int { return cmp.Compare(a.first, b.first) })
	most := int64(never)
	for _, z := range p.fast { // and so by z.first - p.ttl
		most = max(most, z.last)
		p.upTo = append(p.upTo, most)
		if z.isForward() {
			p.solid = append(p.solid, period{from: z.first, to: z.last})
		}
		from, n := z.first-p.ttl, len(p.barred)
		switch {
		case from >= z.last:
		case n > 0 && from < p.barred[n-1].to:
			p.barred[n-1].to = max(p.barred[n-1].to, z.last)
		default:
			p.barred = append(p.barred, period{from: from, to: z.last})
		}
	}
}

// impossible is the end of a job that cannot start any more.
const impossible = math.MaxInt64

// outside returns the earliest moment, not before t, that is strictly within no
// period.
func outside(periods []period, t int64) int64 {
	n := sort.Search(len(periods), func(i int) bool { return periods[i].from >= t })
	if n > 0 && t < periods[n-1].to {
		return periods[n-1].to
	}
	return t
}

// end returns the earliest end of a job that starts not before a moment.
func (p *plan) end(j *job, now int64) int64 {
	start := max(now, j.from)
	for moved := true; moved; {
		open := outside(p.barred, start)
		for _, hole := range j.holes {
			if hole.from < open && open < hole.to {
				open = hole.to
			}
		}
		start, moved = open, open != start
	}
	if start <= j.to {
		return start + p.ttl
	}
	return p.endReleased(j, now)
}

// endReleased is end, if the job's release of unknown outcome happened.
func (p *plan) endReleased(j *job, now int64) int64 {
	switch {
	case !j.released || now > j.zone.first:
		return impossible
	case j.zone.isForward():
		before := func(z zone, t int64) int { return cmp.Compare(z.first, t) }
		n, _ := slices.BinarySearchFunc(p.fast, j.zone.last, before)
		if n > 0 && p.upTo[n-1] > j.zone.first {
			return impossible // a zone is in the way
		}
		return j.zone.last
	}
	if at := outside(p.solid, max(now, j.zone.last)); at <= j.zone.first {
		return at
	}
	return impossible
}
