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

// drawRotation draws a plan of plain names.
func drawRotation(t *rapid.T) Plan {
	names := Names()
	day := int64(24 * time.Hour)
	return Plan{
		Items:    plain(rapid.Permutation(names).Draw(t, "faults")[:rapid.IntRange(1, len(names)).Draw(t, "how many")]...),
		Interval: time.Duration(rapid.Int64Range(1, day).Draw(t, "interval")),
		Duration: time.Duration(rapid.Int64Range(0, day).Draw(t, "duration")),
	}
}

func drawSteps(track Track, seed uint64, rounds int) []Step {
	next := track.Steps(rand.New(rand.NewPCG(seed, 0)))
	steps := make([]Step, rounds*len(track.Items))
	for i := range steps {
		steps[i], _ = next(0)
	}
	return steps
}

func TestStepsOfTheRotation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		plan, seed := drawRotation(t), rapid.Uint64().Draw(t, "seed")
		longest := plan.Duration
		if longest == 0 {
			longest = plan.Interval
		}
		rotation := plan.Tracks()[0]
		steps := drawSteps(rotation, seed, 4)
		if !slices.Equal(steps, drawSteps(rotation, seed, 4)) {
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
		for round := range slices.Chunk(steps, len(plan.Items)) {
			var got []int
			for _, s := range round {
				got = append(got, s.Item)
			}
			slices.Sort(got)
			for i, item := range got {
				if i != item {
					t.Fatalf("a round of %v, want each of %d once", got, len(plan.Items))
				}
			}
		}
	})
}

// The times are spread over their whole range, and the orders over all orders.
func TestStepsAreSpread(t *testing.T) {
	rotation := Plan{Items: plain("kill", "pause", "restart"), Interval: 1000, Duration: 1000}.Tracks()[0]
	var waits, lasts []time.Duration
	orders := map[string]bool{}
	for seed := range uint64(300) {
		var order strings.Builder
		for _, s := range drawSteps(rotation, seed, 1) {
			waits, lasts = append(waits, s.Wait), append(lasts, s.Last)
			fmt.Fprint(&order, s.Item)
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

// mustParse reads a plan of one second's interval.
func mustParse(t *testing.T, text string) Plan {
	t.Helper()
	items, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return Plan{Items: items, Interval: time.Second}
}

func TestTracks(t *testing.T) {
	plan := mustParse(t, "kill every 8s, pause, restart once at 30s, bgsave every 2s exactly for 1ms, client-pause")
	tracks := plan.Tracks()
	if len(tracks) != 4 || len(tracks[0].Items) != 2 || tracks[0].Items[1].Fault != "client-pause" {
		t.Fatalf("got %+v", tracks)
	}
	kill := drawSteps(tracks[1], 1, 100)
	for _, s := range kill {
		if s.Wait < 4*time.Second || s.Wait > 12*time.Second || s.Last < 2*time.Second || s.Last > 8*time.Second {
			t.Errorf("kill every 8s: %+v", s)
		}
	}
	once := tracks[2].Steps(rand.New(rand.NewPCG(1, 1)))
	if s, more := once(10 * time.Second); !more || s.Wait != 20*time.Second {
		t.Errorf("restart once at 30s, after 10s: %+v", s)
	}
	if _, more := once(30 * time.Second); more {
		t.Error("once is more than once")
	}
	exactly := tracks[3].Steps(rand.New(rand.NewPCG(1, 1)))
	for now, want := range map[time.Duration]time.Duration{0: 2 * time.Second, 500 * time.Millisecond: 1500 * time.Millisecond, 9 * time.Second: time.Second} {
		if s, _ := exactly(now); s.Wait != want || s.Last != time.Millisecond {
			t.Errorf("bgsave every 2s exactly, after %v: %+v", now, s)
		}
	}
}

// A track more does not change what another one does, and two equal ones differ.
func TestTracksHaveStreamsOfTheirOwn(t *testing.T) {
	waits := func(text string) map[string][]time.Duration {
		l := newLab(t)
		env := l.env()
		env.Seed = 7
		n := mustNew(t, mustParse(t, text), env, newBook(t))
		all := map[string][]time.Duration{}
		for _, f := range n.tracks {
			name := f.charges[0].kind.Name
			for range 5 {
				s, _ := f.next(0)
				all[name] = append(all[name], s.Wait, s.Last)
			}
		}
		return all
	}
	alone, beside := waits("kill every 5s"), waits("pause every 5s, restart, kill every 5s")
	if !slices.Equal(alone["kill"], beside["kill"]) {
		t.Errorf("kill: %v alone, %v beside others", alone["kill"], beside["kill"])
	}
	if slices.Equal(beside["kill"], beside["pause"]) {
		t.Errorf("two tracks agree: %v", beside["kill"])
	}
	if twice := waits("kill every 5s, kill every 5s")["kill"]; slices.Equal(twice[:10], twice[10:]) {
		t.Errorf("equal tracks agree: %v", twice)
	}
}

func TestValidate(t *testing.T) {
	tests := []struct {
		name string
		plan Plan
		want string // "": valid
	}{
		{name: "nothing"},
		{name: "one fault", plan: Plan{Items: plain("kill"), Interval: 1}},
		{name: "no faults, an interval", plan: Plan{Interval: time.Second}},
		{name: "duration", plan: Plan{Items: plain("kill"), Interval: 1, Duration: time.Hour}},
		{name: "one fault twice", plan: Plan{Items: plain("kill", "kill"), Interval: 1}},
		{name: "unknown fault", plan: Plan{Items: plain("kill", "Kill"), Interval: 1}, want: `unknown fault "Kill"`},
		{name: "no interval", plan: Plan{Items: plain("kill")}, want: "interval must be longer than 0s"},
		{name: "negative interval", plan: Plan{Items: plain("kill"), Interval: -1}, want: "interval must be longer than 0s"},
		{name: "negative duration", plan: Plan{Items: plain("kill"), Interval: 1, Duration: -1}, want: "duration of faults is negative"},
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
