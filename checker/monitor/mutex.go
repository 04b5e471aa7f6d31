package monitor

import (
	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model"
)

// mutex judges a lock whose acquisitions have a token each. All that is about one
// token is a block: the grant, those who saw the lock held with it, the end.
type mutex struct {
	unfit   string
	numbers numbers
	tenures []tenure
	// several are all endings of tenures that have more than one.
	several map[int32][]ending
	// fenced: a grant has a number, larger than all before.
	fenced bool
	// nameless counts grants of unknown outcome and token.
	nameless int
}

// tenure is what is known of one acquisition.
type tenure struct {
	call, end        int64 // of the grant
	seenBy, seenFrom int64 // the least return and the greatest call of those who saw it
	grant            int32 // ID; none: nobody asked for it
	by, from         int32 // IDs of those who saw it first and last
	number           int64 // of a fenced grant; model.NoFence: not known
	certain          bool  // the grant
	last             ending
}

// ending is an operation that ended a tenure, or may have.
type ending struct {
	call, end int64
	id        int32
	// certain: it took effect. gaveUp: it found the lock gone.
	certain, gaveUp bool
}

func newMutex(n int, fenced bool) *mutex {
	return &mutex{fenced: fenced, numbers: newNumbers(n), tenures: make([]tenure, 0, n/2+1), several: map[int32][]ending{}}
}

func (l *mutex) Add(op *model.Op) {
	token := op.Need
	if op.Action == model.Grant {
		token = op.Put
	}
	switch {
	case token.IsAbsent() && op.Action == model.Grant && !op.Certain:
		l.nameless++
		return
	case token.IsAbsent():
		l.unfit = "an operation names no token"
		return
	}
	n := l.numbers.of(token)
	if int(n) == len(l.tenures) {
		l.tenures = append(l.tenures, tenure{
			seenBy: history.Never, seenFrom: never, end: history.Never,
			grant: none, by: none, from: none, last: ending{id: none},
		})
	}
	t := &l.tenures[n]
	switch op.Action {
	case model.Grant:
		if t.grant != none {
			l.unfit = "a token was granted twice"
		}
		t.grant, t.call, t.end, t.certain, t.number = int32(op.ID), op.Call, op.Return, op.Certain, op.Amount
	case model.Held:
		if t.by == none || op.Return < t.seenBy {
			t.seenBy, t.by = op.Return, int32(op.ID)
		}
		if t.from == none || op.Call > t.seenFrom {
			t.seenFrom, t.from = op.Call, int32(op.ID)
		}
	default:
		l.close(t, n, ending{op.Call, op.Return, int32(op.ID), op.Certain, op.Action == model.GiveUp})
	}
}

// close notes an ending.
func (l *mutex) close(t *tenure, n int32, e ending) {
	if t.last.id == none {
		t.last = e
		return
	}
	if l.several[n] == nil {
		l.several[n] = []ending{t.last}
	}
	l.several[n] = append(l.several[n], e)
}

// endings returns all endings of a tenure.
func (l *mutex) endings(n int32) []ending {
	if all := l.several[n]; all != nil {
		return all
	}
	if e := l.tenures[n].last; e.id != none {
		return []ending{e}
	}
	return nil
}

// Judge: a grant of unknown outcome and token is an excuse for much, but never
// makes a legal history illegal.
func (l *mutex) Judge() Outcome {
	if l.unfit != "" {
		return unfit(l.unfit)
	}
	if o := l.grantsInOrder(); o.Answer != Legal {
		return o
	}
	o := l.tenuresInOrder()
	if o.Answer == Illegal && l.nameless > 0 {
		return unfit("an acquire of unknown outcome names no token")
	}
	return o
}

