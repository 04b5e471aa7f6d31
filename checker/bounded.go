package checker

import (
	"context"

	"github.com/anishathalye/porcupine"

	"github.com/jepsen-lite/jepsen-lite/model"
)

// answer is what a bounded search says.
type answer uint8

const (
	undecided answer = iota // the context ended
	tooLarge                // the memory bound was reached
	legal
	illegal
)

// search runs porcupine on the operations of one key, within a memory bound and
// until the context ends.
//
// Why through Step: porcupine knows no memory bound, and its timeout leaves a
// goroutine behind. Once a bound is reached every step is called illegal; the
// search then unwinds by itself within a few steps, and its answer is ignored.
func search(ctx context.Context, m model.Model, pm porcupine.Model, ops []model.Op, bytes int64) answer {
	if len(ops) == 0 {
		return legal
	}
	// What porcupine keeps: per operation two entries and two list nodes, and
	// per successful step a bit set of all operations and a state.
	perOp, perStep := int64(400), int64(len(ops)/8+128)
	left, stopped := bytes-perOp*int64(len(ops)), undecided
	if left <= 0 {
		return tooLarge
	}
	step, stop, steps := pm.Step, false, 0
	pm.Partition, pm.PartitionEvent = nil, nil
	pm.StepContext = nil
	pm.Step = func(state, input, output any) (bool, any) {
		if steps++; steps%1024 == 0 && ctx.Err() != nil {
			stop = true
		}
		if stop {
			return false, state
		}
		ok, next := step(state, input, output)
		if ok {
			if left -= perStep; left < 0 {
				stop, stopped = true, tooLarge
				return false, state
			}
		}
		return ok, next
	}
	if ctx.Err() != nil {
		return undecided
	}
	ok := porcupine.CheckOperations(pm, m.Operations(ops))
	switch {
	case stop:
		return stopped
	case ok:
		return legal
	}
	return illegal
}
