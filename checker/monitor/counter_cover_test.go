package monitor

import "testing"

// move is a change with a result, from one total to another.
type move struct{ before, after int64 }

func searchOf(walk []move) (*search, round) {
	s, r := &search{counter: &counter{}}, round{}
	for i, m := range walk {
		s.open[i] = entry{change: change{amount: m.after - m.before, after: m.after}, role: moves}
		r.results[i], r.n = int8(i), i+1
	}
	return s, r
}

// Changes with results are a closed walk from a total if each leads on to the next
// and back, all of them hanging together with it.
func TestClosedWalks(t *testing.T) {
	for _, test := range []struct {
		name  string
		walk  []move
		total int64
		want  bool
	}{
		{"nothing", nil, 0, true},
		{"there and back", []move{{0, 1}, {1, 0}}, 0, true},
		{"from the other end", []move{{0, 1}, {1, 0}}, 1, true},
		{"back and there", []move{{1, 0}, {0, 1}}, 0, true},
		{"elsewhere", []move{{0, 1}, {1, 0}}, 2, false},
		{"not back", []move{{0, 1}}, 0, false},
		{"there twice", []move{{0, 1}, {1, 0}, {0, 1}}, 0, false},
		{"there twice and back twice", []move{{0, 1}, {1, 0}, {0, 1}, {1, 0}}, 0, true},
		{"a round, from its middle", []move{{2, 0}, {1, 2}, {0, 1}}, 0, true},
		{"two rounds that meet", []move{{5, 1}, {1, 5}, {1, 0}, {0, 1}}, 0, true},
		{"two rounds apart", []move{{0, 1}, {1, 0}, {5, 6}, {6, 5}}, 0, false},
		{"two rounds apart, the other first", []move{{5, 6}, {6, 5}, {0, 1}, {1, 0}}, 0, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, r := searchOf(test.walk)
			if got := s.closed(&r, test.total); got != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

// A state covers another that has come back to its total, and has seen no more on
// the way than it could still see itself.
func TestCoveredStates(t *testing.T) {
	const up, down, seesUp, seesFarUp, seesDown, goes, comes = 0, 1, 2, 3, 4, 5, 6
	s := &search{counter: &counter{}, unit: 1, amounts: []int64{1, -1}}
	copy(s.open[:], []entry{
		up:        {change: change{amount: 1}, role: changes},
		down:      {change: change{amount: -1}, role: changes},
		seesUp:    {change: change{after: 8}, role: sees},
		seesFarUp: {change: change{after: 9}, role: sees},
		seesDown:  {change: change{after: 6}, role: sees},
		goes:      {change: change{amount: 2, after: 9}, role: moves},
		comes:     {change: change{amount: -2, after: 7}, role: moves},
	})
	for _, slot := range []int8{up, down} {
		s.changes.set(slot)
	}
	for _, slot := range []int8{goes, comes} {
		s.results.set(slot)
	}
	at := func(total int64, used [2]int32, slots ...int8) *state {
		a := &state{total: total}
		copy(a.used[:], used[:])
		for _, slot := range slots {
			a.done.set(slot)
		}
		return a
	}
	none, both := [2]int32{}, [2]int32{1, 1}
	for _, test := range []struct {
		name string
		a, b *state
		want bool
	}{
		{"the same", at(7, none), at(7, none), true},
		{"another total", at(7, none), at(8, none), false},
		{"two of unknown outcome more", at(7, none), at(7, both), true},
		{"two of unknown outcome less", at(7, both), at(7, none), false},
		{"it has changed more", at(7, none, up, down), at(7, none), false},
		{"it has changed less", at(7, none), at(7, none, up, down), true},
		{"it has seen more", at(7, none, seesUp), at(7, none), true},
		{"it has seen less", at(7, none), at(7, none, seesUp), false},
		{"what is seen one up, by certain ones", at(7, none), at(7, none, up, down, seesUp), true},
		{"what is seen one down, by certain ones", at(7, none), at(7, none, up, down, seesDown), true},
		{"what is seen one up, by unknown ones", at(7, none), at(7, both, seesUp), true},
		{"what is seen one up, by one of each", at(7, none), at(7, [2]int32{1, 0}, down, seesUp), true},
		{"up and down with one of each", at(7, none), at(7, none, up, down, seesUp, seesDown), false},
		{"up and down with two of each", at(7, none), at(7, both, up, down, seesUp, seesDown), true},
		{"two up with one of each", at(7, none), at(7, none, up, down, seesFarUp), false},
		{"two up with two of each", at(7, none), at(7, both, up, down, seesFarUp), true},
		{"two up by those with results", at(7, none), at(7, none, goes, comes, seesFarUp), true},
		{"one up by those with results", at(7, none), at(7, none, goes, comes, seesUp), false},
		{"one with a result that did not come back", at(7, none), at(7, none, goes), false},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := s.covers(test.a, test.b); got != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}
