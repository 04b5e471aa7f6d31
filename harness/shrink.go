package harness

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/schedule"
	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/workloads"
)

// ShrinkConfig says what to shrink, and where.
type ShrinkConfig struct {
	// Path is a schedule file, or a run folder.
	Path string
	// Target is sim, process or auto; empty: the one of the run.
	Target      string
	RedisServer string
	Store       string
	// Limit bounds the time it takes.
	Limit time.Duration
}

// ways is how many ways of what can have happened in a run are tried.
const ways = 200

// Shrink makes a failure small: that of a schedule, or that of a live run. For a
// run it performs what its witness shows, step by step, and if that does not fail
// looks for a failure of the same workload under the same faults. How says which
// of these happened; it is never claimed that a run failed for the reason that
// was found.
func Shrink(ctx context.Context, c ShrinkConfig, progress func(schedule.Progress)) (*Exploration, error) {
	path, madeOn, err := findSchedule(c.Path)
	switch {
	case errors.Is(err, errNoSchedule):
		return shrinkRun(ctx, c, progress)
	case err != nil:
		return nil, &UsageError{err}
	}
	c.Target = cmp.Or(c.Target, madeOn)
	return shrinkSchedule(ctx, c, path, progress)
}

func shrinkSchedule(ctx context.Context, c ShrinkConfig, path string, progress func(schedule.Progress)) (*Exploration, error) {
	s, w, err := readSchedule(path)
	if err != nil {
		return nil, &UsageError{err}
	}
	on, x, done, err := openExecutor(ctx, c, w)
	if err != nil {
		return nil, err
	}
	defer done()
	found, err := x.Minimize(ctx, s, c.Limit, progress)
	if err != nil && found == nil {
		return nil, asMisread(path, err)
	}
	result := on.exploration(w, s.Seed)
	result.How = "the schedule was made smaller"
	if found == nil {
		result.Verdict, result.Reason = checker.Unknown, "the schedule breaks no promise here, so that there is nothing to shrink"
		return result, nil
	}
	result.Found = found
	return result, errors.Join(err, result.confirm(ctx, w, c.Store, on))
}

// openExecutor makes what performs schedules of a workload.
func openExecutor(ctx context.Context, c ShrinkConfig, w workloads.Workload) (*stage, *schedule.Executor, func(), error) {
	on, err := openStage(ctx, c.Target, c.RedisServer)
	if err != nil {
		return nil, nil, nil, err
	}
	world, err := on.world()
	if err != nil {
		on.close()
		return nil, nil, nil, err
	}
	x := &schedule.Executor{World: world, Workload: w, Tracing: on.backend != simTarget}
	return on, x, func() { _ = world.Close(); on.close() }, nil
}

// asUsage turns what is impossible in a schedule into an error in what was asked.
func asUsage(err error) error {
	var impossible *schedule.PlanError
	if errors.As(err, &impossible) {
		return &UsageError{err}
	}
	return err
}

func shrinkRun(ctx context.Context, c ShrinkConfig, progress func(schedule.Progress)) (*Exploration, error) {
	info, err := ReadInfo(c.Path)
	if err != nil {
		return nil, &UsageError{err}
	}
	results, err := Judge(ctx, c.Path, JudgeOptions{Keep: true})
	if err != nil {
		return nil, &UsageError{err}
	}
	if results.Verdict != checker.Invalid {
		return nil, &UsageError{fmt.Errorf("the run in %s is %s: only a violation can be shrunk", c.Path, results.Verdict)}
	}
	h, err := history.LoadFile(filepath.Join(c.Path, HistoryFile))
	if err != nil {
		return nil, err
	}
	if c.Target == "" {
		c.Target = info.Target
	}
	if c.Target == dockerTarget {
		c.Target = processTarget // schedules are performed there, or on sim
	}
	w, err := FindWorkload(info.Config.Workload)
	if err != nil {
		return nil, &UsageError{err}
	}
	on, x, done, err := openExecutor(ctx, c, w)
	if err != nil {
		return nil, err
	}
	defer done()
	result := on.exploration(w, info.Config.Seed)
	began := time.Now()
	half, cancel := context.WithTimeout(ctx, c.Limit/2)
	defer cancel()
	s, err := reenact(half, x, info, results, h)
	if err != nil {
		return nil, err
	}
	if s == nil && ctx.Err() != nil {
		result.Verdict, result.Reason = checker.Unknown, "interrupted before a schedule was seen to fail; the run's own violation stands"
		return result, nil
	}
	if s != nil {
		result.How = "the operations that prove the run's violation were performed again, step by step, and failed again"
		if found, err := x.Minimize(ctx, s, c.Limit-time.Since(began), progress); found != nil {
			result.Found = found
			return result, errors.Join(err, result.confirm(ctx, w, c.Store, on))
		}
	}
	c.Limit = max(c.Limit-time.Since(began), c.Limit/4)
	return on.exploreInstead(ctx, c, w, info, progress)
}

