package model

import (
	"math"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// fencedMutex is a lock whose tokens are numbers, each larger than all granted
// before, and which only its holder releases.
type fencedMutex struct{ locks }

func makeFencedMutex(string) (spec, error) { return fencedMutex{}, nil }

func (f fencedMutex) prepare(h history.Op, op *Op) (bool, error) {
	keep, err := f.locks.prepare(h, op)
	if err != nil || !keep || op.action != grant || !op.Certain {
		return keep, err
	}
	op.n, err = integer("the token of an acquire", op.put)
	return true, err
}

func (fencedMutex) init() any { return holding{known: true, fence: math.MinInt64} }
func (fencedMutex) open() any { return holding{fence: math.MinInt64} }

func (fencedMutex) step(state any, op *Op) (bool, any) {
	h := state.(holding)
	switch op.action {
	case held:
		return h.seenHeld(op)
	case grant:
		if h.held || op.Certain && op.n <= h.fence {
			return !op.Certain, h
		}
		h = h.granted(op)
		if op.Certain {
			h.fence = op.n
		}
		return true, h
	}
	if h.known && !(h.held && h.ownedBy(op)) {
		return !op.Certain || op.action == giveUp, h
	}
	return true, h.released()
}

// ownedBy reports whether op comes from the holder: by its token where both are
// known, else by its process.
func (h holding) ownedBy(op *Op) bool {
	if says(h.token) && says(op.need) {
		return h.token == op.need
	}
	return says(op.need) || h.process == op.Process
}
