package monitor

import (
	"cmp"
	"math"
	"slices"
)

// period is an open interval during which something was certainly inside.
type period struct {
	from, to int64
	// item is the element; none: too many were left, see crowded.
	item int32
}

// notEmpty looks for a dequeue that saw the queue empty although at no moment it
// can have been.
func (q *fifo) notEmpty(passed, left []moment) Outcome {
	if len(q.empties) == 0 {
		return Outcome{Answer: Legal}
	}
	periods := q.crowded(left)
	for _, m := range passed {
		if it := &q.items[m.row]; it.inReturn < it.outCall {
			periods = append(periods, period{it.inReturn, it.outCall, m.row})
		}
	}
	slices.SortFunc(periods, func(a, b period) int { return cmp.Compare(a.from, b.from) })
	start, end, next := 0, int64(0), 0 // of the periods that hang together
	for _, e := range q.empties {      // by call
		for ; next < len(periods) && periods[next].from < e.call; next++ {
			if next == 0 || periods[next].from >= end {
				start, end = next, periods[next].to
			}
			end = max(end, periods[next].to)
		}
		reach := end
		for ahead := next; ahead < len(periods) && periods[ahead].from < reach && reach <= e.end; ahead++ {
			reach = max(reach, periods[ahead].to)
		}
		if next > 0 && reach > e.end {
			return q.covered(e, periods[start:], left)
		}
	}
	return Outcome{Answer: Legal}
}

// crowded returns the periods during which more elements were left inside than
// dequeues of unknown result can have taken.
func (q *fifo) crowded(left []moment) []period {
	var periods []period
	taken := 0
	for i, m := range left { // m makes i+1 of them
		for taken < len(q.takers) && q.takers[taken].time <= m.time {
			taken++
		}
		if n := len(periods); i < taken || n > 0 && periods[n-1].to > m.time {
			continue
		}
		p := period{from: m.time, to: math.MaxInt64, item: none}
		// It ends with the taker that makes them as many as were left by then.
		for inside, able := i+1, taken; able < len(q.takers); able++ {
			at := q.takers[able].time
			for inside < len(left) && left[inside].time < at {
				inside++
			}
			if able+1 >= inside {
				p.to = at
				break
			}
		}
		periods = append(periods, p)
	}
	return periods
}

// covered returns what proves that something was inside during all of e: the
// fewest periods, each of which begins before the last one ends.
func (q *fifo) covered(e empty, periods []period, left []moment) Outcome {
	o := illegal(e.id)
	for until, i := e.call, 0; until <= e.end; {
		best := period{to: until}
		for ; i < len(periods) && periods[i].from < until; i++ {
			if periods[i].to > best.to {
				best = periods[i]
			}
		}
		if best.to == until {
			panic("monitor: nothing covers the dequeue that saw the queue empty")
		}
		until = best.to
		if best.item != none {
			o.Core = append(o.Core, int(q.items[best.item].in), int(q.items[best.item].out))
			continue
		}
		before := func(m moment, to int64) int { return cmp.Compare(m.time, to) }
		nLeft, _ := slices.BinarySearchFunc(left, min(best.to, e.end), before)
		nTakers, _ := slices.BinarySearchFunc(q.takers, best.to, before)
		o.Core = append(o.Core, q.lost(left[:nLeft], q.takers[:nTakers])...)
	}
	slices.Sort(o.Core) // of two such periods the later names again what the earlier did
	o.Core = slices.Compact(o.Core)
	return o
}
