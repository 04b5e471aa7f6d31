package monitor

import (
	"math"
	"slices"
)

// search judges a counter that grows and shrinks. It goes through invocations and
// returns in order of time and keeps every state that the counter can be in. An
// operation is put in its place only when it has to be, at its return, with what
// must come before it (just-in-time linearization, Lowe 2017); only what sees the
// present total is put there at once.
//
// Why so few states: changes without a result are told apart only by their
// amount. Of those that certainly happened, the one that returns first goes first;
// of those of unknown outcome it counts how many were used. And a state that can
// do no more than another is left out, see covers.
//
// Why it can end without an answer: it keeps few states at first, goes back a
// little where none is left and tries with more, and in the end gives up. What it
// finds legal is; what it finds illegal is only where no state was left out.
type search struct {
	*counter
	ops     []entry  // by invocation
	returns []moment // of those that are certain, rows of ops
	unit    int64    // the only size of changes without a result; 0: there are several
	amounts []int64  // of changes of unknown outcome, different ones

	sweep
	saved []sweep
	effort
	farthest int // of the returns, that was passed
	work     int // states to be made before it gives up

	least  int // the fewest changes of unknown outcome used before the present return
	best   int // the fewest more that it takes to get past it
	past   []state
	queues [][]state // by how many more were used
	met    map[state]struct{}
}

// effort bounds what is kept: so many states, none of which has used more changes
// of unknown outcome than another and so many.
type effort struct{ limit, spare int }

func efforts() []effort { return []effort{{2, 0}, {16, 0}, {64, 1}, {512, 4}, {16384, math.MaxInt}} }

const (
	maxOpen    = 128 // operations that are certain, at a time
	maxAmounts = 6
	// firstWork is how many states may be made, stepWork how many more for each
	// return that was passed: a history that is hard from the start is given up
	// soon, and none takes more than some seconds.
	firstWork, stepWork = 2_000_000, 8
	// stride is how many returns apart sweeps are saved, maxSaved how many.
	stride, maxSaved = 64, 64
)

// entry is an operation of the search.
type entry struct {
	change
	role role
	slot int8
}

type role uint8

const (
	sees    role = iota // has no effect, and saw a total
	refuses             // has no effect, and saw too small a total
	moves               // has an effect, and its result is known
	changes             // has an effect, and no result
	perhaps             // may have an effect
)

// done is a set of slots.
type done [maxOpen / 64]uint64

func (d *done) has(slot int8) bool { return d[slot>>6]&(1<<(slot&63)) != 0 }
func (d *done) set(slot int8)      { d[slot>>6] |= 1 << (slot & 63) }
func (d *done) clear(slot int8)    { d[slot>>6] &^= 1 << (slot & 63) }

// state is a total, which of the open operations have had their effect by then,
// and how many changes of unknown outcome.
type state struct {
	total int64
	done  done
	used  [maxAmounts]int32
}

// uses returns how many changes of unknown outcome were used.
func (a *state) uses() (n int) {
	for _, u := range a.used {
		n += int(u)
	}
	return n
}

func (c *counter) search() Outcome { return newSearch(c).run() }

func newSearch(c *counter) *search { return &search{counter: c, met: map[state]struct{}{}} }

func (s *search) run() Outcome {
	if reason := s.prepare(); reason != "" {
		return unfit(reason)
	}
	s.sweep = newSweep(s.initial)
	s.saved = []sweep{s.sweep.clone()}
	tries, level, calm := efforts(), 0, 0
	for s.at < len(s.returns) {
		if s.at > calm {
			level = 0
		}
		s.effort = tries[level]
		s.save()
		switch open := s.step(); {
		case !open:
			return unfit("too many operations at a time")
		case s.work < 0:
			return unfit("too many states of the counter would have to be told apart")
		case len(s.states) > 0:
			if s.at++; s.at > s.farthest {
				s.farthest = s.at
				s.work += stepWork
			}
		case s.whole:
			return s.core()
		case level == len(tries)-1:
			return unfit("too many states of the counter would have to be told apart")
		default:
			level++
			calm = max(calm, s.at+stride)
			s.rewind(stride << (2 * level))
		}
	}
	return Outcome{Answer: Legal}
}

// prepare puts all operations in order, and returns why that is no use.
func (s *search) prepare() (reason string) {
	s.unit = none
	for i := range s.free {
		f := &s.free[i]
		if s.unit == none {
			s.unit = size(f)
		} else if s.unit != size(f) {
			s.unit = 0
		}
		if !f.certain() && !slices.Contains(s.amounts, f.amount) {
			s.amounts = append(s.amounts, f.amount)
		}
		if len(s.amounts) > maxAmounts {
			return "changes of unknown outcome are by too many different amounts"
		}
	}
	s.merge()
	for i := range s.ops {
		if s.ops[i].certain() {
			s.returns = append(s.returns, moment{s.ops[i].end, int32(i)})
		}
	}
	order(s.returns)
	s.work = firstWork
	return ""
}

// merge lists all operations by invocation.
func (s *search) merge() {
	s.ops = make([]entry, 0, len(s.known)+len(s.free)+len(s.refused))
	from := [][]change{s.known, s.free, s.refused}
	for {
		least := none
		for i, of := range from {
			if len(of) > 0 && (least == none || of[0].call < from[least][0].call) {
				least = i
			}
		}
		if least == none {
			return
		}
		c := from[least][0]
		from[least] = from[least][1:]
		e := entry{change: c, role: sees}
		switch {
		case least == 2:
			e.role = refuses
		case least == 0 && c.amount != 0:
			e.role = moves
		case least == 1 && c.certain():
			e.role = changes
		case least == 1:
			e.role = perhaps
		}
		s.ops = append(s.ops, e)
	}
}

// core is everything invoked until the present return.
func (s *search) core() Outcome {
	var c core
	for i := range s.ops {
		if s.ops[i].call <= s.returns[s.at].time {
			c = append(c, s.ops[i].id)
		}
	}
	return c.outcome(false)
}
