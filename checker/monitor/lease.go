package monitor

import (
	"slices"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model"
)

// lease judges a lock that expires and whose acquisitions have a token each. All
// that is about one token is a term. Terms must not overlap; a term that is not
// known to have ended by a release lasts at least the time to live, counted from
// its grant and from each renewal. docs/monitors.md proves that this is a
// question of scheduling jobs of equal length on one machine, and how it is
// answered.
type lease struct {
	ttl     int64
	unfit   string
	numbers numbers
	terms   []term
	giveUps []giveUp
	again   again // the first token that was released a second time
	anew    int64 // the call of that release
	// unnamed: somebody saw it held, and did not say with which token. Without
	// that, what is illegal is so all the more, and what is legal is not decided.
	unnamed bool
}

// term is what is known of one acquisition.
type term struct {
	call int64 // of the grant
	// first is the least return of what certainly happened in the term, last the
	// greatest call of that, renewed the greatest call of a renewal, and perhaps
	// the least call of releases of unknown outcome.
	first, last, renewed, perhaps int64
	// The operations that these are of, and the release that certainly happened;
	// none: -1.
	grant, firstBy, lastBy, renewal, mayFree, freed int32
	freedBy                                         int64 // the return of that release
	gaveUp                                          bool  // some of the giveUps are of this term
}

// giveUp is a release or a renewal that found the lock not held with its token.
type giveUp struct {
	call, end int64
	id, term  int32
}

func newLease(m model.Model, n int) *lease {
	return &lease{ttl: int64(m.Lasting()), numbers: newNumbers(n), terms: make([]term, 0, n/2+1), again: again{item: none}}
}

func (l *lease) Add(op *model.Op) {
	token, id := op.Need, int32(op.ID)
	if op.Action == model.Grant {
		token = op.Put
	}
	switch {
	case !token.IsAbsent():
	case op.Action == model.Held:
		l.unnamed = true
		return
	default:
		l.unfit = "an operation names no token"
		return
	}
	t, n := l.term(token)
	switch {
	case op.Action == model.GiveUp:
		t.gaveUp = true
		l.giveUps = append(l.giveUps, giveUp{op.Call, op.Return, id, n})
		return
	case op.Action == model.Grant && t.grant != none:
		l.unfit = "a token was granted twice"
	case op.Action == model.Grant:
		t.grant, t.call = id, op.Call
	case op.Action == model.Free && !op.Certain:
		if op.Call < t.perhaps {
			t.perhaps, t.mayFree = op.Call, id
		}
	case op.Action == model.Free && t.freed != none:
		if l.again.item == none {
			l.again, l.anew = again{n, t.freed, id}, op.Call
		}
	case op.Action == model.Free:
		t.freed, t.freedBy = id, op.Return
	}
	if op.Certain {
		t.witness(op)
	}
}

// witness takes note of what certainly happened in the term.
func (t *term) witness(op *model.Op) {
	if op.Return < t.first {
		t.first, t.firstBy = op.Return, int32(op.ID)
	}
	if op.Call > t.last || t.lastBy == none {
		t.last, t.lastBy = op.Call, int32(op.ID)
	}
	if op.Action == model.Renew && (op.Call > t.renewed || t.renewal == none) {
		t.renewed, t.renewal = op.Call, int32(op.ID)
	}
}

func (l *lease) term(token history.Value) (*term, int32) {
	n := l.numbers.of(token)
	if int(n) == len(l.terms) {
		l.terms = append(l.terms, term{
			first: history.Never, perhaps: history.Never, last: never, renewed: never,
			grant: none, firstBy: none, lastBy: none, renewal: none, mayFree: none, freed: none,
		})
	}
	return &l.terms[n], n
}

func (l *lease) Judge() Outcome {
	switch {
	case l.unfit != "":
		return unfit(l.unfit)
	case l.again.item != none:
		return l.afterRelease(&l.terms[l.again.item], l.again.second, l.anew)
	}
	slices.SortStableFunc(l.giveUps, func(a, b giveUp) int { return int(a.term - b.term) })
	taken := make([]int32, 0, len(l.terms))
	for n := range l.terms {
		t := &l.terms[n]
		if t.grant != none && t.call > t.last && t.firstBy != none {
			t.last, t.lastBy = t.call, t.grant // seen to have been granted
		}
		switch {
		case t.firstBy == none: // nothing shows that it was granted, so it need not have been
		case t.grant == none || t.first < t.call:
			return illegal(t.grant, t.firstBy)
		case t.freed != none && t.freedBy < t.last:
			return l.afterRelease(t, t.lastBy, t.last)
		default:
			taken = append(taken, int32(n))
		}
	}
	p, o := l.plan(taken)
	if o.Answer != Legal {
		return o
	}
	switch w := p.feasible(); {
	case w.tooWide:
		return unfit("too many leases may have been granted in one order or another")
	case !w.ok:
		return l.guilty(taken, w.until)
	case l.unnamed:
		return unfit("the lock was seen held, and not with which token")
	}
	return Outcome{Answer: Legal}
}
