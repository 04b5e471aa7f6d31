package series

import (
	"slices"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// Quantiles are of how long operations took, in nanoseconds: P50 is what half of
// them took at most. All are 0 of none.
type Quantiles struct{ P50, P95, P99, Max int64 }

// quantiles of times that are sorted: those with rank ⌊(n-1)·q⌋ from 0, as the check
// "stats" has them.
func quantiles(sorted []int64) Quantiles {
	if len(sorted) == 0 {
		return Quantiles{}
	}
	at := func(percent int) int64 { return sorted[(len(sorted)-1)*percent/100] }
	return Quantiles{at(50), at(95), at(99), at(100)}
}

// width returns the shortest round time of which no more than MaxSlices reach to
// the end.
func width(end int64) int64 {
	for unit := int64(1); ; unit *= 10 {
		for _, times := range []int64{1, 2, 5} {
			if w := times * unit; end/w < MaxSlices {
				return w
			}
		}
	}
}

// slice returns the number of the slice that a time is in.
func (s *Series) slice(at int64) int { return int(min(max(at, 0), s.End) / s.Width) }

func (s *Series) slices(ops []history.Op) {
	s.Slices = make([]Slice, s.slice(s.End)+1)
	for i := range ops {
		if at, ended := ended(&ops[i]); ended {
			s.Slices[s.slice(at)].Count(ops[i].Outcome)
		}
	}
	// One array for all, in which each slice has its part: a million operations are
	// 8 MB.
	next := make([]int, len(s.Slices))
	total := 0
	for i := range s.Slices {
		next[i] = total
		total += s.Slices[i].OK
	}
	took := make([]int64, total)
	for i := range ops {
		if op := &ops[i]; op.Outcome == history.OK {
			at := s.slice(op.Return)
			took[next[at]] = op.Return - op.Call
			next[at]++
		}
	}
	for i := range s.Slices {
		part := took[next[i]-s.Slices[i].OK : next[i]]
		slices.Sort(part)
		s.Slices[i].Quantiles = quantiles(part)
	}
}
