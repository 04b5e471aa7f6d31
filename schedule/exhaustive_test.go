package schedule

import (
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/workloads"
)

func TestExhaust(t *testing.T) {
	plan := Plan{
		Workload: Workload{"lock-naive", workloads.Options{TTL: 300 * time.Millisecond}},
		Target:   Target{Persistence: "aof-always"}, Clients: 2, Ops: 1,
		Faults: []string{"tick", "kill"}, MaxFaults: 1, Workers: 2, Ticks: []time.Duration{300 * time.Millisecond},
	}
	r, err := explorer(t, plan).Exhaust(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d states %d words %v %v %v", r.States, r.Words, r.Searched, r.Schedule != nil, r.Complete)
	if r.Schedule != nil {
		t.Log(r.Schedule.Steps)
	}
	for _, c := range []int{2} {
		plan = Plan{Workload: Workload{Name: "counter"}, Target: Target{Persistence: "aof-always"}, Clients: c, Ops: 2, Faults: []string{"kill"}, MaxFaults: 1, Workers: 2}
		r, err = explorer(t, plan).Exhaust(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%d states %d words %v %v %v", r.States, r.Words, r.Searched, r.Schedule != nil, r.Complete)
	}
}
