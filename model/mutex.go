package model

// mutex is a lock as its holders see it: held from the grant until somebody
// releases it. Without tokens this is Knossos' mutex, which anyone may release.
type mutex struct{ locks }

func makeMutex(string) (spec, error) { return mutex{}, nil }

func (mutex) step(state any, op *Op) (bool, any) {
	h := state.(holding)
	switch op.Action {
	case Held:
		return h.seenHeld(op)
	case Grant:
		if h.held {
			return !op.Certain, h
		}
		return true, h.granted(op)
	case GiveUp:
		if !h.known {
			return true, h // it may be another's
		}
	}
	// free, and giveUp: the holder stops believing, whatever Redis still had.
	// Who did not hold it can well find it gone.
	if h.known && !(h.held && h.matches(op)) {
		return !op.Certain || op.Action == GiveUp, h
	}
	return true, h.released()
}