func (l *mutex) tenuresInOrder() Outcome {
	var (
		zones []zone
		rows  []int32
	)
	for n := range l.tenures {
		t := &l.tenures[n]
		released := l.released(int32(n))
		if !t.certain && t.by == none && released == nil {
			continue // nobody saw it, so it need not have happened
		}
		if t.grant == none {
			return l.because(int32(n))
		}
		last, ok := l.last(int32(n), released)
		if !ok {
			return unfit("a release may have come before the acquire of its token")
		}
		if t.seenBy < t.call || last.end < max(t.call, t.seenFrom, last.call) {
			return l.because(int32(n))
		}
		zones = append(zones, zone{min(t.end, t.seenBy, last.end), max(t.call, t.seenFrom, last.call)})
		rows = append(rows, int32(n))
	}
	if a, b := l.disorder(zones, rows); a != none {
		return l.because(rows[a], rows[b])
	}
	return Outcome{Answer: Legal}
}

// disorder returns two zones that cannot be where they should: one before the
// other, or, where tenures are numbered, in the order of their numbers.
func (l *mutex) disorder(zones []zone, rows []int32) (a, b int32) {
	if !l.fenced {
		return clash(zones)
	}
	numbers := make([]moment, len(rows))
	for i, n := range rows {
		numbers[i] = moment{l.tenures[n].number, int32(i)}
	}
	order(numbers)
	last := int32(none) // of those before, the one that was called last
	for _, m := range numbers {
		if last != none && zones[m.row].first < zones[last].last {
			return last, m.row
		}
		if last == none || zones[m.row].last > zones[last].last {
			last = m.row
		}
	}
	return none, none
}

// grantsInOrder looks at the certain grants of a fenced lock alone, which nothing
// excuses: a larger number is not granted before a smaller one is asked for.
func (l *mutex) grantsInOrder() Outcome {
	if !l.fenced {
		return Outcome{Answer: Legal}
	}
	var (
		zones []zone
		rows  []int32
	)
	for n := range l.tenures {
		switch t := &l.tenures[n]; {
		case t.certain && t.number == model.NoFence:
			return unfit("a grant has no number")
		case t.certain:
			zones, rows = append(zones, zone{t.end, t.call}), append(rows, int32(n))
		case t.grant != none:
			l.nameless++ // its token is named, but not by it
		}
	}
	if a, b := l.disorder(zones, rows); a != none {
		return l.because(rows[a], rows[b])
	}
	return Outcome{Answer: Legal}
}

// released returns the ending that certainly released the lock, if there is one.
func (l *mutex) released(n int32) *ending {
	if l.several[n] == nil {
		if e := &l.tenures[n].last; e.id != none && e.certain && !e.gaveUp {
			return e
		}
		return nil
	}
	for i, e := range l.several[n] {
		if e.certain && !e.gaveUp {
			return &l.several[n][i]
		}
	}
	return nil
}

// last returns what the endings of a tenure come down to: one that took effect
// between its call and its end. A tenure without one lasts for ever. It returns
// false where an ending that found the lock gone may have come before the grant.
//
// A release that is certain is the one: those who found the lock gone came after
// it. Otherwise it is the first of all that took effect, which any of them may
// have been: so it came no earlier than the first of their calls, and no later
// than the first certain return.
func (l *mutex) last(n int32, released *ending) (ending, bool) {
	t := &l.tenures[n]
	granted := min(t.end, t.seenBy) // by then it was
	one := ending{call: history.Never, end: history.Never}
	if released != nil {
		granted = min(granted, released.end)
		one = *released
	}
	for _, e := range l.endings(n) {
		switch {
		case e.certain && !e.gaveUp && e.id != one.id: // released twice
			return ending{call: history.Never, end: never}, true
		case e.certain && e.gaveUp && e.call <= granted:
			return one, false
		}
		if e.certain {
			one.end = min(one.end, e.end)
		}
		if released == nil {
			one.call = min(one.call, e.call)
		}
	}
	return one, true
}

// because returns the operations of one or two tenures that cannot be.
func (l *mutex) because(tenures ...int32) Outcome {
	o := Outcome{Answer: Illegal}
	for _, n := range tenures {
		t := &l.tenures[n]
		o.add(t.grant)
		for _, e := range l.endings(n) {
			o.add(e.id)
		}
		o.add(t.by, t.from)
	}
	return o
}
