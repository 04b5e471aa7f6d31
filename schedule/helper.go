package schedule

import (
	"context"
	"math/rand/v2"

	"github.com/jepsen-lite/jepsen-lite/workloads"
)

// step is the step that moves the lane.
func (l *lane) step() Step { return Step{Verb: Move, Client: l.number, Helper: l.helper} }

// spawn makes a helper of the client: a lane of its own, which rests until a step
// names it.
func (l *lane) spawn(body func(context.Context, workloads.Env)) (stop func()) {
	if l.through {
		return func() {} // nobody would move it
	}
	m := l.machine
	number := 1
	for _, h := range m.helpers {
		if h.number == l.number {
			number++
		}
	}
	helper := &lane{machine: m, number: l.number, helper: number, body: body}
	helper.rand = rand.New(rand.NewPCG(m.schedule.Seed, uint64(number)<<32+uint64(l.number)))
	m.helpers = append(m.helpers, helper)
	l.spawned = append(l.spawned, helper)
	return func() { helper.stopped = true }
}

// stopHelpers asks the helpers of a process that has ended to end.
func (l *lane) stopHelpers() {
	for _, h := range l.spawned {
		h.stopped = true
	}
	l.spawned = nil
}

// help does what a helper does.
func (l *lane) help() {
	env := l.environment()
	defer env.Conn.Close()
	l.machine.trace.helps(l.machine, l)
	if !l.stopped {
		l.body(context.Background(), env)
	}
	if !l.abandoned {
		l.machine.trace.helped(l.machine, l)
	}
}
