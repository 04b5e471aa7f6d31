package harness

import (
	"context"
	"fmt"
	"time"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/schedule"
	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/workloads"
	"github.com/jepsen-lite/jepsen-lite/workloads/recipes"
)

// FindWorkload returns the workload or the recipe of that name. The error names
// the nearest one.
func FindWorkload(name string) (workloads.Workload, error) { return recipes.Find(name) }

// ExploreConfig says what to explore, and where.
type ExploreConfig struct {
	Plan schedule.Plan
	// Target is sim, process or auto.
	Target string
	// RedisServer is the binary of process; empty: the one that is found.
	RedisServer string
	Store       string
	// Exhaustive visits every interleaving within the plan's bounds.
	Exhaustive bool
}

// DefaultExplore returns an exploration that shows something in seconds.
func DefaultExplore() ExploreConfig {
	return ExploreConfig{
		Plan: schedule.Plan{
			Workload: schedule.Workload{Options: workloads.Options{TTL: 300 * time.Millisecond, Hold: 10 * time.Millisecond, Stock: 2}},
			Target:   schedule.Target{Persistence: target.AOFAlways},
		},
		Target: simTarget,
		Store:  "store",
	}
}

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
	// Results judge the smallest failure, in its run folder; nil if there is none.
	Results *Results
	// Tries and Reproduced are how often it was performed again, and failed.
	Tries, Reproduced int
	// Seed is what the search used.
	Seed uint64
	// Picture shows it.
	Picture string
}

// tries is how often a failure that was found is performed again.
const tries = 10

// Explore looks for a schedule that breaks a promise, shrinks it, performs it
// again, and leaves a run folder of it. A *[UsageError] means that the plan asks
// for something impossible.
func Explore(ctx context.Context, c ExploreConfig, progress func(schedule.Progress)) (*Exploration, error) {
	w, err := FindWorkload(c.Plan.Workload.Name)
	if err != nil {
		return nil, &UsageError{err}
	}
	on, err := openStage(c.Target, c.RedisServer)
	if err != nil {
		return nil, err
	}
	defer on.close()
	if c.Plan.Seed == 0 {
		c.Plan.Seed = chooseSeed()
	}
	x := schedule.Explorer{Plan: c.Plan, Workload: w, NewWorld: on.world, Progress: progress}
	if c.Exhaustive {
		return exhaust(ctx, x, w, c, on)
	}
	found, err := x.Explore(ctx)
	if err != nil && (found == nil || found.Schedule == nil) {
		return nil, asUsage(err)
	}
	result := &Exploration{Found: found, Target: on.backend, Redis: on.redis, Seed: c.Plan.Seed}
	if found.Schedule == nil {
		result.Verdict, result.Reason = conclude(found, c.Plan.Schedules)
		return result, nil
	}
	result.Verdict = checker.Invalid
	return result, result.confirm(w, c.Store, on)
}

// exhaust visits every interleaving, and keeps the smallest that fails.
func exhaust(ctx context.Context, x schedule.Explorer, w workloads.Workload, c ExploreConfig, on *stage) (*Exploration, error) {
	all, err := x.Exhaust(ctx)
	if err != nil {
		return nil, asUsage(err)
	}
	result := &Exploration{Found: &all.Found, Target: on.backend, Redis: on.redis, Seed: c.Plan.Seed, Exhausted: all}
	switch {
	case all.Schedule != nil:
		result.Verdict = checker.Invalid
		result.How = fmt.Sprintf("every interleaving was visited, short ones first: %d states, by %d words", all.States, all.Words)
		return result, result.confirm(w, c.Store, on)
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

// confirm performs the smallest failure again, and leaves a run folder.
func (r *Exploration) confirm(w workloads.Workload, store string, on *stage) error {
	again, err := perform(context.Background(), w, r.Schedule, on, tries)
	if err != nil {
		return err
	}
	r.Tries, r.Reproduced = again.times, again.reproduced
	e := again.failed
	if e == nil {
		return fmt.Errorf("the schedule that was found did not fail again in %d tries: %s", tries, r.Schedule.Steps)
	}
	r.Execution, r.Picture = e, e.Picture(r.Schedule, pictureWidth)
	r.Results, err = saveStepped(store, r.Schedule, e, on)
	return err
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
func perform(ctx context.Context, w workloads.Workload, s *schedule.Schedule, on *stage, times int) (*performed, error) {
	world, err := on.world()
	if err != nil {
		return nil, err
	}
	defer world.Close()
	x := schedule.Executor{World: world, Workload: w, Tracing: true}
	p := &performed{identical: true}
	for p.times < times && (p.times == 0 || ctx.Err() == nil) {
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
