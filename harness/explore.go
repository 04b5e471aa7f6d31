package harness

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/schedule"
	"github.com/jepsen-lite/jepsen-lite/workloads"
	"github.com/jepsen-lite/jepsen-lite/workloads/recipes"
)

// FindWorkload returns the workload or the recipe of that name. The error names
// the nearest one.
func FindWorkload(name string) (workloads.Workload, error) { return recipes.Find(name) }

// Exploration is what exploring came to.
type Exploration struct {
	*schedule.Found
	// Verdict is invalid if a schedule broke a promise, and unknown with a reason
	// if nothing was proved.
	Verdict checker.Verdict
	Reason  string
	// Target is where: sim or process. Redis says what ran there.
	Target, Redis string
	// Exhausted is what an exhaustive search came to; nil if it was none.
	Exhausted *schedule.Exhausted
	// How says how it was found, if not by exploring.
	How string
	// Results judge the smallest failure, in its run folder; nil if there is none,
	// or it could not be written.
	Results *Results
	// Tries and Reproduced are how often it was performed again, and failed.
	Tries, Reproduced int
	// Workload and Seed are what the search used; Command repeats it, if it was one.
	Workload string
	Seed     uint64
	Command  string
	// Interrupted: the user had enough before the failure was as small as it gets.
	Interrupted bool
	// Picture shows it.
	Picture string
}

// tries is how often a failure that was found is performed again.
const tries = 10

// Explore looks for a schedule that breaks a promise, shrinks it, performs it
// again, and leaves a run folder of it. A *[UsageError] means that the plan asks
// for something impossible; with any other error there may be an exploration too,
// with what was found until then.
func Explore(ctx context.Context, c ExploreConfig, progress func(schedule.Progress)) (*Exploration, error) {
	w, err := FindWorkload(c.Plan.Workload.Name)
	if err != nil {
		return nil, &UsageError{err}
	}
	on, err := openStage(ctx, c.Target, c.RedisServer)
	if err != nil {
		return nil, err
	}
	defer on.close()
	return on.explore(ctx, c, w, progress)
}

// explore is Explore on a stage.
func (s *stage) explore(ctx context.Context, c ExploreConfig, w workloads.Workload, progress func(schedule.Progress)) (*Exploration, error) {
	if c.Plan.Seed == 0 {
		c.Plan.Seed = chooseSeed()
	}
	x := schedule.Explorer{Plan: c.Plan, Workload: w, NewWorld: s.world, Progress: progress}
	if c.Plan.Workers == 0 {
		x.Plan.Workers = runtime.GOMAXPROCS(0)
	}
	if c.Plan.MaxFaults == 0 {
		x.Plan.Faults = nil // a plan takes 0 for its default
	}
	result := s.exploration(w, c.Plan.Seed)
	result.Command = c.Command()
	if c.Exhaustive {
		return exhaust(ctx, x, result, c.Store, s)
	}
	found, err := x.Explore(ctx)
	if err != nil && (found == nil || found.Schedule == nil) {
		return nil, asUsage(err)
	}
	result.Found = found
	if found.Schedule == nil {
		result.Verdict, result.Reason = conclude(found, c.Plan.Schedules)
		return result, nil
	}
	return result, errors.Join(err, result.confirm(ctx, w, c.Store, s))
}

// exploration returns one that has just begun.
func (s *stage) exploration(w workloads.Workload, seed uint64) *Exploration {
	return &Exploration{Found: &schedule.Found{}, Target: s.backend, Redis: s.redis, Workload: w.Name, Seed: seed}
}

// exhaust visits every interleaving, and keeps the smallest that fails.
func exhaust(ctx context.Context, x schedule.Explorer, result *Exploration, store string, on *stage) (*Exploration, error) {
	all, err := x.Exhaust(ctx)
	if err != nil {
		return nil, asUsage(err)
	}
	result.Found, result.Exhausted = &all.Found, all
	switch {
	case all.Schedule != nil:
		result.How = fmt.Sprintf("every interleaving was visited, short ones first: %d states, by %d words", all.States, all.Words)
		return result, result.confirm(ctx, x.Workload, store, on)
	case all.Complete:
		result.Verdict = checker.Valid
	default:
		result.Verdict, result.Reason = checker.Unknown, fmt.Sprintf("not every interleaving was visited: %d states so far; allow more time, or set smaller bounds", all.States)
	}
	return result, nil
}

// enough is how many schedules must have been judged for a verdict.
const enough = 100

// conclude judges a search that found nothing.
func conclude(f *schedule.Found, asked int) (checker.Verdict, string) {
	judged := f.Schedules - f.Unknown
	switch {
	case judged < min(enough, asked):
		return checker.Unknown, fmt.Sprintf("only %d schedules were judged; allow more time, or more schedules", judged)
	case f.Unknown > f.Schedules/10:
		return checker.Unknown, fmt.Sprintf("%d of %d schedules could not be judged", f.Unknown, f.Schedules)
	}
	return checker.Valid, ""
}

// confirm performs the smallest failure again, and leaves a run folder. That it
// fails was seen before: it is kept even if it does not fail again.
func (r *Exploration) confirm(ctx context.Context, w workloads.Workload, store string, on *stage) error {
	r.Verdict, r.Interrupted = checker.Invalid, ctx.Err() != nil
	e, err := r.Execution, error(nil)
	if !r.Interrupted || e.Trace == nil { // without a trace, there is no picture
		var again *performed
		if again, err = perform(context.WithoutCancel(ctx), w, r.Schedule, on, tries, nil); err == nil {
			r.Tries, r.Reproduced = again.times, again.reproduced
			e = cmp.Or(again.failed, e)
		}
	}
	r.Execution, r.Picture = e, e.Picture(r.Schedule, pictureWidth)
	if a := e.Anomaly(); a != nil {
		r.Reason = a.Explanation
	}
	var saveErr error
	r.Results, saveErr = saveStepped(store, r.Schedule, e, on)
	return errors.Join(err, saveErr)
}

// performed is what came of performing a schedule several times.
type performed struct {
	times, reproduced int
	// failed is the first execution that broke a promise, first the first one.
	failed, first *schedule.Execution
	// identical: all histories were the same, times included.
	identical bool
}

// perform performs a schedule that often, or until ctx ends, but once at least.
func perform(ctx context.Context, w workloads.Workload, s *schedule.Schedule, on *stage, times int, tell func(done int)) (*performed, error) {
	world, err := on.world()
	if err != nil {
		return nil, err
	}
	defer world.Close()
	x := schedule.Executor{World: world, Workload: w, Tracing: true}
	p := &performed{identical: true}
	for p.times < times && (p.times == 0 || ctx.Err() == nil) {
		if tell != nil {
			tell(p.times)
		}
		p.times++
		e, err := x.Execute(s)
		if err != nil {
			return nil, err
		}
		if p.first == nil {
			p.first = e
		}
		p.identical = p.identical && e.SameEvents(p.first)
		if e.Verdict == checker.Invalid {
			p.reproduced++
			if p.failed == nil {
				p.failed = e
			}
		}
	}
	return p, nil
}
