package model

import (
	"time"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// lease is a lock as Redis promised it: granted to nobody else before the last
// grant may have expired.
//
// A grant happens at some moment from now on, now being the latest call of the
// operations that took effect before it or with it (or the expiry they had to
// wait for), so it cannot expire before now + ttl. (But for such waits, now
// depends on which operations are in the past and not on their order, so it
// costs the search next to nothing.)
type lease struct {
	locks
	// ttl is the time to live less what clocks may disagree about.
	ttl int64
}

func makeLease(parameter string) (spec, error) {
	ttl, err := parseTTL(parameter)
	if err != nil {
		return nil, err
	}
	// Why the slack: Redis counts whole milliseconds of its own clock, ours is
	// another, and a machine's clock may be slewed by up to 500 ppm (adjtimex).
	// Blaming a lock for half a millisecond would be a false alarm.
	slack := time.Millisecond + ttl/1000
	return lease{ttl: int64(max(ttl-slack, 0))}, nil
}

// Lasting returns for how long a lease lasts at least, which is its time to live
// less what clocks may disagree about; 0 for other models.
func (m Model) Lasting() time.Duration {
	switch s := m.spec.(type) {
	case lease:
		return time.Duration(s.ttl)
	case reentrantLease:
		return time.Duration(s.ttl)
	}
	return 0
}

func (l lease) prepare(h *history.Op, op *Op) (bool, error) {
	if h.F != "renew" {
		return l.locks.prepare(h, op)
	}
	op.Action, op.Need = Renew, token(h.Input)
	if op.Result.IsFalse() {
		op.Action = GiveUp
	}
	return h.Outcome != history.Fail, nil
}

func (l lease) step(state any, op *Op) (bool, any) {
	h := state.(holding)
	if h.now = max(h.now, op.Call); op.Return < h.now {
		return false, h // it returned before it can have happened
	}
	switch op.Action {
	case Grant:
		return l.grant(h, op)
	case Held:
		return h.seenHeld(op)
	case GiveUp:
		return l.gone(h, op)
	case Renew:
		return l.renew(h, op)
	}
	if h.known && !(h.held && h.matches(op)) {
		return !op.Certain, h
	}
	return true, h.released()
}

func (l lease) grant(h holding, op *Op) (bool, holding) {
	if h.held {
		if op.Return < h.expires {
			return !op.Certain, h
		}
		h.now = max(h.now, h.expires)
	}
	h = h.granted(op)
	h.expires = h.now + l.ttl
	return true, h
}

// renew: the holder's time begins anew.
func (l lease) renew(h holding, op *Op) (bool, holding) {
	switch {
	case h.known && !(h.held && h.matches(op)):
		return !op.Certain, h
	case !h.known && !op.Certain:
		return true, h // it may have found the lock gone
	case !h.known:
		_, h = h.seenHeld(op)
	}
	h.expires = h.now + l.ttl
	return true, h
}

// gone: a release or a renewal that did not find its token observes that it is not held with
// it, which before the expiry it must have been.
func (l lease) gone(h holding, op *Op) (bool, holding) {
	switch {
	case !op.Certain || !h.known || !h.held || !says(op.Need) || !says(h.token) || h.token != op.Need:
		return true, h
	case op.Return < h.expires:
		return false, h
	}
	h.now = max(h.now, h.expires)
	return true, h.released()
}
