package catalogue

import (
	"os"
	"strconv"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/schedule"
	"github.com/jepsen-lite/jepsen-lite/workloads/recipes"
)

func explorer(t *testing.T, plan schedule.Plan) schedule.Explorer {
	t.Helper()
	w, err := recipes.Find(plan.Workload.Name)
	if err != nil {
		t.Fatal(err)
	}
	return schedule.Explorer{Plan: plan, Workload: w, NewWorld: func() (schedule.World, error) { return schedule.Simulated(), nil }}
}

// smallest returns the smallest schedule known that shows the bug.
func smallest(t *testing.T, b Bug) *schedule.Schedule {
	t.Helper()
	s, err := b.Smallest("testdata")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestTheSmallestSchedulesFail(t *testing.T) {
	for _, b := range All() {
		t.Run(b.Name, func(t *testing.T) {
			s := smallest(t, b)
			if err := s.Validate(recipes.Find); err != nil {
				t.Fatal(err)
			}
			world := schedule.Simulated()
			defer world.Close()
			x := schedule.Executor{World: world, Workload: explorer(t, b.Plan).Workload, Tracing: true}
			e, err := x.Execute(s)
			if err != nil {
				t.Fatal(err)
			}
			if e.Verdict != checker.Invalid || len(e.Skipped) > 0 {
				for _, h := range e.Trace.Happenings {
					t.Logf("%+v", h)
				}
				t.Errorf("%s, skipped %v", e.Verdict, e.Skipped)
			}
		})
	}
}

func TestEveryBugIsFoundAndShrunk(t *testing.T) {
	for _, b := range All() {
		t.Run(b.Name, func(t *testing.T) {
			b.Plan.Workers = 2
			found, err := explorer(t, b.Plan).Explore(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if found.Schedule == nil {
				t.Fatalf("not found: %+v", found)
			}
			got, want := len(found.Schedule.Steps), len(smallest(t, b).Steps)
			t.Logf("found at %d in %v, shrunk in %v to %d steps (smallest known: %d): %v\n%s", found.At, found.Searched, found.Shrunk, got, want,
				found.Schedule.Steps, found.Execution.Anomaly().Explanation)
			if 2*got > 3*want {
				t.Errorf("%d steps, more than 1.5 times the smallest known, %d:\n%s", got, want, found.Schedule.Encode())
			}
		})
	}
}

// The right recipes survive JEPSEN_LITE_SCHEDULES schedules, or a few.
func TestTheRightRecipesHold(t *testing.T) {
	schedules := 300
	if text := os.Getenv("JEPSEN_LITE_SCHEDULES"); text != "" {
		var err error
		if schedules, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	for _, b := range All() {
		t.Run(b.Name, func(t *testing.T) {
			plan := b.Counterpart()
			plan.Workers, plan.Schedules = 2, schedules
			found, err := explorer(t, plan).Explore(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if found.Schedule != nil {
				t.Errorf("a false alarm, or the recipe is not right: %s\n%s", found.Execution.Anomaly().Explanation, found.Schedule.Encode())
			}
			if found.Schedules != schedules || found.Unknown > schedules/5 {
				t.Errorf("%d schedules, %d of them unknown", found.Schedules, found.Unknown)
			}
		})
	}
}
