package nemesis

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func drawPlan(t *rapid.T) Plan {
	var names []string
	for _, k := range Kinds() {
		names = append(names, k.Name)
	}
	day := int64(24 * time.Hour)
	return Plan{
		Faults:   rapid.Permutation(names).Draw(t, "faults")[:rapid.IntRange(1, len(names)).Draw(t, "how many")],
		Interval: time.Duration(rapid.Int64Range(1, day).Draw(t, "interval")),
		Duration: time.Duration(rapid.Int64Range(0, day).Draw(t, "duration")),
	}
}

func drawSteps(plan Plan, seed uint64, rounds int) []Step {
	next := plan.Steps(rand.New(rand.NewPCG(seed, 0)))
	steps := make([]Step, rounds*len(plan.Faults))
	for i := range steps {
		steps[i] = next()
	}
	return steps
}

func TestSteps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		plan, seed := drawPlan(t), rapid.Uint64().Draw(t, "seed")
		if err := plan.Validate(); err != nil {
			t.Fatal(err)
		}
		longest := plan.Duration
		if longest == 0 {
			longest = plan.Interval
		}
		steps := drawSteps(plan, seed, 4)
		if !slices.Equal(steps, drawSteps(plan, seed, 4)) {
			t.Fatal("the same seed gave other steps")
		}
		for _, s := range steps {
			if s.Wait < plan.Interval/2 || s.Wait > plan.Interval*3/2 {
				t.Errorf("waits %v, want half to one and a half of %v", s.Wait, plan.Interval)
			}
			if s.Last < longest/4 || s.Last > longest {
				t.Errorf("lasts %v, want a quarter to all of %v", s.Last, longest)
			}
		}
		for round := range slices.Chunk(steps, len(plan.Faults)) {
			var got []string
			for _, s := range round {
				got = append(got, s.Fault)
			}
			slices.Sort(got)
			if want := slices.Sorted(slices.Values(plan.Faults)); !slices.Equal(got, want) {
				t.Errorf("a round of %v, want each of %v once", got, want)
			}
		}
	})
}

// The times are spread over their whole range, and the orders over all orders.
func TestStepsAreSpread(t *testing.T) {
	plan := Plan{Faults: []string{"kill", "pause", "restart"}, Interval: 1000, Duration: 1000}
	var waits, lasts []time.Duration
	orders := map[string]bool{}
	for seed := range uint64(300) {
		var order strings.Builder
		for _, s := range drawSteps(plan, seed, 1) {
			waits, lasts = append(waits, s.Wait), append(lasts, s.Last)
			order.WriteString(s.Fault)
		}
		orders[order.String()] = true
	}
	if len(orders) != 6 {
		t.Errorf("got %d orders of three faults, want 6", len(orders))
	}
	for name, times := range map[string]struct {
		got       []time.Duration
		low, high time.Duration
	}{"waits": {waits, 500, 1500}, "durations": {lasts, 250, 1000}} {
		margin := (times.high - times.low) / 50
		if low := slices.Min(times.got); low > times.low+margin {
			t.Errorf("%s: the least of %d is %d, want about %d", name, len(times.got), low, times.low)
		}
		if high := slices.Max(times.got); high < times.high-margin {
			t.Errorf("%s: the greatest of %d is %d, want about %d", name, len(times.got), high, times.high)
		}
	}
}

func TestValidate(t *testing.T) {
	tests := []struct {
		name string
		plan Plan
		want string // "": valid
	}{
		{name: "nothing"},
		{name: "one fault", plan: Plan{Faults: []string{"kill"}, Interval: 1}},
		{name: "no faults, an interval", plan: Plan{Interval: time.Second}},
		{name: "duration", plan: Plan{Faults: []string{"kill"}, Interval: 1, Duration: time.Hour}},
		{name: "one fault twice", plan: Plan{Faults: []string{"kill", "kill"}, Interval: 1}},
		{name: "unknown fault", plan: Plan{Faults: []string{"kill", "Kill"}, Interval: 1}, want: `unknown fault "Kill"`},
		{name: "no interval", plan: Plan{Faults: []string{"kill"}}, want: "interval must be longer than 0s"},
		{name: "negative interval", plan: Plan{Faults: []string{"kill"}, Interval: -1}, want: "interval must be longer than 0s"},
		{name: "negative duration", plan: Plan{Faults: []string{"kill"}, Interval: 1, Duration: -1}, want: "duration of faults is negative"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := fmt.Sprint(test.plan.Validate())
			if test.want == "" {
				test.want = "<nil>"
			}
			if !strings.Contains(got, test.want) {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}
