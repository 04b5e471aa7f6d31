package checker

import (
	"context"
	"fmt"
	"runtime/debug"

	"github.com/anishathalye/porcupine"

	"github.com/jepsen-lite/jepsen-lite/model"
)

// answer is what a bounded search says.
type answer uint8

const (
	undecided answer = iota // the context ended, or the steps
	tooLarge                // the memory bound was reached
	legal
	illegal
)

// bound limits what porcupine may take.
type bound struct {
	bytes int64
	steps int // 0: as many as it likes
}

// tryPorcupine runs porcupine on the operations of one key, within a bound and
// until the context ends.
//
// Why through Step: porcupine knows no memory bound, and its timeout leaves a
// goroutine behind. Once a bound is reached every step is called illegal; the
// search then unwinds by itself within a few steps, and its answer is ignored.
// A step to where the search has been before holds nothing: porcupine compares
// states to find that out, and nowhere else.
//
// A panic of the model is caught there too: porcupine calls it in a goroutine of
// its own, where a panic would end the process. It goes on in the caller's.
func tryPorcupine(ctx context.Context, m model.Model, pm porcupine.Model, ops []model.Op, b bound) answer {
	if len(ops) == 0 {
		return legal
	}
	s := bounded{ctx: ctx, most: b.steps, left: b.bytes/garbage - perOperation*int64(len(ops)), perStep: int64(len(ops)/8 + perStep), model: m}
	switch {
	case s.left <= 0:
		return tooLarge
	case ctx.Err() != nil:
		return undecided
	}
	ok := porcupine.CheckOperations(s.wrap(pm), m.Operations(ops))
	switch {
	case s.panicked != nil:
		panic(s.panicked)
	case s.stop:
		return s.stopped
	case ok:
		return legal
	}
	return illegal
}

// What porcupine keeps: per operation two entries and two list nodes, and per
// successful step a bit set of all operations and a state.
const perOperation, perStep = 400, 192

// garbage is how much more memory a process takes than it keeps: Go's collector
// lets the heap grow to twice of what is alive.
const garbage = 2

// bounded is a search that stops at its bounds.
type bounded struct {
	ctx      context.Context
	model    model.Model
	steps    int
	most     int   // steps; 0: any number
	left     int64 // bytes
	perStep  int64
	cost     int64 // of the last step
	stop     bool
	stopped  answer
	panicked any
}

func (s *bounded) wrap(pm porcupine.Model) porcupine.Model {
	step, equal, hash := pm.Step, pm.Equal, pm.Hash
	pm.Partition, pm.PartitionEvent = nil, nil
	pm.StepContext = nil
	pm.Step = func(state, input, output any) (ok bool, next any) {
		if s.steps++; s.steps%1024 == 0 && s.ctx.Err() != nil || s.steps == s.most {
			s.stop = true
		}
		if s.stop {
			return false, state
		}
		defer s.catch()
		if ok, next = step(state, input, output); ok {
			s.cost = s.perStep + s.model.StateBytes(next)
			if s.left -= s.cost; s.left < 0 {
				s.stop, s.stopped = true, tooLarge
				return false, state
			}
		}
		return ok, next
	}
	pm.Equal = func(a, b any) bool {
		defer s.catch()
		same := equal(a, b)
		if same {
			s.left, s.cost = s.left+s.cost, 0
		}
		return same
	}
	pm.Hash = func(state any) uint64 {
		defer s.catch()
		return hash(state)
	}
	return pm
}

// catch keeps a panic and ends the search.
func (s *bounded) catch() {
	if p := recover(); p != nil {
		s.stop, s.panicked = true, fmt.Sprintf("%v\n%s", p, debug.Stack())
	}
}
