package monitor

import (
	"cmp"
	"slices"
)

// moment is a time and the row that it belongs to.
type moment struct {
	time int64
	row  int32
}

// order sorts moments by time.
//
// Why insertion first: what a history lists by invocation is nearly in order of
// return too, out of place by no more than what ran at the same time. Where that
// does not hold, the budget ends, and it is sorted as anything else.
func order(moments []moment) []moment {
	budget := 64 * len(moments)
	for i := 1; i < len(moments); i++ {
		m, at := moments[i], i
		for ; at > 0 && moments[at-1].time > m.time; at-- {
			moments[at] = moments[at-1]
		}
		moments[at] = m
		if budget -= i - at; budget < 0 {
			slices.SortFunc(moments, func(a, b moment) int { return cmp.Compare(a.time, b.time) })
			break
		}
	}
	return moments
}