// reenact performs the witnesses of a run until one fails, and returns its
// schedule.
func reenact(ctx context.Context, x *schedule.Executor, info Info, results *Results, h *history.History) (*schedule.Schedule, error) {
	for _, c := range results.Checks {
		for _, a := range c.Anomalies {
			scene := schedule.Scene{
				Workload: schedule.Workload{Name: info.Config.Workload, Options: info.Config.options()},
				Target:   schedule.Target{Persistence: info.persistence()}, Checks: []string{c.Name}, Seed: info.Config.Seed,
				Clients: info.Config.Concurrency, Faults: results.Nemesis,
			}
			for _, op := range h.Ops {
				if slices.Contains(a.Ops, op.Invoked) {
					scene.Ops = append(scene.Ops, op)
				}
			}
			if len(scene.Ops) == 0 || len(scene.Ops) > 200 {
				continue
			}
			scene.Faults = near(scene.Ops, results.Nemesis)
			s, _, err := x.Reenact(ctx, scene, ways)
			if s != nil || err != nil {
				return s, err
			}
		}
	}
	return nil, nil
}

// persistence is that of the run's servers. That of servers which were not ours is
// not known: the safest is taken, so that a failure is none of theirs.
func (info Info) persistence() string {
	return cmp.Or(info.Config.Persistence, target.AOFAlways)
}

// near returns the faults that happened from the first of the operations on,
// until the last was over.
func near(ops []history.Op, faults []checker.Incident) []checker.Incident {
	from, to := ops[0].Call, int64(0)
	for _, op := range ops {
		from, to = min(from, op.Call), max(to, op.Call)
		if op.Return != history.Never {
			to = max(to, op.Return)
		}
	}
	return slices.DeleteFunc(slices.Clone(faults), func(f checker.Incident) bool { return f.TimeNS < from || f.TimeNS-f.TookNS > to })
}

// longestTick is how long a search waits on a real server, where time that passes
// is time that is gone.
const longestTick = time.Second

// exploreInstead looks for a failure of the same workload, persistence and faults.
func (s *stage) exploreInstead(ctx context.Context, c ShrinkConfig, w workloads.Workload, info Info, progress func(schedule.Progress)) (*Exploration, error) {
	e := DefaultExplore()
	e.Target, e.RedisServer, e.Store = c.Target, c.RedisServer, c.Store
	e.Plan.Workload = schedule.Workload{Name: info.Config.Workload, Options: info.Config.options()}
	e.Plan.Target = schedule.Target{Persistence: info.persistence()}
	e.Plan.Faults = []string{"timeout"}
	if c.Target == simTarget || info.Config.TTL <= longestTick {
		e.Plan.Faults = append(e.Plan.Faults, "tick")
	}
	plan, err := info.Config.plan()
	if err != nil {
		return nil, fmt.Errorf("read the run's plan: %w", err)
	}
	for _, name := range plan.Faults() {
		if slices.Contains(schedule.HarmNames(), name) {
			e.Plan.Faults = append(e.Plan.Faults, name)
		}
	}
	if info.Config.Persistence == target.None {
		e.Plan.Faults = append(e.Plan.Faults, "bgsave")
	}
	e.Plan.Seed, e.Plan.TimeLimit, e.Plan.ShrinkLimit, e.Plan.Schedules = info.Config.Seed, c.Limit/2, c.Limit/2, 1_000_000
	result, err := s.explore(ctx, e, w, progress)
	if result == nil {
		return nil, err
	}
	result.Command = ""
	result.How = "performing the operations of the run's witness step by step did not fail; this was found by exploring the same workload under the same faults, and need not be what happened in the run"
	if result.Schedule == nil {
		result.Verdict = checker.Unknown
		result.Reason = "the run's violation could be neither performed again nor found by exploring; allow more time with --time-limit"
	}
	return result, err
}
