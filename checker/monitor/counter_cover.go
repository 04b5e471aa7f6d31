package monitor

import "math/bits"

// round is what one state has done beyond another at the same total, as a walk
// that the other could still make from there and back.
type round struct {
	results [maxOpen]int8 // slots of changes with a result
	n       int
	steps   int64 // changes without a result that go up, and as many that go down
}

// covers reports whether a can do whatever b can: it is at the same total and has
// done no change that b has not, and what b has done beyond it a could do at once,
// from its total and back, seeing what b has seen.
//
// Changes without a result make 0 together, or else the totals would differ; they
// can be made in any order. Those with a result must find their totals one after
// the other: they are a closed walk through a's total if they hang together with
// it (Euler 1736), since as many of them lead to each total as away from it.
func (s *search) covers(a, b *state) bool {
	if a.total != b.total {
		return false
	}
	var r round
	for i := range s.amounts {
		if a.used[i] > b.used[i] {
			return false
		}
		if s.unit > 0 && s.amounts[i] > 0 {
			r.steps += int64(b.used[i] - a.used[i])
		}
	}
	var seen done
	for w := range a.done {
		less, more := b.done[w]&^a.done[w], a.done[w]&^b.done[w]
		if more&(s.changes[w]|s.results[w]) != 0 {
			return false
		}
		seen[w] = less &^ (s.changes[w] | s.results[w])
		for up := less & s.changes[w]; up != 0; up &= up - 1 {
			if s.open[w<<6+bits.TrailingZeros64(up)].amount > 0 && s.unit > 0 {
				r.steps++
			}
		}
		for m := less & s.results[w]; m != 0; m &= m - 1 {
			r.results[r.n] = int8(w<<6 + bits.TrailingZeros64(m))
			r.n++
		}
	}
	return s.closed(&r, a.total) && s.shows(&r, &seen, a.total)
}

// closed reports whether changes with results are a closed walk from a total.
func (s *search) closed(r *round, total int64) bool {
	reached, left := done{}, r.n
	for again := true; again && left > 0; {
		again = false
		for _, i := range r.results[:r.n] {
			if !reached.has(i) && (s.open[i].before() == total || s.arrives(r, &reached, s.open[i].before())) {
				reached.set(i)
				left--
				again = true
			}
		}
	}
	if left > 0 {
		return false
	}
	for _, i := range r.results[:r.n] {
		balance, at := 0, s.open[i].before()
		for _, j := range r.results[:r.n] {
			if s.open[j].before() == at {
				balance--
			}
			if s.open[j].after == at {
				balance++
			}
		}
		if balance != 0 {
			return false
		}
	}
	return true
}

// arrives reports whether one of those changes leads to a total.
func (s *search) arrives(r *round, of *done, total int64) bool {
	for _, j := range r.results[:r.n] {
		if of.has(j) && s.open[j].after == total {
			return true
		}
	}
	return false
}

// shows reports whether on the walk, or by going up and down from its total by
// changes without a result, all is seen that those operations saw.
func (s *search) shows(r *round, seen *done, total int64) bool {
	up, down := int64(0), int64(0)
	for w := range seen {
		for m := seen[w]; m != 0; m &= m - 1 {
			e := &s.open[w<<6+bits.TrailingZeros64(m)]
			if s.shown(r, e) {
				continue
			}
			if s.unit <= 0 {
				return false
			}
			want := e.after
			if e.role == refuses {
				want = s.enough(e, total)
			}
			if (want-total)%s.unit != 0 || s.bounded && want < 0 {
				return false
			}
			up, down = max(up, want-total), max(down, total-want)
		}
	}
	return up+down <= r.steps*s.unit
}

// shown reports whether an operation without effect can see a total on the walk.
func (s *search) shown(r *round, e *entry) bool {
	for _, i := range r.results[:r.n] {
		if s.pleased(e, s.open[i].after) {
			return true
		}
	}
	return false
}

// enough is the first total below this one, by changes of the only size, that is
// too small for what was refused.
func (s *search) enough(e *entry, total int64) int64 {
	return total - (total-e.amount+s.unit)/s.unit*s.unit
}
