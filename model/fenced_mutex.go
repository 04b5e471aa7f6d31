package model

import (
	"math"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// fencedMutex is a lock whose tokens are numbers, each larger than all granted
// before, and which only its holder releases.
type fencedMutex struct{ locks }

func makeFencedMutex(string) (spec, error) { return fencedMutex{}, nil }

func (f fencedMutex) prepare(h *history.Op, op *Op) (bool, error) {
	keep, err := f.locks.prepare(h, op)
	if err != nil || !keep || op.Action != Grant || !op.Certain {
		return keep, err
	}
	op.Amount, err = integer("the token of an acquire", op.Put)
	return true, err
}

func (fencedMutex) init() any { return holding{known: true, fence: math.MinInt64} }
func (fencedMutex) open() any { return holding{fence: math.MinInt64} }

func (fencedMutex) step(state any, op *Op) (bool, any) {
	h := state.(holding)
	switch op.Action {
	case Held:
		return h.seenHeld(op)
	case Grant:
		if h.held || op.Certain && op.Amount <= h.fence {
			return !op.Certain, h
		}
		h = h.granted(op)
		if op.Certain {
			h.fence = op.Amount
		}
		return true, h
	}
	if h.known && !(h.held && h.ownedBy(op)) {
		return !op.Certain || op.Action == GiveUp, h
	}
	return true, h.released()
}

// ownedBy reports whether op comes from the holder: by its token where both are
// known, else by its process.
func (h holding) ownedBy(op *Op) bool {
	if says(h.token) && says(op.Need) {
		return h.token == op.Need
	}
	return says(op.Need) || h.process == op.Process
}
