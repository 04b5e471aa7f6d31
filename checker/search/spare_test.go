package search

import (
	"slices"
	"testing"
)

func TestUsages(t *testing.T) {
	u := newUsages()
	sum := func(classes ...classID) (id usage) {
		for _, c := range classes {
			id = u.add(id, c)
		}
		return id
	}
	for _, test := range []struct {
		a, b usage
		want bool
	}{
		{0, sum(1), true}, {sum(1), 0, false}, {sum(1), sum(1), true},
		{sum(1), sum(1, 1), true}, {sum(1, 1), sum(1), false},
		{sum(1), sum(2), false}, {sum(2), sum(1, 2, 3), true}, {sum(1, 3), sum(1, 2, 3), true},
		{sum(1, 2, 2), sum(1, 2, 3), false}, {sum(1, 4), sum(1, 2, 3), false},
	} {
		if got := u.within(test.a, test.b); got != test.want {
			t.Errorf("%v within %v: %v", u.counts[test.a], u.counts[test.b], got)
		}
	}
	if sum(3, 1, 3) != sum(3, 3, 1) || u.of(sum(3, 1, 3), 3) != 2 || u.of(sum(1), 3) != 0 || u.total[sum(3, 1, 3)] != 3 {
		t.Error("the order of adding matters, or the counts are wrong")
	}
}

// A checkpoint can be gone back to more than once.
func TestPositionCopy(t *testing.T) {
	p := position[[1]uint64]{due: []pending{{op: 1}, {op: 2}}, pending: []pending{{op: 1}, {op: 2}}, spares: []spare{{n: 1}}}
	q := p.copy()
	q.due = slices.Delete(q.due, 0, 1)
	q.pending = slices.Delete(q.pending, 0, 1)
	q.spares[0].n++
	if p.due[0].op != 1 || p.pending[0].op != 1 || p.spares[0].n != 1 {
		t.Errorf("%+v has changed with its copy", p)
	}
}
