package schedule

import (
	"github.com/jepsen-lite/jepsen-lite/history"
	"strings"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/workloads"
)

func explorer(t testing.TB, plan Plan) Explorer {
	t.Helper()
	w, err := workloads.Find(plan.Workload.Name)
	if err != nil {
		t.Fatal(err)
	}
	return Explorer{Plan: plan, Workload: w, NewWorld: func() (World, error) { return Simulated(), nil }}
}

func TestExploreFindsANaiveLock(t *testing.T) {
	for seed := range uint64(5) {
		plan := Plan{
			Workload: Workload{"lock-naive", workloads.Options{TTL: 300 * time.Millisecond}},
			Target:   Target{Persistence: "aof-always"},
			Faults:   []string{"tick", "kill"}, Seed: seed + 1, Workers: 2,
		}
		found, err := explorer(t, plan).Explore(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if found.Schedule == nil {
			t.Fatalf("nothing found: %+v", found)
		}
		if found.Execution.Verdict != checker.Invalid {
			t.Error(found.Execution.Verdict)
		}
		t.Logf("at %d, %d shrinks, %v, %v\n%v\n%v\n%s", found.At, found.Shrinks, found.Searched, found.Shrunk, found.Schedule.Clients, found.Schedule.Steps, found.Execution.Anomaly().Explanation)
	}
}

func TestShow(t *testing.T) {
	x := newExecutor(t, "lock-naive")
	s := lockNaive(word(t, "c0 c0 c0 c0 c0 c1 c1 tick:300ms timeout:c1 c1 c0 c0 kill start c1 c1 c1"))
	e, err := x.Execute(s)
	if err != nil {
		t.Fatal(err)
	}
	t.Log("\n" + e.Picture(s, 80))
	for _, l := range strings.Split(e.Picture(s, 80), "\n") {
		if len([]rune(l)) > 80 {
			t.Errorf("%d %s", len([]rune(l)), l)
		}
	}
	s = &Schedule{Workload: Workload{Name: "counter"}, Target: Target{Persistence: "none"}, Clients: [][]Op{
		{{"add-and-get", "k1", history.Int(1)}}, {{"add-and-get", "k1", history.Int(1)}}, {{"add-and-get", "k1", history.Int(1)}}}, Steps: word(t, "c0 c0 c1 c2 c2 c1 c1 c2 kill")}
	x = newExecutor(t, "counter")
	e, err = x.Execute(s)
	if err != nil {
		t.Fatal(err)
	}
	t.Log("\n" + e.Picture(s, 80))
}
