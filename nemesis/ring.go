package nemesis

import (
	"cmp"
	"fmt"
	"slices"
)

// ringed returns links without which each server reaches a majority of them, itself
// among it, and no two reach the same. It is the majorities-ring of Jepsen
// (jepsen.nemesis): up to five servers see their neighbours on a ring in random
// order; more are linked at random, those with the fewest links first.
func (e endpoints) ringed() (cut []sides, err error) {
	data := e.data()
	if len(data) < 4 {
		instead := halves
		if len(data) == 3 {
			instead = bridge
		}
		return nil, fmt.Errorf("there is no ring of %d nodes: it takes four; try %s", len(data), instead)
	}
	sees := e.draw.majorities(len(data))
	for i, name := range data {
		var hidden []string
		for j := i + 1; j < len(data); j++ {
			if !sees[i][j] {
				hidden = append(hidden, data[j])
			}
		}
		if hidden != nil {
			cut = append(cut, sides{from: []string{name}, to: hidden})
		}
	}
	return cut, nil
}

// sight tells of each of several who sees whom. Everybody sees himself, and whoever
// sees another is seen by him.
type sight [][]bool

func newSight(n int) sight {
	s := make(sight, n)
	for i := range s {
		s[i] = make([]bool, n)
		s[i][i] = true
	}
	return s
}

func (s sight) link(a, b int) { s[a][b], s[b][a] = true, true }

// count is how many one of them sees.
func (s sight) count(i int) (n int) {
	for _, sees := range s[i] {
		if sees {
			n++
		}
	}
	return n
}

// differs tells whether no two see the same.
func (s sight) differs() bool {
	for i := range s {
		if slices.ContainsFunc(s[:i], func(other []bool) bool { return slices.Equal(other, s[i]) }) {
			return false
		}
	}
	return true
}

// ringTries is how often links are drawn until no two see the same, which Jepsen
// leaves to chance.
const ringTries = 100

// majorities returns who sees whom.
func (d draw) majorities(n int) sight {
	if n > 5 {
		for range ringTries {
			if s := d.linked(n); s.differs() {
				return s
			}
		}
	}
	return d.neighbours(n)
}

// neighbours puts them on a ring, on which each sees as many on either side as a
// majority takes.
func (d draw) neighbours(n int) sight {
	s, ring := newSight(n), d.order(n)
	for i := range ring {
		for distance := range (n/2 + 1) / 2 {
			s.link(ring[i], ring[(i+distance+1)%n])
		}
	}
	return s
}

// linked links the one with the fewest links to the next that it does not see, until
// all see a majority.
func (d draw) linked(n int) sight {
	for s := newSight(n); ; {
		order := d.order(n)
		slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(s.count(a), s.count(b)) })
		least := order[0]
		if s.count(least) > n/2 {
			return s
		}
		s.link(least, order[slices.IndexFunc(order, func(i int) bool { return !s[least][i] })])
	}
}
