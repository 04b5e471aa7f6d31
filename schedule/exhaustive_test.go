package schedule

import (
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/workloads"
)

// smallestByBruteForce returns the length of the shortest words that fail, trying
// every word up to a length; 0: none does.
func smallestByBruteForce(t *testing.T, x *Executor, s *Schedule, letters []Step, length int) int {
	t.Helper()
	words := [][]Step{nil}
	for n := range length {
		var next [][]Step
		for _, w := range words {
			for _, letter := range letters {
				c := s.copy()
				c.Steps = append(append([]Step(nil), w...), letter)
				e := execute(t, x, c)
				if len(e.Skipped) > 0 {
					continue
				}
				if e.Verdict == checker.Invalid {
					return n + 1
				}
				next = append(next, c.Steps)
			}
		}
		words = next
	}
	return 0
}

// Merging states misses nothing: the shortest failure is as long as that of a
// search that merges none.
func TestAnExhaustiveSearchFindsTheSmallest(t *testing.T) {
	for _, test := range []struct {
		workload, persistence string
		fault                 string
		length                int
	}{
		{"counter-get-set", "aof-always", "", 10},
		{"set", "none", "kill", 5},
		{"lock-naive", "aof-always", "tick", 11},
		{"counter", "aof-everysec", "powerloss", 5},
	} {
		t.Run(test.workload, func(t *testing.T) {
			plan := Plan{
				Workload: Workload{test.workload, workloads.Options{TTL: 300 * time.Millisecond}}, Target: Target{Persistence: test.persistence},
				Clients: 2, Ops: 1, MaxFaults: 1, Workers: 2, Ticks: []time.Duration{300 * time.Millisecond}, Seed: 4,
			}
			letters := []Step{{Verb: Move}, {Verb: Move, Client: 1}}
			if test.fault != "" {
				plan.Faults = []string{test.fault}
				letters = append(letters, Step{Verb: plan.mustHarm().verb, For: plan.tickOf()})
			}
			if test.workload == "lock-naive" {
				letters = letters[:3]
			}
			r, err := explorer(t, plan).Exhaust(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if r.Schedule == nil {
				t.Fatalf("nothing found: %+v", r)
			}
			t.Logf("%d states, %d words, %d steps", r.States, r.Words, len(r.Schedule.Steps))
			if len(r.Schedule.Steps) > test.length {
				t.Errorf("the smallest has %d steps, want %d at most", len(r.Schedule.Steps), test.length)
			}
			if test.length > 6 {
				return // brute force takes too long
			}
			x := newExecutor(t, test.workload)
			x.Workload = explorer(t, plan).Workload
			if want := smallestByBruteForce(t, x, r.Schedule, letters, test.length); want != len(r.Schedule.Steps) {
				t.Errorf("%d steps, by brute force %d", len(r.Schedule.Steps), want)
			}
		})
	}
}

func (p Plan) mustHarm() harm {
	harms, err := p.harms()
	if err != nil {
		panic(err)
	}
	return harms[0]
}

func (p Plan) tickOf() time.Duration {
	if p.mustHarm().verb == Tick {
		return p.Ticks[0]
	}
	return 0
}

// Two states are one only if checks and servers cannot tell them apart: merging
// loses no verdict on a right workload, and says that it is complete.
func TestAnExhaustiveSearchIsComplete(t *testing.T) {
	plan := Plan{
		Workload: Workload{Name: "counter"}, Target: Target{Persistence: "aof-always"}, Clients: 2, Ops: 1,
		Faults: []string{"kill", "timeout"}, MaxFaults: 1, Workers: 2, Seed: 2,
	}
	r, err := explorer(t, plan).Exhaust(t.Context())
	if err != nil || !r.Complete || r.Schedule != nil || r.States < 50 || r.Words < r.States {
		t.Errorf("%+v, %v", r, err)
	}
	plan.Workload.Name = "lock-fenced"
	if _, err := explorer(t, plan).Exhaust(t.Context()); err == nil {
		t.Error("clients that share more than Redis were accepted")
	}
}
