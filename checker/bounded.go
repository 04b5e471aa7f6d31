package checker

import (
	"context"
	"runtime/debug"
	"runtime/metrics"

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

// memory bounds what the searches of one check hold together.
type memory struct {
	bound, before int64
	// share is what one search may hold whatever the others do.
	share int64
}

// newMemory bounds the searches that so many workers make from now on.
func newMemory(bound int64, workers int) memory {
	return memory{bound: bound, before: footprint(), share: bound / int64(workers)}
}

// exceeded reports whether a search that has kept about so much must end: the
// process is over its bound, and not because of the others.
func (m memory) exceeded(kept int64) bool {
	return kept > m.share && footprint()-m.before > m.bound
}

// footprint is how much of the machine's memory the Go runtime holds.
func footprint() int64 {
	sample := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(sample)
	return int64(sample[0].Value.Uint64() - sample[1].Value.Uint64())
}

// lookEvery is after how many steps a search looks at time and memory.
const lookEvery = 1024

// search runs porcupine on the operations of one key, within a memory bound and
// until the context ends.
//
// Why through Step: porcupine knows no memory bound, and its timeout leaves a
// goroutine behind. Once a bound is reached every step is called illegal; the
// search then unwinds by itself within a few steps, and its answer is ignored.
func search(ctx context.Context, m model.Model, pm porcupine.Model, ops []model.Op, limit memory) answer {
	if len(ops) == 0 {
		return legal
	}
	// What porcupine keeps: for each operation two entries and two list nodes;
	// for each successful step, unless it has been there before, a bit set of all
	// operations and a state.
	perStep := int64(len(ops)/8 + 128)
	kept, stopped := int64(len(ops))*400, undecided
	if kept > limit.share {
		return tooLarge
	}
	step, stop, steps := pm.Step, false, 0
	pm.Partition, pm.PartitionEvent = nil, nil
	pm.StepContext = nil
	pm.Step = func(state, input, output any) (bool, any) {
		if steps++; steps%lookEvery == 0 && !stop {
			switch {
			case ctx.Err() != nil:
				stop = true
			case limit.exceeded(kept):
				stop, stopped = true, tooLarge
			}
		}
		if stop {
			return false, state
		}
		ok, next := step(state, input, output)
		if ok {
			kept += perStep + m.StateBytes(next)
		}
		return ok, next
	}
	if ctx.Err() != nil {
		return undecided
	}
	ok := porcupine.CheckOperations(pm, m.Operations(ops))
	switch {
	case stop:
		if stopped == tooLarge {
			debug.FreeOSMemory() // for the other searches
		}
		return stopped
	case ok:
		return legal
	}
	return illegal
}
