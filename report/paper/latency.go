package paper

import "math/bits"

// fine is into how many parts each power of two is divided, as a power of two
// itself: a quantile is at most one in 32 above the truth.
const fine = 5

// spread counts times, so that those of many runs can be added up in little memory.
type spread struct {
	counts [64 << fine]int32
	total  int
}

func (s *spread) add(ns int64) {
	s.counts[part(max(ns, 0))]++
	s.total++
}

func (s *spread) merge(other *spread) {
	for i, n := range other.counts {
		s.counts[i] += n
	}
	s.total += other.total
}

// quantile returns a time that the share of all does not exceed, rounded up to the
// end of its part; 0 of none.
func (s *spread) quantile(share float64) int64 {
	rank, seen := int(share*float64(s.total-1)), 0
	for i, n := range s.counts {
		if seen += int(n); n > 0 && seen > rank {
			return end(i)
		}
	}
	return 0
}

// part returns which part a time is in. Below two to the power of fine each
// nanosecond has one.
func part(ns int64) int {
	power := bits.Len64(uint64(ns)) - 1 - fine
	if power < 0 {
		return int(ns)
	}
	return (power+1)<<fine + int(ns>>power)&(1<<fine-1)
}

// end returns the last nanosecond of a part.
func end(i int) int64 {
	if i < 1<<fine {
		return int64(i)
	}
	power, within := i>>fine-1, int64(i&(1<<fine-1))
	return (within+1<<fine+1)<<power - 1
}
