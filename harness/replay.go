package harness

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/schedule"
)

// ReplayConfig says what to perform again, and where.
type ReplayConfig struct {
	// Path is a schedule file, or a run folder that has one.
	Path string
	// Seed, if Path is empty, is the seed of what was explored before.
	Seed uint64
	// Target is sim, process or auto; empty: where it was found.
	Target      string
	RedisServer string
	Store       string
	// Times is how often; zero: once.
	Times int
}

// Replayed is what came of it.
type Replayed struct {
	Schedule *schedule.Schedule
	// Verdict is invalid if one of the executions was.
	Verdict checker.Verdict
	// Reproduced of Times executions broke a promise.
	Reproduced, Times int
	// Identical: all histories were the same, byte for byte.
	Identical bool
	// Target is where: sim or process. Redis says what ran there.
	Target, Redis string
	// Execution is the first that broke a promise, or else the first.
	Execution *schedule.Execution
	Picture   string
	Results   *Results
}

// Replay performs a schedule again.
func Replay(ctx context.Context, c ReplayConfig) (*Replayed, error) {
	path, err := c.find()
	if err != nil {
		return nil, &UsageError{err}
	}
	s, err := schedule.Read(path)
	if err == nil {
		err = s.Validate(FindWorkload)
	}
	if err != nil {
		return nil, &UsageError{err}
	}
	w, err := FindWorkload(s.Workload.Name)
	if err != nil {
		return nil, &UsageError{err}
	}
	on, err := openStage(c.Target, c.RedisServer)
	if err != nil {
		return nil, err
	}
	defer on.close()
	again, err := perform(ctx, w, s, on, max(1, c.Times))
	if err != nil {
		return nil, asUsage(err)
	}
	r := &Replayed{
		Schedule: s, Reproduced: again.reproduced, Times: again.times, Identical: again.identical,
		Target: on.backend, Redis: on.redis, Execution: again.first,
	}
	if again.failed != nil {
		r.Execution = again.failed
	}
	r.Verdict = r.Execution.Verdict
	r.Picture = r.Execution.Picture(s, pictureWidth)
	r.Results, err = saveStepped(c.Store, s, r.Execution, on)
	return r, err
}

// find returns the path of the schedule file.
func (c ReplayConfig) find() (string, error) {
	if c.Path == "" {
		return findBySeed(c.Store, c.Seed)
	}
	info, err := os.Stat(c.Path)
	if err != nil {
		return "", fmt.Errorf("open schedule: %w", err)
	}
	if !info.IsDir() {
		return c.Path, nil
	}
	path := filepath.Join(c.Path, scheduleFile)
	if _, err := os.Stat(path); err != nil {
		return "", fmt.Errorf("%s has no %s: only what followed a schedule can be replayed; try jepsen-lite shrink %s", c.Path, scheduleFile, c.Path)
	}
	return path, nil
}

// findBySeed returns the newest schedule in the store with that seed.
func findBySeed(store string, seed uint64) (string, error) {
	paths, _ := filepath.Glob(filepath.Join(store, "*", fmt.Sprintf("*-%d", seed), scheduleFile))
	if len(paths) == 0 {
		return "", fmt.Errorf("%s holds no schedule of seed %d: name a schedule.json, or explore with --seed %d again", store, seed, seed)
	}
	return slices.MaxFunc(paths, func(a, b string) int {
		x, y := filepath.Base(filepath.Dir(a)), filepath.Base(filepath.Dir(b))
		if x < y {
			return -1
		}
		return 1
	}), nil
}
