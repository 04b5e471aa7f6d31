package harness

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/schedule"
)

// naive explores a lock that breaks, in a store of the test's own.
func naive(t *testing.T) ExploreConfig {
	c := DefaultExplore()
	c.Plan.Workload.Name, c.Plan.Seed, c.Plan.Workers, c.Store = "lock-naive", 1, 2, t.TempDir()
	return c
}

func TestExploreLeavesARunFolder(t *testing.T) {
	x, err := Explore(testContext(t), naive(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	if x.Verdict != checker.Invalid || x.Results == nil || x.Results.Verdict != checker.Invalid || x.Reproduced != tries || x.Rate != 1 || x.Picture == "" {
		t.Errorf("got %+v", x)
	}
	again, err := Judge(testContext(t), x.Results.Folder, JudgeOptions{})
	if err != nil || again.Verdict != checker.Invalid || again.Reason != x.Reason {
		t.Errorf("judged again: %+v, %v", again, err)
	}
}

// A failure that does not come back is evidence too.
func TestAFailureThatDoesNotComeBackIsKept(t *testing.T) {
	c := naive(t)
	x, err := Explore(testContext(t), c, nil)
	if err != nil {
		t.Fatal(err)
	}
	w, err := FindWorkload("lock-naive")
	if err != nil {
		t.Fatal(err)
	}
	on, err := openStage(testContext(t), simTarget, "")
	if err != nil {
		t.Fatal(err)
	}
	harmless := *x.Schedule
	harmless.Steps = harmless.Steps[:3]
	lucky := &Exploration{Found: &schedule.Found{Schedule: &harmless, First: &harmless, Execution: x.Execution, Rate: 0.1}}
	if err := lucky.confirm(testContext(t), w, c.Store, on); err != nil {
		t.Fatal(err)
	}
	if lucky.Verdict != checker.Invalid || lucky.Reproduced != 0 || lucky.Tries != tries || lucky.Results == nil || lucky.Results.Verdict != checker.Invalid || lucky.Picture == "" {
		t.Errorf("got %+v", lucky)
	}
}

func TestExploreThatIsInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(testContext(t))
	c := naive(t)
	x, err := Explore(ctx, c, func(p schedule.Progress) {
		if p.Phase == "shrinking" {
			cancel()
		}
	})
	if err != nil || x.Verdict != checker.Invalid || !x.Interrupted || x.Results == nil || x.Picture == "" {
		t.Errorf("while shrinking: %+v, %v", x, err)
	}
	x, err = Explore(ctx, c, nil)
	if err != nil || x.Verdict != checker.Unknown || !x.CutShort || x.Schedules != 0 || !strings.Contains(x.Reason, "only 0 schedules were judged") {
		t.Errorf("before the first schedule: %+v, %v", x, err)
	}
}

func TestShrinkOfARunThatIsInterrupted(t *testing.T) {
	c := short(t, "set", "none")
	c.Nemesis = []string{"kill"}
	r, err := Run(testContext(t), c, nil)
	if err != nil || r.Verdict != checker.Invalid {
		t.Fatalf("%+v, %v", r, err)
	}
	ctx, cancel := context.WithCancel(testContext(t))
	cancel()
	x, err := Shrink(ctx, ShrinkConfig{Path: r.Folder, Store: c.Store, Limit: time.Minute}, nil)
	if err != nil || x.Verdict != checker.Unknown || !strings.Contains(x.Reason, "interrupted before a schedule was seen to fail") {
		t.Errorf("%+v, %v", x, err)
	}
}

func TestReplayFindsTheNewestOfASeed(t *testing.T) {
	c := naive(t)
	for range 2 {
		if _, err := Explore(testContext(t), c, nil); err != nil {
			t.Fatal(err)
		}
	}
	latest, err := filepath.EvalSymlinks(filepath.Join(c.Store, "latest"))
	if err != nil {
		t.Fatal(err)
	}
	folder, err := findBySeed(c.Store, 1)
	if err != nil || filepath.Base(folder) != filepath.Base(latest) {
		t.Errorf("got %s, %v; want %s", folder, err, latest)
	}
	if _, err := findBySeed(c.Store, 11); err == nil {
		t.Error("a seed of other digits is found")
	}
	if err := os.WriteFile(filepath.Join(folder, InfoFile), []byte(`{"version":9}`), 0o600); err != nil {
		t.Fatal(err)
	}
	var asked *UsageError
	if _, err := Replay(testContext(t), ReplayConfig{Seed: 1, Store: c.Store}); !errors.As(err, &asked) {
		t.Errorf("a folder of a newer tool: %v", err)
	}
}

func TestTheCommandOfAnExploration(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(*ExploreConfig)
		want   string
	}{
		{"the defaults", func(*ExploreConfig) {}, "jepsen-lite explore --workload register --seed 7"},
		{"no faults", func(c *ExploreConfig) { c.Plan.Faults = nil }, "--faults none"},
		{"other faults", func(c *ExploreConfig) { c.Plan.Faults = []string{"kill", "pause"} }, "--faults kill,pause"},
		{"none at most", func(c *ExploreConfig) { c.Plan.MaxFaults = 0 }, "--max-faults 0"},
		{"checks", func(c *ExploreConfig) { c.Plan.Checks = []string{"linearizable(mutex)"} }, "--check 'linearizable(mutex)'"},
		{"ticks", func(c *ExploreConfig) { c.Plan.Ticks = []time.Duration{time.Second, time.Minute} }, "--tick 1s --tick 1m0s"},
		{"a store with a space", func(c *ExploreConfig) { c.Store = "my runs" }, "--store 'my runs'"},
		{"a server", func(c *ExploreConfig) { c.Target, c.RedisServer = "process", "/opt/redis" }, "--target process --redis-server /opt/redis"},
		{"everything visited", func(c *ExploreConfig) { c.Exhaustive = true }, "--exhaustive"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := DefaultExplore()
			c.Plan.Seed = 7
			test.change(&c)
			if got := c.Command(); !strings.Contains(got, test.want) || !slices.Contains(strings.Fields(got), "--seed") {
				t.Errorf("got %q, want %q in it", got, test.want)
			}
			if err := c.Validate(); err != nil {
				t.Error(err)
			}
		})
	}
}
