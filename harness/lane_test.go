package harness

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/workloads"
)

// pacedLane is one of ten that together begin a hundred operations a second.
func pacedLane(now time.Duration) *lane {
	return &lane{run: &run{config: Config{Concurrency: 10, Rate: 100}}, rand: rand.New(rand.NewPCG(1, 1)), due: now}
}

func TestLanesTogetherKeepTheRate(t *testing.T) {
	for _, test := range []struct {
		name string
		next func(i int) workloads.Op
	}{
		{"plain operations", func(int) workloads.Op { return workloads.Op{} }},
		{"every other one follows", func(i int) workloads.Op { return workloads.Op{Follows: i%2 == 1} }},
	} {
		t.Run(test.name, func(t *testing.T) {
			began := time.Second
			l, now := pacedLane(began), began
			const operations = 2000
			for i := range operations {
				now += l.untilTurn(test.next(i), now)
			}
			if rate := operations / (now - began).Seconds(); rate < 9.5 || rate > 10.5 {
				t.Errorf("a lane begins %.2f operations a second, want its tenth of 100", rate)
			}
		})
	}
}

func TestWhatFollowsWaitsOnlyForItsThinking(t *testing.T) {
	now := time.Second
	l := pacedLane(now)
	l.untilTurn(workloads.Op{}, now)
	if wait := l.untilTurn(workloads.Op{Follows: true, Think: 3 * time.Millisecond}, now); wait != 3*time.Millisecond {
		t.Errorf("waits %v, want 3ms", wait)
	}
	if wait := l.untilTurn(workloads.Op{}, now); wait < 100*time.Millisecond {
		t.Errorf("the next one waits %v, want the turns of two operations", wait)
	}
}

func TestALaneThatIsLateDoesNotHurry(t *testing.T) {
	now := time.Second
	l := pacedLane(now)
	now += time.Minute // frozen, say
	if wait := l.untilTurn(workloads.Op{}, now); wait != 0 {
		t.Errorf("waits %v, want none", wait)
	}
	if wait := l.untilTurn(workloads.Op{}, now); wait < 50*time.Millisecond {
		t.Errorf("then waits %v, want a turn: what was missed is not made up for", wait)
	}
}

func TestWithoutARateNobodyWaits(t *testing.T) {
	now := time.Second
	l := pacedLane(now)
	l.run.config.Rate = 0
	for range 5 {
		if wait := l.untilTurn(workloads.Op{}, now); wait != 0 {
			t.Fatalf("waits %v", wait)
		}
	}
}
