package harness

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/nearest"
	"github.com/jepsen-lite/jepsen-lite/schedule"
	"github.com/jepsen-lite/jepsen-lite/workloads"
)

// ReplayConfig says what to perform again, and where.
type ReplayConfig struct {
	// Path is a schedule file, or a run folder that has one.
	Path string
	// Seed, if Path is empty, is the seed of what was explored before.
	Seed uint64
	// Target is sim, process or auto; empty: that of the run folder, or sim.
	Target      string
	RedisServer string
	Store       string
	// Times is how often; zero: once.
	Times int
	// Progress, if not nil, is called before each time.
	Progress func(done int)
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

// Replay performs a schedule again. With an error that is no *[UsageError], there
// may be what came of it, too.
func Replay(ctx context.Context, c ReplayConfig) (*Replayed, error) {
	path := c.Path
	if path == "" {
		var err error
		if path, err = findBySeed(c.Store, c.Seed); err != nil {
			return nil, &UsageError{err}
		}
	}
	path, madeOn, err := findSchedule(path)
	if err != nil {
		return nil, &UsageError{err}
	}
	c.Target = cmp.Or(c.Target, madeOn)
	s, w, err := readSchedule(path)
	if err != nil {
		return nil, &UsageError{err}
	}
	on, err := openStage(ctx, c.Target, c.RedisServer)
	if err != nil {
		return nil, err
	}
	defer on.close()
	again, err := perform(ctx, w, s, on, max(1, c.Times), c.Progress)
	if err != nil {
		return nil, asMisread(path, err)
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

// errNoSchedule: a run folder without a schedule.
var errNoSchedule = errors.New("the run followed no schedule, so that it cannot be replayed")

// findSchedule returns the schedule file that a path means: a file, or the one of
// a run folder; then also where that run was made.
func findSchedule(path string) (file, madeOn string, err error) {
	at, err := os.Stat(path)
	if err != nil {
		return "", "", fmt.Errorf("open schedule: %w; name a schedule.json, or a run folder", err)
	}
	if !at.IsDir() {
		return path, "", nil
	}
	info, err := ReadInfo(path)
	if err != nil {
		return "", "", err
	}
	file = filepath.Join(path, ScheduleFile)
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		return "", "", fmt.Errorf("%s: %w; try jepsen-lite shrink %s", path, errNoSchedule, quote(path))
	}
	return file, info.Target, nil
}

// readSchedule reads the schedule of one of our workloads, or says what is wrong
// with it.
func readSchedule(path string) (*schedule.Schedule, workloads.Workload, error) {
	s, err := schedule.Read(path)
	if err != nil {
		return nil, workloads.Workload{}, err
	}
	w, err := FindWorkload(s.Workload.Name)
	if err == nil {
		err = s.Validate(FindWorkload)
	}
	if err == nil {
		err = knows(w, s)
	}
	if err != nil {
		return nil, w, fmt.Errorf("%s: %w", path, err)
	}
	return s, w, nil
}

// asMisread turns what is impossible in a schedule file into an error in what was
// asked. A client that panics was given a value that it cannot read.
func asMisread(path string, err error) error {
	var panicked *schedule.ClientPanic
	if errors.As(err, &panicked) {
		return &UsageError{fmt.Errorf("%s: %w; are the values of its operations such as its workload has?", path, err)}
	}
	return asUsage(err)
}

// knows returns which operation of the schedule its workload does not have. A
// client takes any operation, and a misspelt one for another.
func knows(w workloads.Workload, s *schedule.Schedule) error {
	const sample = 1000 // of its operations, so that no rare one is missing
	instance := w.New(s.Workload.Options)
	names := []string{}
	for _, op := range instance.Plan(workloads.Lane{Of: 1, Keys: workloads.NewKeys(1, 0), Rand: rand.New(rand.NewPCG(1, 1))}, sample) {
		if !slices.Contains(names, op.F) {
			names = append(names, op.F)
		}
	}
	for i, ops := range s.Clients {
		for j, op := range ops {
			if op.F != instance.Final.F && !slices.Contains(names, op.F) {
				return fmt.Errorf("client c%d, operation %d: %s has no operation %q: did you mean %s?", i, j+1, w.Name, op.F, nearest.Word(op.F, names))
			}
		}
	}
	return nil
}

// findBySeed returns the newest run folder in the store that has a schedule, and
// that seed.
func findBySeed(store string, seed uint64) (string, error) {
	paths, _ := filepath.Glob(filepath.Join(store, "*", fmt.Sprintf("*-%d", seed), ScheduleFile))
	if len(paths) == 0 {
		return "", fmt.Errorf("%s holds no schedule of seed %d: name a schedule.json, or explore with --seed %d again", store, seed, seed)
	}
	newest := slices.MaxFunc(paths, func(a, b string) int {
		return cmp.Compare(filepath.Base(filepath.Dir(a)), filepath.Base(filepath.Dir(b)))
	})
	return filepath.Dir(newest), nil
}
