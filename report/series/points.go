package series

import (
	"cmp"
	"slices"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// points chooses the operations that are drawn.
func (s *Series) points(ops []history.Op, names []int32) {
	chosen := s.choose(ops)
	s.Points = make([]Point, len(chosen))
	for n, i := range chosen {
		op := &ops[i]
		at, ended := ended(op)
		if !ended {
			at = s.End
		}
		s.Points[n] = Point{Call: op.Call, Took: max(0, at-op.Call), Operation: int(names[i]), Outcome: op.Outcome}
	}
}

// choose returns the numbers of up to MaxPoints operations, in order.
func (s *Series) choose(ops []history.Op) []int32 {
	if len(ops) <= MaxPoints {
		all := make([]int32, len(ops))
		for i := range all {
			all[i] = int32(i)
		}
		return all
	}
	chosen := s.slowest(ops)
	taken := make([]bool, len(ops))
	for _, i := range chosen {
		taken[i] = true
	}
	groups := make([][]int32, 3)
	for i := range ops {
		if !taken[i] {
			at := outcomeNumber(ops[i].Outcome)
			groups[at] = append(groups[at], int32(i))
		}
	}
	// The rarest outcome first: what it does not need is for the others.
	slices.SortStableFunc(groups, func(a, b []int32) int { return cmp.Compare(len(a), len(b)) })
	room := MaxPoints - len(chosen)
	for n, group := range groups {
		part := sample(group, room/(len(groups)-n))
		room -= len(part)
		chosen = append(chosen, part...)
	}
	slices.Sort(chosen)
	return chosen
}

func outcomeNumber(outcome history.Type) int {
	switch outcome {
	case history.OK:
		return 0
	case history.Fail:
		return 1
	}
	return 2
}

// slowest returns the number of the slowest operation of each slice and outcome; of
// equal ones the first.
func (s *Series) slowest(ops []history.Op) []int32 {
	longest := make([][3]int32, len(s.Slices)) // the operation's number + 1
	took := func(i int32) int64 {
		at, _ := ended(&ops[i])
		return at - ops[i].Call
	}
	for i := range ops {
		at, ended := ended(&ops[i])
		if !ended {
			continue
		}
		of := &longest[s.slice(at)][outcomeNumber(ops[i].Outcome)]
		if *of == 0 || took(int32(i)) > took(*of-1) {
			*of = int32(i + 1)
		}
	}
	var all []int32
	for _, slice := range longest {
		for _, n := range slice {
			if n > 0 {
				all = append(all, n-1)
			}
		}
	}
	return all
}

// sample returns n of the numbers, spread evenly: one of each n-th part, where in it
// a fixed sequence says, so that what recurs in the history does not show.
func sample(of []int32, n int) []int32 {
	if len(of) <= n {
		return of
	}
	picked := make([]int32, n)
	chance := uint64(1)
	for i := range picked {
		from, to := i*len(of)/n, (i+1)*len(of)/n
		chance = chance*6364136223846793005 + 1442695040888963407 // Knuth's MMIX generator
		picked[i] = of[from+int((chance>>33)%uint64(to-from))]
	}
	return picked
}
