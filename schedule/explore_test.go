package schedule

import (
	"bytes"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/workloads"
	"github.com/jepsen-lite/jepsen-lite/workloads/recipes"
)

func explorer(t testing.TB, plan Plan) Explorer {
	t.Helper()
	w, err := recipes.Find(plan.Workload.Name)
	if err != nil {
		t.Fatal(err)
	}
	return Explorer{Plan: plan, Workload: w, NewWorld: func() (World, error) { return Simulated(), nil }}
}

func explore(t testing.TB, plan Plan) *Found {
	t.Helper()
	found, err := explorer(t, plan).Explore(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func naiveLock(seed uint64) Plan {
	return Plan{
		Workload: Workload{"lock-naive", workloads.Options{TTL: 300 * time.Millisecond}},
		Target:   Target{Persistence: "aof-always"},
		Faults:   []string{"tick", "kill"}, Seed: seed, Workers: 1,
	}
}

// bytesOf is everything that a failure leaves on disk.
func bytesOf(f *Found) []byte {
	out := f.Schedule.Encode()
	for i := range f.Execution.Events {
		out = history.AppendEvent(out, &f.Execution.Events[i])
	}
	return out
}

// The same seed gives the same schedule and the same history, whatever the number
// of processors and of workers.
func TestTheSameSeedGivesTheSameBytes(t *testing.T) {
	plan := naiveLock(7)
	want := bytesOf(explore(t, plan))
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for i := range 6 {
		runtime.GOMAXPROCS(1 + i%2)
		plan.Workers = 1 + i%3
		if got := bytesOf(explore(t, plan)); !bytes.Equal(got, want) {
			t.Fatalf("run %d:\n%s\nwant\n%s", i, got, want)
		}
	}
}

// One schedule is performed the same way a hundred times.
func TestAScheduleIsPerformedTheSameWay(t *testing.T) {
	x := newExecutor(t, "lock-naive")
	s := explore(t, naiveLock(3)).First
	first := execute(t, x, s)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for i := range 100 {
		runtime.GOMAXPROCS(1 + i%2)
		if e := execute(t, x, s); !e.SameEvents(first) || !slices.Equal(e.Word, first.Word) {
			t.Fatalf("execution %d differs", i)
		}
	}
}

func TestStrategiesFind(t *testing.T) {
	for _, strategy := range []Strategy{Uniform, PCT, Both} {
		for seed := range uint64(3) {
			plan := Plan{Workload: Workload{Name: "counter-get-set"}, Target: Target{Persistence: "aof-always"}, Strategy: strategy, Seed: seed + 1}
			if found := explore(t, plan); found.Schedule == nil || found.At > 200 {
				t.Errorf("%s, seed %d: %+v", strategy, seed+1, found)
			}
		}
	}
}

// What is left of a failure is minimal: without any one step, or any one
// operation, it does not fail.
func TestWhatIsLeftIsMinimal(t *testing.T) {
	x := newExecutor(t, "lock-naive")
	for seed := range uint64(4) {
		found := explore(t, naiveLock(seed+1))
		if found.Schedule == nil || found.Execution.Verdict != checker.Invalid {
			t.Fatalf("seed %d: nothing found", seed+1)
		}
		if e := execute(t, x, found.Schedule); kindOf(e) != kindOf(found.Execution) || len(e.Skipped) > 0 {
			t.Fatalf("seed %d: %s, skipped %v", seed+1, e.Verdict, e.Skipped)
		}
		for i := range found.Schedule.Steps {
			s := found.Schedule.copy()
			s.Steps = slices.Delete(s.Steps, i, i+1)
			if e := execute(t, x, s); kindOf(e) == kindOf(found.Execution) {
				t.Errorf("seed %d: step %d of %v can be left out", seed+1, i+1, found.Schedule.Steps)
			}
		}
	}
}

func TestARightWorkloadSurvives(t *testing.T) {
	plan := Plan{
		Workload: Workload{Name: "counter"}, Target: Target{Persistence: "aof-always"}, Schedules: 1000,
		Faults: []string{"kill", "pause", "restart", "timeout", "tick"}, MaxFaults: 4, Workers: 2,
	}
	found := explore(t, plan)
	if found.Schedule != nil || found.Schedules != 1000 || found.Unknown > 0 || found.CutShort {
		t.Errorf("%+v", found)
	}
}

func TestPlansThatAreImpossible(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(*Plan)
		want   string
	}{
		{"too many clients", func(p *Plan) { p.Clients = 100 }, "there are 100 clients: expected 1 to 64"},
		{"an unknown fault", func(p *Plan) { p.Faults = []string{"kil"} }, `unknown fault "kil": did you mean kill?`},
		{"an unknown strategy", func(p *Plan) { p.Strategy = "best" }, `unknown strategy "best"`},
		{"an unknown check", func(p *Plan) { p.Checks = []string{"order"} }, `unknown check "order"`},
		{"an unknown persistence", func(p *Plan) { p.Target.Persistence = "aof" }, `unknown persistence "aof"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			plan := naiveLock(1)
			test.change(&plan)
			_, err := explorer(t, plan).Explore(t.Context())
			if _, ok := err.(*PlanError); !ok || !bytes.Contains([]byte(err.Error()), []byte(test.want)) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

// Exploring with one worker, on one processor: drawing, performing and judging.
func BenchmarkExplore(b *testing.B) {
	plan := Plan{
		Workload: Workload{Name: "counter"}, Target: Target{Persistence: "aof-always"}, Ops: 5, Schedules: 1000,
		Faults: []string{"kill"}, Workers: 1,
	}
	for b.Loop() {
		explore(b, plan)
	}
	b.ReportMetric(1000*float64(b.N)/b.Elapsed().Seconds(), "schedules/s")
}
