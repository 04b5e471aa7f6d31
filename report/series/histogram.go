package series

import (
	"math"
	"slices"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// Bound returns where the i-th part of every histogram begins, in nanoseconds: 0, a
// microsecond, and then ten to each power of ten (1.26, 1.58, 2, 2.51 µs, …).
func Bound(i int) int64 {
	if i <= 0 {
		return 0
	}
	const first, perDecade = 1000, 10
	bound := math.Round(first * math.Pow(10, float64(i-1)/perDecade))
	if bound >= math.MaxInt64 {
		return math.MaxInt64
	}
	return int64(bound)
}

// bounded is more parts than any histogram has.
const bounded = 170

func (s *Series) histograms(ops []history.Op, names []int32) {
	took := make([][]int64, len(s.Operations))
	for name, n := range s.successes(ops, names) {
		took[name] = make([]int64, 0, n)
	}
	for i := range ops {
		if ops[i].Outcome == history.OK {
			took[names[i]] = append(took[names[i]], ops[i].Return-ops[i].Call)
		}
	}
	longest := int64(0)
	for name := range took {
		slices.Sort(took[name])
		q := quantiles(took[name])
		longest = max(longest, q.Max)
		s.Histograms = append(s.Histograms, Histogram{Operation: name, Quantiles: q})
	}
	parts := 1
	for parts < bounded && Bound(parts) <= longest {
		parts++
	}
	for name := range took {
		s.Histograms[name].Counts = distribute(took[name], parts)
	}
}

// successes counts the operations of each name that succeeded.
func (s *Series) successes(ops []history.Op, names []int32) []int {
	n := make([]int, len(s.Operations))
	for i := range ops {
		if ops[i].Outcome == history.OK {
			n[names[i]]++
		}
	}
	return n
}

// distribute counts times that are sorted by part.
func distribute(sorted []int64, parts int) []int {
	counts := make([]int, parts)
	for i := range counts {
		n := len(sorted)
		if i < parts-1 {
			n, _ = slices.BinarySearch(sorted, Bound(i+1))
		}
		counts[i], sorted = n, sorted[n:]
	}
	return counts
}
