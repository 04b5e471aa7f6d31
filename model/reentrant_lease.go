package model

// reentrantLease is a lease whose holder may acquire it again, which begins its
// time to live anew, and who then has to release it as often. Who acquires again
// names the same token. A lock that was lost is another acquisition, with a token
// of its own: else nobody could tell how often it has to be released.
type reentrantLease struct{ lease }

func makeReentrantLease(parameter string) (spec, error) {
	s, err := makeLease(parameter)
	if err != nil {
		return nil, err
	}
	return reentrantLease{s.(lease)}, nil
}

func (l reentrantLease) step(state any, op *Op) (bool, any) {
	if op.Action == Held || op.Action == GiveUp {
		return l.lease.step(state, op)
	}
	h := state.(holding)
	if h.now = max(h.now, op.Call); op.Return < h.now {
		return false, h // it returned before it can have happened
	}
	if op.Action == Grant {
		return l.enter(h, op)
	}
	if h.known && !(h.held && h.matches(op)) {
		return !op.Certain, h
	}
	return true, h.left()
}

// enter is an acquire that was granted, for the first time or once more.
func (l reentrantLease) enter(h holding, op *Op) (bool, holding) {
	switch again, known := h.byHolder(op); {
	case !known:
		h = h.granted(op)
	case again && h.depth > 0:
		h.depth++
	case again: // how often is not known
	case h.held && op.Return < h.expires:
		return !op.Certain, h
	default:
		if h.held {
			h.now = max(h.now, h.expires)
		}
		h = h.granted(op)
		h.depth = 1
	}
	h.expires = h.now + l.ttl
	return true, h
}

// byHolder reports whether an acquire is the holder's, and whether that is known.
func (h holding) byHolder(op *Op) (again, known bool) {
	switch {
	case !h.known:
		return false, false
	case !h.held:
		return false, true
	case says(h.token) && says(op.Put):
		return h.token == op.Put, true
	case says(h.token) || says(op.Put):
		return false, false
	}
	return h.process == op.Process, true
}

// left returns the state after one release of the holder's.
func (h holding) left() holding {
	switch {
	case !h.known || h.depth == 0:
		return holding{now: h.now, fence: h.fence}
	case h.depth > 1:
		h.depth--
		return h
	}
	return h.released()
}
