package model

import "github.com/jepsen-lite/jepsen-lite/history"

// holding is the state of a lock: who holds it, as far as known.
type holding struct {
	known   bool // false: not even whether it is held
	held    bool
	token   history.Value   // of the acquisition; absent: not known
	process history.Process // that acquired it
	// A lease may have expired from expires on. now is the latest call of all
	// operations before: the present is not earlier.
	expires, now int64
	// depth is how often a reentrant lock has to be released; 0: not known.
	depth int
	// fence is the largest number granted so far, number that of the holder.
	fence, number int64
	// anonymous: who acquired it is not known, whatever process says.
	anonymous bool
}

func (h holding) String() string {
	switch {
	case !h.known:
		return "?"
	case !h.held:
		return "free"
	case !says(h.token) && h.anonymous:
		return "held"
	case !says(h.token):
		return "held by process " + h.process.String()
	}
	return "held by " + h.token.String()
}

// matches reports whether the lock can be held with the operation's token, where
// both are known.
func (h holding) matches(op *Op) bool {
	return !says(h.token) || !says(op.Need) || h.token == op.Need
}

// released returns the state after a release, grant that after an acquire.
func (h holding) released() holding {
	return holding{known: true, now: h.now, fence: h.fence}
}

func (h holding) granted(op *Op) holding {
	return holding{known: true, held: true, token: op.Put, process: op.Process, now: h.now, fence: h.fence, anonymous: op.anonymous}
}

// seenHeld returns whether the lock can have been seen held as op says.
func (h holding) seenHeld(op *Op) (bool, holding) {
	if !h.known {
		return true, holding{known: true, held: true, token: op.Need, now: h.now, fence: h.fence, number: NoFence, anonymous: true}
	}
	return h.held && h.matches(op), h
}

// locks is what the models of locks have in common.
type locks struct{}

// prepare sets action, put (the token granted) and need (the token that must
// hold it, where the operation names one).
func (locks) prepare(h *history.Op, op *Op) (bool, error) {
	switch {
	case h.F == "write" || h.Outcome == history.Fail:
		return false, nil
	case h.F == "release":
		op.Action, op.Need = Free, token(h.Input)
		if op.Result.IsFalse() {
			op.Action = GiveUp
		}
		return true, nil
	case op.Result.IsFalse():
		op.Action, op.Observes = Held, true
		return true, nil
	}
	if by, ok := op.Result.Field("held_by"); ok {
		op.Action, op.Observes, op.Need = Held, true, token(by)
		return true, nil
	}
	op.Action, op.Put = Grant, token(op.Result)
	if !says(op.Put) {
		op.Put = token(h.Input)
	}
	return true, nil
}

// token returns v as a token; null and true name none.
func token(v history.Value) history.Value {
	if v.IsNull() || v == history.Bool(true) {
		return history.Value{}
	}
	return v
}

func (locks) init() any                 { return holding{known: true} }
func (locks) open() any                 { return holding{} }
func (locks) equal(a, b any) bool       { return a == b }
func (locks) describe(state any) string { return state.(holding).String() }

func (locks) hash(state any) uint64 {
	h := state.(holding)
	sum := h.token.Hash()
	for _, n := range [...]int64{int64(h.process), h.expires, h.now, int64(h.depth), h.fence} {
		sum = (sum ^ uint64(n)) * 0x9e3779b97f4a7c15
		sum ^= sum >> 32
	}
	if h.held {
		sum++
	}
	return sum
}

// units: an acquisition goes with all that names its token. Operations that
// name no token could be about any of them: those that only observe must go
// first, and if an effect names none, no acquisition can go.
func (locks) units(ops []Op) []Unit {
	var nameless []int
	for i := range ops {
		op := &ops[i]
		switch named := says(op.Put) || says(op.Need); {
		case !named && !op.Observes:
			return observations(ops)
		case !named:
			nameless = append(nameless, op.ID)
		}
	}
	acquisitions := byValue(ops, func(op *Op) history.Value {
		if says(op.Put) {
			return op.Put
		}
		return op.Need
	})
	for i := range acquisitions {
		acquisitions[i].IDs = append(acquisitions[i].IDs, nameless...)
	}
	return append(acquisitions, observations(ops)...)
}
