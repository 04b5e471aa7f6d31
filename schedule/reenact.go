package schedule

import (
	"cmp"
	"context"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/history"
)

// Scene is a part of a run that somebody recorded: the operations that prove an
// anomaly, and what happened around them.
type Scene struct {
	Workload Workload
	Target   Target
	Checks   []string
	// Seed is the run's.
	Seed uint64
	// Ops are the operations, of a run with Clients clients.
	Ops     []history.Op
	Clients int
	// Faults are those that took effect.
	Faults []checker.Incident
}

// moment is one thing of a scene, at its time.
type moment struct {
	at   int64
	kind momentKind
	op   int // of the scene
	step Step
}

type momentKind uint8

const (
	calls momentKind = iota
	executes
	returns
	happens // a fault
)

const (
	// longPause is how long nothing must have happened to count as a passing of
	// time.
	longPause = 20 * time.Millisecond
	// tickGrain is what such times are multiples of.
	tickGrain = 10 * time.Millisecond
)

// Reenact looks for a schedule that does what the scene says and fails: it tries
// several ways in which it can have been, as a record does not tell when a server
// executed what. It returns nil if none of them fails.
func (x *Executor) Reenact(ctx context.Context, scene Scene, ways int) (*Schedule, *Execution, error) {
	s, lanes := scene.cast()
	for way := range ways {
		if ctx.Err() != nil {
			return nil, nil, nil
		}
		e, err := x.execute(s, scene.director(s, lanes, way))
		if err != nil {
			return nil, nil, err
		}
		if e.Verdict == checker.Invalid {
			s.Steps = e.Word
			return s, e, nil
		}
	}
	return nil, nil, nil
}

// cast gives the operations to clients: one each for the run's lanes that have
// any. It returns which client each operation belongs to.
func (sc Scene) cast() (*Schedule, []int) {
	s := &Schedule{Workload: sc.Workload, Target: sc.Target, Checks: sc.Checks, Seed: sc.Seed}
	clients := map[int]int{} // by lane of the run
	lanes := make([]int, len(sc.Ops))
	for i, op := range sc.Ops {
		lane := int(op.Process) % max(1, sc.Clients)
		client, known := clients[lane]
		if !known {
			client = len(s.Clients)
			clients[lane] = client
			s.Clients = append(s.Clients, nil)
		}
		lanes[i] = client
		s.Clients[client] = append(s.Clients[client], Op{op.F, op.Key, op.Input})
	}
	return s, lanes
}

// director returns what chooses the steps in one of the ways. In the first, each
// request is executed as soon as it is there; in the second, just before its
// reply; then at any time.
func (sc Scene) director(s *Schedule, lanes []int, way int) chooser {
	moments := sc.moments(way)
	at := 0
	last := moments[0].at
	return func(m *machine) (Step, bool) {
		for at < len(moments) {
			now := moments[at]
			if gap := time.Duration(now.at - last); gap > longPause {
				last = now.at
				rounded := (gap + tickGrain - 1).Truncate(tickGrain)
				return Step{Verb: Tick, For: min(rounded, maxTick)}, true
			}
			last = max(last, now.at)
			step, done := sc.act(m, now, lanes)
			if done {
				at++
			}
			if step.Verb != 0 {
				return step, true
			}
		}
		return Step{}, false
	}
}

// moments are what happens in the scene, in order.
func (sc Scene) moments(way int) []moment {
	rng := rand.New(rand.NewPCG(1, uint64(way)))
	var all []moment
	end := int64(0)
	for _, op := range sc.Ops {
		if op.Return != history.Never {
			end = max(end, op.Return)
		}
		end = max(end, op.Call)
	}
	for i, op := range sc.Ops {
		until := min(op.Return, end+1)
		executed := op.Call
		switch {
		case way == 1:
			executed = until
		case way > 1:
			executed = op.Call + rng.Int64N(max(1, until-op.Call+1))
		}
		all = append(all, moment{op.Call, calls, i, Step{}}, moment{executed, executes, i, Step{}}, moment{until, returns, i, Step{}})
	}
	for _, f := range sc.Faults {
		step, err := ParseStep(f.F)
		if err == nil && f.TimeNS <= end+int64(time.Second) {
			all = append(all, moment{f.TimeNS, happens, -1, step})
		}
	}
	slices.SortStableFunc(all, func(a, b moment) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.kind, b.kind))
	})
	return all
}

// act returns the next step of a moment, if there is one, and whether the moment
// is over with it.
func (sc Scene) act(m *machine, now moment, lanes []int) (step Step, over bool) {
	if now.kind == happens {
		return now.step, true
	}
	l := m.lanes[lanes[now.op]]
	move := Step{Verb: Move, Client: l.number}
	switch {
	case now.kind == calls && l.at == resting:
		return move, true
	case now.kind == executes && l.at == ready && !m.world.Stands(l.conn):
		return move, true
	case now.kind != returns || l.at == resting || l.at == finished:
		return Step{}, true
	case sc.Ops[now.op].Outcome == history.Info && (l.at == ready || l.at == executed):
		return Step{Verb: Timeout, Client: l.number}, true
	case l.at == dialing || l.at == ready && m.world.Stands(l.conn):
		return Step{}, true
	}
	return move, false // until its operation ends
}

// Minimize shrinks a schedule that fails. It returns nil if it does not fail.
func (x *Executor) Minimize(ctx context.Context, s *Schedule, limit time.Duration, progress func(Progress)) (*Found, error) {
	began := time.Now()
	m := &minimizer{executor: x, ctx: ctx, deadline: began.Add(limit), tell: func(tries int, smallest *Schedule) {
		if progress != nil {
			progress(Progress{Phase: "shrinking", Schedules: tries, Steps: len(smallest.Steps), Operations: smallest.Operations()})
		}
	}}
	for tried := range samples {
		if tried > 0 && !m.more() {
			break
		}
		e, err := x.Execute(s)
		if err != nil {
			return nil, err
		}
		if e.Verdict != checker.Invalid {
			continue
		}
		first := s.copy()
		first.Steps = e.Word
		if err := m.begin(attempt{schedule: first, execution: e}); err != nil {
			return nil, err
		}
		err = m.run()
		return &Found{
			Schedule: m.best.schedule, Execution: m.best.execution, First: first, At: 1, Schedules: 1, Rate: m.rate,
			Shrinks: m.tries, Shrunk: time.Since(began),
		}, err
	}
	return nil, nil
}
