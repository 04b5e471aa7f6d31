package harness

import (
	"context"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/workloads"
)

// allFaults are the faults of a virtual run.
func allFaults() []string { return []string{"kill", "pause", "restart", "client-pause"} }

// simulated returns a run of ten virtual seconds with many faults.
func simulated(t testing.TB, workload, persistence string) Config {
	t.Helper()
	c := Defaults()
	c.Workload, c.Persistence, c.Target, c.Store, c.Seed = workload, persistence, simTarget, t.TempDir(), 1
	c.Nemesis, c.TimeLimit, c.Interval = allFaults(), 10*time.Second, 500*time.Millisecond
	c.Concurrency, c.Rate, c.Keys, c.OpsPerKey = 5, 500, 4, 100
	c.OpTimeout = 200 * time.Millisecond
	return c
}

func mustRun(t testing.TB, c Config) *Results {
	t.Helper()
	results, err := Run(context.Background(), c, nil)
	if err != nil {
		t.Fatal(err)
	}
	return results
}

func TestEveryWorkloadIsJudgedOnASimulatedServer(t *testing.T) {
	for _, w := range workloads.All() {
		t.Run(w.Name, func(t *testing.T) {
			results := mustRun(t, simulated(t, w.Name, "aof-always"))
			if results.Verdict != checker.Valid {
				t.Errorf("got %s because %s (%+v)", results.Verdict, results.Reason, results.Ops)
			}
			if results.Ops.OK < 300 || len(results.Faults) != 4 {
				t.Errorf("too little happened: %+v, faults %v", results.Ops, results.Faults)
			}
		})
	}
}
