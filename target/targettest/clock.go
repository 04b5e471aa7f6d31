package targettest

import (
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/jepsen-lite/jepsen-lite/target"
)

// ClockNode is a [Node] whose clock can be set.
type ClockNode interface {
	Node
	target.ClockSetter
}

// Clock tests the clock of a node that is running, and was made to have it set.
func Clock(t *testing.T, n ClockNode) {
	client := Dial(t, n)
	if err := client.Set(Context(t), "k", "v", time.Hour).Err(); err != nil {
		t.Fatal(err)
	}
	mustBeAhead(t, n, 0)
	set(t, n.ShiftClock(2*time.Hour))
	mustBeAhead(t, n, 2*time.Hour)
	if err := client.Get(Context(t), "k").Err(); err != redis.Nil {
		t.Errorf("got %v, want that the key has expired", err)
	}
	Do(t, "kill", n.Kill, true)
	Do(t, "start", n.Start, true)
	mustBeAhead(t, n, 2*time.Hour) // over restarts
	set(t, n.ShiftClock(-3*time.Hour))
	mustBeAhead(t, n, -time.Hour)
	set(t, n.ShiftClock(time.Hour))
	set(t, n.DriftClock(10_000))
	Eventually(t, "the clock has gained an hour", func() bool { return ahead(t, n) > time.Hour })
	set(t, n.DriftClock(1))
	mustBeAhead(t, n, 0)
}

func set(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// ahead returns how far the server's clock is ahead of ours.
func ahead(t *testing.T, n Node) time.Duration {
	t.Helper()
	now, err := Dial(t, n).Time(Context(t)).Result()
	if err != nil {
		t.Fatal(err)
	}
	return time.Until(now)
}

// mustBeAhead checks it, give or take what asking takes on a busy machine.
func mustBeAhead(t *testing.T, n Node, want time.Duration) {
	t.Helper()
	const margin = 20 * time.Second
	if got := ahead(t, n); got < want-margin || got > want+margin {
		t.Errorf("the clock is %v ahead, want %v", got, want)
	}
}
