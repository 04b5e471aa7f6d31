package schedule

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"pgregory.net/rapid"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/workloads"
)

// Explorer looks for schedules of one workload that break a promise.
type Explorer struct {
	Plan     Plan
	Workload workloads.Workload
	// NewWorld makes a world for each worker.
	NewWorld func() (World, error)
	// Progress, if not nil, is called now and then, from any goroutine.
	Progress func(Progress)
}

// Progress is how far an exploration is.
type Progress struct {
	// Phase is searching or shrinking.
	Phase string
	// Schedules is how many were performed.
	Schedules int
	// Steps and Operations are those of the smallest failure so far; zero: there
	// is none.
	Steps, Operations int
}

// Found is what an exploration came to.
type Found struct {
	// Schedule is the smallest that fails, and Execution what it did; nil if none
	// failed.
	Schedule  *Schedule
	Execution *Execution
	// First is the failure as it was found.
	First *Schedule
	// At is how many schedules it took.
	At int
	// Schedules is how many were performed while searching, Shrinks how many
	// after that.
	Schedules, Shrinks int
	// Rate is how often the first failure failed when it was performed again; 1 on
	// a simulated server.
	Rate float64
	// Unknown is how many of them no check could judge.
	Unknown int
	// Searched and Shrunk are how long it took.
	Searched, Shrunk time.Duration
	// CutShort: the time was up before all schedules were tried.
	CutShort bool
}

// Explore looks for a failing schedule, and shrinks it. When ctx ends it returns
// with what it has. The error means that the plan is impossible, or that a world
// is broken.
func (x Explorer) Explore(ctx context.Context) (*Found, error) {
	x.Plan = x.Plan.withDefaults()
	if err := x.Plan.validate(x.Workload); err != nil {
		return nil, &PlanError{err}
	}
	search, err := x.newSearch()
	if err != nil {
		return nil, err
	}
	defer search.close()
	found, err := search.run(ctx)
	if err != nil || found.First == nil {
		return found, err
	}
	began := time.Now()
	err = search.shrink(ctx, found)
	found.Shrunk = time.Since(began)
	return found, err
}

// Draw draws one schedule in a property of rapid, and performs it. The error is
// that of the plan, or of the world.
func (x Explorer) Draw(t *rapid.T) (*Schedule, *Execution, error) {
	x.Plan = x.Plan.withDefaults()
	x.Plan.Workers = 1
	if err := x.Plan.validate(x.Workload); err != nil {
		return nil, nil, &PlanError{err}
	}
	search, err := x.newSearch()
	if err != nil {
		return nil, nil, err
	}
	defer search.close()
	search.executors[0].Tracing = true
	a := search.generator.draw(t, search.executors[0])
	return a.schedule, a.execution, a.err
}

// search is an exploration under way.
type search struct {
	Explorer
	generator *generator
	executors []*Executor
	next      atomic.Int64 // the schedule to be tried next
	performed atomic.Int64
	unknown   atomic.Int64

	mu     sync.Mutex
	first  int64 // the first that failed; -1: none yet
	failed attempt
	err    error
}

func (x Explorer) newSearch() (*search, error) {
	harms, _ := x.Plan.harms() // validated
	s := &search{Explorer: x, first: -1, generator: &generator{plan: x.Plan, harms: harms, length: 1}}
	for range x.Plan.Workers {
		w, err := x.NewWorld()
		if err != nil {
			s.close()
			return nil, err
		}
		s.executors = append(s.executors, &Executor{World: w, Workload: x.Workload, Tracing: w.Name() != simulatedName})
	}
	for _, h := range harms {
		if err := s.executors[0].World.Can(h.verb); err != nil {
			s.close()
			return nil, &PlanError{fmt.Errorf("fault %s: %w", h.verb, err)}
		}
	}
	if err := s.measure(); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (s *search) close() {
	for _, x := range s.executors {
		_ = x.World.Close()
	}
}

// measure finds out how many steps a schedule of this plan takes.
func (s *search) measure() error {
	for i := range 3 {
		a := s.try(s.executors[0], int64(-1-i), &generator{plan: s.fullPlan(), length: 1 << 20})
		if a.err != nil {
			return a.err
		}
		s.generator.length = max(s.generator.length, len(a.execution.Word))
	}
	return nil
}

// fullPlan is the plan without faults.
func (s *search) fullPlan() Plan {
	p := s.Plan
	p.Faults, p.Strategy = nil, Uniform
	return p
}

// run searches with all workers, and finds the first schedule that fails: which
// one that is does not depend on how many workers there are.
func (s *search) run(ctx context.Context) (*Found, error) {
	began := time.Now()
	if s.Plan.TimeLimit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, s.Plan.TimeLimit)
		defer cancel()
	}
	var workers sync.WaitGroup
	for _, x := range s.executors {
		workers.Go(func() { s.work(ctx, x) })
	}
	workers.Wait()
	found := &Found{Schedules: int(s.performed.Load()), Unknown: int(s.unknown.Load()), Searched: time.Since(began)}
	if s.first >= 0 {
		found.First, found.Schedule, found.Execution, found.At = s.failed.schedule, s.failed.schedule, s.failed.execution, int(s.first)+1
		return found, nil
	}
	found.CutShort = ctx.Err() != nil && s.next.Load() < int64(s.Plan.Schedules)
	return found, s.err
}

// work tries schedules until one fails, or there are none left.
func (s *search) work(ctx context.Context, x *Executor) {
	for ctx.Err() == nil {
		number := s.next.Add(1) - 1
		if number >= int64(s.Plan.Schedules) || s.over(number) {
			return
		}
		a := s.try(x, number, s.generator)
		done := s.performed.Add(1)
		if s.Progress != nil && done%64 == 0 {
			s.Progress(Progress{Phase: "searching", Schedules: int(done)})
		}
		switch {
		case a.err != nil:
			s.fail(a.err)
			return
		case a.execution.Verdict == checker.Invalid:
			s.report(number, a)
			return
		case a.execution.Verdict == checker.Unknown:
			s.unknown.Add(1)
		}
	}
}

// over reports whether a schedule of that number cannot be the first to fail.
func (s *search) over(number int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err != nil || s.first >= 0 && number > s.first
}

func (s *search) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil {
		s.err = err
	}
}

func (s *search) report(number int64, a attempt) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.first < 0 || number < s.first {
		s.first, s.failed = number, a
	}
}

// try performs the schedule of that number.
func (s *search) try(x *Executor, number int64, g *generator) (a attempt) {
	defer func() {
		if p := recover(); p != nil {
			a = attempt{err: fmt.Errorf("schedule %d of seed %d: panic: %v\n%s", number, s.Plan.Seed, p, debug.Stack())}
		}
	}()
	draw := rapid.Custom(func(t *rapid.T) attempt { return g.draw(t, x) })
	return draw.Example(int(s.seedOf(number)))
}

// seedOf returns rapid's seed for a schedule. It is not zero.
func (s *search) seedOf(number int64) uint64 {
	z := s.Plan.Seed + uint64(number+1)*0x9e3779b97f4a7c15 // SplitMix64
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z>>1 ^ z>>33 | 1
}
