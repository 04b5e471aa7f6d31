package series

import (
	"slices"
	"sort"
	"time"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// Window says what a fault did to those who called while it lasted: from its
// beginning until it was healed, or for [Aftermath] where there was nothing to heal.
type Window struct {
	Fault Fault
	// Outcomes are of the operations called from the window's beginning on and before
	// its end.
	Outcomes
	// LongestGap is the longest time within the window in which no operation
	// succeeded, in nanoseconds.
	LongestGap int64
	// FirstSuccess is how long after the fault's To the first operation that was
	// called then or later succeeded, in nanoseconds; -1: none did.
	FirstSuccess int64
}

// Aftermath is how long the window of a momentary fault is, at least.
const Aftermath = int64(time.Second)

// Share returns the share of operations that succeeded; 0 of none.
func (w Window) Share() float64 {
	if w.Total() == 0 {
		return 0
	}
	return float64(w.OK) / float64(w.Total())
}

// span returns the window of a fault.
func (s *Series) span(f Fault) (from, to int64) {
	if f.Momentary {
		return f.From, max(f.To, min(f.From+Aftermath, s.End))
	}
	return f.From, f.To
}

func (s *Series) windows(ops []history.Op) {
	if len(s.Faults) == 0 {
		return
	}
	before, succeeded := tally(ops), successTimes(ops, s.Counts.OK)
	calledFrom := func(at int64) int {
		return sort.Search(len(ops), func(i int) bool { return ops[i].Call >= at })
	}
	for _, f := range s.Faults {
		from, to := s.span(f)
		first, end := before[calledFrom(from)], before[calledFrom(to)]
		w := Window{Fault: f, LongestGap: longestGap(succeeded, from, to), FirstSuccess: -1}
		w.OK, w.Fail, w.Info = int(end[0]-first[0]), int(end[1]-first[1]), int(end[2]-first[2])
		if at, ok := firstSuccess(ops[calledFrom(f.To):]); ok {
			w.FirstSuccess = at - f.To
		}
		s.Windows = append(s.Windows, w)
	}
}

// tally returns how many of the first i operations ended ok, fail and info.
func tally(ops []history.Op) [][3]int32 {
	before := make([][3]int32, len(ops)+1)
	for i := range ops {
		n := before[i]
		switch ops[i].Outcome {
		case history.OK:
			n[0]++
		case history.Fail:
			n[1]++
		default:
			n[2]++
		}
		before[i+1] = n
	}
	return before
}

// successTimes returns when operations succeeded, in order.
func successTimes(ops []history.Op, n int) []int64 {
	at := make([]int64, 0, n)
	for i := range ops {
		if ops[i].Outcome == history.OK {
			at = append(at, ops[i].Return)
		}
	}
	slices.Sort(at)
	return at
}

func longestGap(succeeded []int64, from, to int64) (longest int64) {
	first, _ := slices.BinarySearch(succeeded, from)
	last := from
	for _, at := range succeeded[first:] {
		if at > to {
			break
		}
		longest, last = max(longest, at-last), at
	}
	return max(longest, to-last)
}

// firstSuccess returns when the first of the operations succeeded.
func firstSuccess(ops []history.Op) (at int64, ok bool) {
	for i := range ops {
		switch {
		case ok && ops[i].Call >= at:
			return at, true
		case ops[i].Outcome == history.OK && (!ok || ops[i].Return < at):
			at, ok = ops[i].Return, true
		}
	}
	return at, ok
}
