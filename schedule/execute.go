package schedule

import (
	"context"
	"fmt"
	"hash/maphash"
	"slices"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/workloads"
)

// Execution is what became of a schedule.
type Execution struct {
	// Events are the history, as it was recorded.
	Events  []history.Event
	History *history.History
	// Word are the steps that were taken, Skipped the others. Of tells for each
	// step of a client which of its operations it was about; else -1.
	Word    []Step
	Of      []int
	Skipped []Skip
	// Trace tells what happened; nil unless it was asked for.
	Trace *Trace
	// Verdict, and the anomaly that explains it if it is invalid.
	Verdict checker.Verdict
	Results []checker.Result
}

// Anomaly returns the first anomaly, or nil.
func (e *Execution) Anomaly() *checker.Anomaly {
	for i := range e.Results {
		if r := &e.Results[i]; r.Verdict == checker.Invalid && len(r.Anomalies) > 0 {
			return &r.Anomalies[0]
		}
	}
	return nil
}

// SameEvents reports whether two executions recorded the same, times included.
func (e *Execution) SameEvents(f *Execution) bool { return slices.Equal(e.Events, f.Events) }

// chooser says which step comes next, or that there is none any more.
type chooser func(m *machine) (Step, bool)

// following takes the steps of a word.
func following(word []Step) chooser {
	at := 0
	return func(*machine) (Step, bool) {
		if at == len(word) {
			return Step{}, false
		}
		at++
		return word[at-1], true
	}
}

// Executor performs schedules of one workload in one world, one after another.
type Executor struct {
	World    World
	Workload workloads.Workload
	// Tracing: executions have a trace.
	Tracing bool

	// seed, if set, makes machines keep what their signature needs, and atEnd
	// looks at each when its word is over.
	seed  maphash.Seed
	atEnd func(*machine)

	// checks are those of the last schedule: as it named them, with its options.
	checks  []checker.Check
	named   []string
	options workloads.Options
}

// Execute performs a schedule and judges its history.
func (x *Executor) Execute(s *Schedule) (*Execution, error) {
	for i, step := range s.Steps {
		if err := x.World.Can(step.Verb); err != nil {
			return nil, &PlanError{fmt.Errorf("step %d, %s: %w", i+1, step, err)}
		}
	}
	return x.execute(s, following(s.Steps))
}

func (x *Executor) execute(s *Schedule, next chooser) (*Execution, error) {
	if err := x.World.Reset(s.Target); err != nil {
		return nil, err
	}
	m := newMachine(s, x.World, x.Workload.New(s.Workload.Options))
	if x.Tracing {
		m.trace = &Trace{}
	}
	if x.atEnd != nil {
		m.memory, m.atEnd = newMemory(x.seed, len(s.Clients)), x.atEnd
	}
	err := m.run(next)
	if err != nil {
		return nil, err
	}
	e := &Execution{Events: m.tape.Events(), Word: m.word, Of: m.of, Skipped: m.skipped, Trace: m.trace}
	if e.History, err = history.Pair(e.Events); err != nil {
		return nil, err
	}
	return e, x.judge(s, e)
}

// run takes steps until there is none any more. It leaves no lane behind.
func (m *machine) run(next chooser) (err error) {
	// Deferred, because rapid panics in the middle of a draw if it runs out of data.
	defer m.abandon()
	for err == nil {
		step, more := next(m)
		if !more {
			break
		}
		if err = m.take(step); err == nil {
			err = m.broken
		}
	}
	if m.atEnd != nil && err == nil {
		m.atEnd(m)
	}
	if endErr := m.end(); err == nil {
		err = endErr
	}
	return err
}

func (x *Executor) judge(s *Schedule, e *Execution) (err error) {
	// Schedules of one search have the same checks, and parsing them takes a while.
	if x.checks == nil || !slices.Equal(x.named, s.Checks) || x.options != s.Workload.Options {
		if x.checks, err = s.checks(x.Workload); err != nil {
			return err
		}
		x.named, x.options = s.Checks, s.Workload.Options
	}
	e.Verdict, e.Results, err = checker.Judge(context.Background(), e.History, x.checks, checker.Options{})
	return err
}
