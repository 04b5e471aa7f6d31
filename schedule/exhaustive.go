package schedule

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/workloads"
)

// Exhausted is what an exhaustive search came to.
type Exhausted struct {
	Found
	// States is how many different states were visited, Words how many words led
	// to them.
	States, Words int
	// Complete: every state within the bounds was visited, and none of them
	// breaks a promise.
	Complete bool
	// Clients are the operations whose interleavings were visited.
	Clients [][]Op
}

// Exhaust visits every interleaving of the plan's clients, each with exactly
// Plan.Ops operations that the seed chooses, and of up to Plan.MaxFaults of its
// faults at any place; what heals a fault may happen at any later place. A state
// that two words lead to is visited once. Shorter words come first, so that what
// it finds is a smallest one. It needs simulated servers.
//
// Each state is judged as if the schedule ended there: clients that die in the
// middle of an operation are among what is visited.
func (x Explorer) Exhaust(ctx context.Context) (*Exhausted, error) {
	x.Plan = x.Plan.withDefaults()
	if err := x.Plan.validate(x.Workload); err != nil {
		return nil, &PlanError{err}
	}
	search, err := x.newSearch()
	if err != nil {
		return nil, err
	}
	defer search.close()
	if _, ok := search.executors[0].World.(signer); !ok {
		return nil, &PlanError{errors.New("an exhaustive search needs simulated servers: use --target sim")}
	}
	if x.Workload.New(x.Plan.Workload.Options).Shared {
		return nil, &PlanError{fmt.Errorf("an exhaustive search cannot tell the states of %s apart: its clients share more than Redis", x.Workload.Name)}
	}
	return (&exhaustion{search: search, seed: maphash.MakeSeed()}).run(ctx)
}

// exhaustion is an exhaustive search under way.
type exhaustion struct {
	*search
	seed     maphash.Seed
	schedule *Schedule // without its steps
	seen     map[uint64]bool
	words    atomic.Int64
}

// node is a word, and what came of it.
type node struct {
	word      []Step
	faults    int // of it
	signature uint64
	next      []Step
	execution *Execution
	err       error
}

func (x *exhaustion) run(ctx context.Context) (*Exhausted, error) {
	began := time.Now()
	if x.Plan.TimeLimit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, x.Plan.TimeLimit)
		defer cancel()
	}
	x.schedule, x.seen = x.planned(), map[uint64]bool{}
	result := &Exhausted{Clients: x.schedule.Clients}
	level := []*node{{}}
	for len(level) > 0 && result.Schedule == nil && ctx.Err() == nil {
		x.visit(ctx, level)
		var next []*node
		for _, n := range level {
			switch {
			case n.err != nil:
				return nil, n.err
			case n.execution == nil, x.seen[n.signature]:
				continue // impossible, or known
			}
			x.seen[n.signature] = true
			if n.execution.Verdict == checker.Invalid && result.Schedule == nil {
				result.Schedule, result.Execution = x.with(n.word), n.execution
				result.First, result.Rate = result.Schedule, 1
			}
			next = append(next, x.successors(n)...)
		}
		level = next
		x.tellExhausted()
	}
	result.States, result.Words, result.Searched = len(x.seen), int(x.words.Load()), time.Since(began)
	result.Schedules, result.At = result.Words, result.Words
	result.CutShort = ctx.Err() != nil
	result.Complete = len(level) == 0 && result.Schedule == nil
	return result, nil
}

func (x *exhaustion) tellExhausted() {
	if x.Progress != nil {
		x.Progress(Progress{Phase: fmt.Sprintf("visiting, %d states", len(x.seen)), Schedules: int(x.words.Load())})
	}
}

// planned returns the schedule whose words are visited.
func (x *exhaustion) planned() *Schedule {
	s := &Schedule{Workload: x.Plan.Workload, Target: x.Plan.Target, Checks: x.Plan.Checks, Seed: x.Plan.Seed}
	instance := x.Workload.New(s.Workload.Options)
	keys := workloads.NewKeys(x.Plan.Keys, 0)
	for i := range x.Plan.Clients {
		lane := workloads.Lane{Number: i, Of: x.Plan.Clients, Keys: keys, Rand: rand.New(rand.NewPCG(x.Plan.Seed, uint64(i)))}
		s.Clients = append(s.Clients, planOps(instance, lane, x.Plan.Ops))
	}
	return s
}

func (x *exhaustion) with(word []Step) *Schedule {
	s := *x.schedule
	s.Steps = word
	return &s
}

// visit performs the words of a level, with all workers.
func (x *exhaustion) visit(ctx context.Context, level []*node) {
	var next atomic.Int64
	var workers sync.WaitGroup
	for _, executor := range x.executors {
		workers.Go(func() {
			for ctx.Err() == nil {
				at := int(next.Add(1)) - 1
				if at >= len(level) {
					return
				}
				x.perform(executor, level[at])
				if x.words.Add(1)%1024 == 0 {
					x.tellPerformed()
				}
			}
		})
	}
	workers.Wait()
}

func (x *exhaustion) tellPerformed() {
	if x.Progress != nil {
		x.Progress(Progress{Phase: "visiting", Schedules: int(x.words.Load())})
	}
}

// perform performs a node's word, and finds out what can come next.
func (x *exhaustion) perform(executor *Executor, n *node) {
	executor.seed = x.seed
	executor.atEnd = func(m *machine) {
		if len(m.helpers) > 0 {
			n.err = &PlanError{fmt.Errorf("an exhaustive search cannot tell the states of %s apart: its clients have helpers", x.Workload.Name)}
			return
		}
		n.signature = m.signature()
		for _, l := range m.movable() {
			n.next = append(n.next, l.step())
		}
		n.next = append(n.next, x.faults(m)...)
	}
	defer func() { executor.atEnd = nil }()
	e, err := executor.Execute(x.with(n.word))
	if err != nil {
		n.err = err
	}
	if n.err == nil && len(e.Skipped) == 0 {
		n.execution = e
	}
}

// faults returns the faults and healings that may come next. Those that turn out
// to be impossible are skipped then.
func (x *exhaustion) faults(m *machine) []Step {
	var steps []Step
	for _, h := range x.generator.harms {
		switch h.verb {
		case Timeout:
			for _, l := range m.lanes {
				if l.at == ready || l.at == executed || l.at == dialing {
					steps = append(steps, Step{Verb: Timeout, Client: l.number})
				}
				if len(l.late) > 0 {
					steps = append(steps, Step{Verb: Late, Client: l.number})
				}
			}
		case Tick:
			for _, d := range x.Plan.Ticks {
				steps = append(steps, Step{Verb: Tick, For: d})
			}
		default:
			steps = append(steps, Step{Verb: h.verb})
			if h.healing != 0 {
				steps = append(steps, Step{Verb: h.healing})
			}
		}
	}
	return steps
}

// successors are the words that are one step longer, within the bound of faults.
func (x *exhaustion) successors(n *node) []*node {
	var all []*node
	for _, step := range n.next {
		faults := n.faults
		if x.harmful(step.Verb) {
			faults++
		}
		if faults > x.Plan.MaxFaults {
			continue
		}
		word := append(append(make([]Step, 0, len(n.word)+1), n.word...), step)
		all = append(all, &node{word: word, faults: faults})
	}
	return all
}

func (x *exhaustion) harmful(v Verb) bool {
	for _, h := range x.generator.harms {
		if h.verb == v {
			return true
		}
	}
	return false
}
