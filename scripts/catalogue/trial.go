package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"github.com/jepsen-lite/jepsen-lite/harness"
	"github.com/jepsen-lite/jepsen-lite/schedule"
	"github.com/jepsen-lite/jepsen-lite/schedule/catalogue"
)

// trial says how the bugs are tried.
type trial struct {
	// schedules is how many the right counterparts must survive, times how often
	// the smallest schedules are replayed on a real server.
	schedules, times int
	// testdata is the folder of the smallest schedules, store that of run folders,
	// binary the real server; empty: the one that is found.
	testdata, store, binary string
}

// result is what was measured of a bug.
type result struct {
	bug      catalogue.Bug
	smallest *schedule.Schedule
	// shown is the smallest schedule on the simulator, found what exploring came to
	// there, and right what exploring the right counterpart did.
	shown        *harness.Replayed
	found, right *harness.Exploration
	// simulated says why there is no real server; empty: there is one. again is the
	// smallest schedule on it, and foundThere what exploring came to.
	simulated  string
	again      *harness.Replayed
	foundThere *harness.Exploration
}

const (
	simulator  = "sim"
	realServer = "process"
	// workers is how many schedules are performed at a time.
	workers = 2
	// On a real server time that passes must be waited for, which bounds a search
	// there, and the shrinking after it.
	searchLimit = 5 * time.Minute
	shrinkLimit = 40 * time.Second
)

// try measures a bug, and prints what it measures as it goes.
func (t trial) try(ctx context.Context, b catalogue.Bug) (r result, err error) {
	r.bug = b
	if r.smallest, err = b.Smallest(t.testdata); err != nil {
		return r, err
	}
	r.simulated = onlySimulated(b, r.smallest)
	fmt.Println(b.Name)
	if r.shown, err = t.replay(ctx, b, simulator, 1); err != nil {
		return r, err
	}
	if a := r.shown.Execution.Anomaly(); a != nil {
		printed("says", a.Explanation)
	}
	if r.found, err = t.explore(ctx, b.Plan, simulator); err != nil {
		return r, err
	}
	printed("simulator", found(r.found, len(r.smallest.Steps)))
	plan := b.Counterpart()
	plan.Schedules = t.schedules
	if r.right, err = t.explore(ctx, plan, simulator); err != nil {
		return r, err
	}
	printed("right", fmt.Sprintf("%s: %s", counterpart(b), held(r.right)))
	if r.simulated != "" {
		printed("real server", "none: "+r.simulated)
		return r, nil
	}
	if r.again, err = t.replay(ctx, b, realServer, t.times); err != nil {
		return r, err
	}
	printed(r.again.Redis, fmt.Sprintf("the smallest schedule: %d of %d", r.again.Reproduced, r.again.Times))
	if r.foundThere, err = t.explore(ctx, possible(b.Plan), realServer); err != nil {
		return r, err
	}
	printed("", found(r.foundThere, len(r.smallest.Steps)))
	return r, nil
}

// errInterrupted ends a trial that somebody stops.
var errInterrupted = errors.New("interrupted")

// explore explores a plan.
func (t trial) explore(ctx context.Context, p schedule.Plan, target string) (*harness.Exploration, error) {
	p.Workers = workers
	if target == realServer {
		p.TimeLimit, p.ShrinkLimit = searchLimit, shrinkLimit
	}
	x, err := harness.Explore(ctx, harness.ExploreConfig{Plan: p, Target: target, RedisServer: t.binary, Store: t.store}, nil)
	switch {
	case ctx.Err() != nil:
		return nil, errInterrupted
	case x != nil && x.Tries > 0 && x.Reproduced == 0:
		return x, nil // it did not fail again: that is a result
	}
	return x, err
}

// replay performs the smallest schedule of a bug.
func (t trial) replay(ctx context.Context, b catalogue.Bug, target string, times int) (*harness.Replayed, error) {
	path := filepath.Join(t.testdata, b.Name+".json")
	r, err := harness.Replay(ctx, harness.ReplayConfig{Path: path, Target: target, RedisServer: t.binary, Store: t.store, Times: times})
	if ctx.Err() != nil {
		err = errInterrupted
	}
	return r, err
}

// onlySimulated says why a real server cannot show a bug; empty: it can.
func onlySimulated(b catalogue.Bug, s *schedule.Schedule) string {
	if b.Simulated {
		return b.Why
	}
	if s.Target.Replicas > 0 {
		return "only simulated servers replicate step by step"
	}
	world := schedule.Process("", "")
	for _, step := range s.Steps {
		if err := world.Can(step.Verb); err != nil {
			return fmt.Sprintf("%s: %v", step, err)
		}
	}
	return ""
}

// possible is the plan with those faults that a real server can have.
func possible(p schedule.Plan) schedule.Plan {
	world := schedule.Process("", "")
	p.Faults = slices.Clone(p.Faults)
	for _, v := range schedule.Verbs() {
		if world.Can(v.Verb) != nil {
			p.Faults = slices.DeleteFunc(p.Faults, func(name string) bool { return name == v.Name })
		}
	}
	return p
}

// clocked reports whether a schedule lets time pass, which a real server measures
// by its own clock.
func clocked(s *schedule.Schedule) bool {
	return slices.ContainsFunc(s.Steps, func(step schedule.Step) bool { return step.Verb == schedule.Tick })
}
