package process

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/jepsen-lite/jepsen-lite/target/targettest"
)

// faketime returns the library. It skips the test where there is none.
func faketime(t *testing.T) string {
	t.Helper()
	path, err := FindFaketime()
	switch {
	case err == nil:
	case os.Getenv("JEPSEN_LITE_REQUIRE_FAKETIME") == "1":
		t.Fatal(err)
	default:
		t.Skip(err)
	}
	return path
}

// ahead returns how far the server's clock is ahead of ours.
func ahead(t *testing.T, n *Node) time.Duration {
	t.Helper()
	now, err := targettest.Dial(t, n).Time(targettest.Context(t)).Result()
	if err != nil {
		t.Fatal(err)
	}
	return time.Until(now)
}

// mustBeAhead checks it, give or take what asking takes on a busy machine.
func mustBeAhead(t *testing.T, n *Node, want time.Duration) {
	t.Helper()
	const margin = 20 * time.Second
	if got := ahead(t, n); got < want-margin || got > want+margin {
		t.Errorf("the clock is %v ahead, want %v", got, want)
	}
}

func TestTheClockOfAServerIsShifted(t *testing.T) {
	_, n := started(t, Config{Faketime: faketime(t)})
	client := targettest.Dial(t, n)
	if err := client.Set(targettest.Context(t), "k", "v", time.Hour).Err(); err != nil {
		t.Fatal(err)
	}
	mustBeAhead(t, n, 0)
	if err := n.ShiftClock(2 * time.Hour); err != nil {
		t.Fatal(err)
	}
	mustBeAhead(t, n, 2*time.Hour)
	if err := client.Get(targettest.Context(t), "k").Err(); err != redis.Nil {
		t.Errorf("got %v, want that the key has expired", err)
	}
	targettest.Do(t, "kill", n.Kill, true)
	targettest.Do(t, "start", n.Start, true)
	mustBeAhead(t, n, 2*time.Hour) // over restarts
	if err := n.ShiftClock(-3 * time.Hour); err != nil {
		t.Fatal(err)
	}
	mustBeAhead(t, n, -time.Hour)
}

func TestTheClockOfAServerDrifts(t *testing.T) {
	_, n := started(t, Config{Faketime: faketime(t)})
	if err := n.DriftClock(10_000); err != nil {
		t.Fatal(err)
	}
	targettest.Eventually(t, "the clock has gained an hour", func() bool { return ahead(t, n) > time.Hour })
	if err := n.DriftClock(1); err != nil {
		t.Fatal(err)
	}
	mustBeAhead(t, n, 0)
}

// A drift begins where the clock stands, however long the server has run.
func TestADriftBeginsWithoutAJump(t *testing.T) {
	start := time.Unix(1000, 0)
	c := wallClock{started: start, began: start.Add(50 * time.Second), rate: 3, shift: time.Second}
	if got := c.line(); got != "-99.000000 x3" { // 1 s - 50 s * (3 - 1)
		t.Errorf("got %s", got)
	}
	c.rate = 1
	if got := c.line(); got != "+1.000000 x1" {
		t.Errorf("got %s", got)
	}
}

func TestWithoutFaketimeTheClockIsFixed(t *testing.T) {
	_, n := newNode1(t, Config{})
	if err := n.ShiftClock(time.Hour); err == nil || !strings.Contains(err.Error(), "shift clock of n1: its target was made without libfaketime") {
		t.Errorf("got %v", err)
	}
}

func TestFindFaketimeByItsVariable(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lib.so")
	t.Setenv(faketimeVariable, path)
	if _, err := FindFaketime(); err == nil || !strings.Contains(err.Error(), faketimeVariable) {
		t.Errorf("got %v, want it to name the variable", err)
	}
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := FindFaketime(); got != path || err != nil {
		t.Errorf("got %s, %v", got, err)
	}
}

func TestCommand(t *testing.T) {
	_, n := started(t, Config{})
	reply, err := n.Command(targettest.Context(t), "CONFIG", "GET", "dir")
	if list, _ := reply.([]any); err != nil || len(list) != 2 || list[1] != n.DataDir() {
		t.Errorf("got %v, %v; want the folder %s", reply, err, n.DataDir())
	}
	if _, err := n.Command(targettest.Context(t), "NONSENSE"); err == nil || !strings.Contains(err.Error(), "NONSENSE: ERR unknown command") {
		t.Errorf("got %v", err)
	}
	targettest.Do(t, "pause", n.Pause, true)
	ctx, cancel := context.WithTimeout(targettest.Context(t), 20*time.Millisecond)
	defer cancel()
	if _, err := n.Command(ctx, "PING"); err == nil {
		t.Error("a frozen server has answered")
	}
}
