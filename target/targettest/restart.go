package targettest

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/jepsen-lite/jepsen-lite/target"
)

func (b backend) dataOverRestart(t *testing.T) {
	kill, stop := Node.Kill, Node.Stop
	tests := []struct {
		name        string
		persistence string
		end         func(Node, context.Context) (bool, error)
		wantKept    bool
	}{
		{"kill, none", "none", kill, false},
		{"stop, none", "none", stop, false},
		{"kill, rdb", "rdb", kill, false},
		{"stop, rdb", "rdb", stop, true},
		{"kill, aof-always", "aof-always", kill, true},
		{"stop, aof-no", "aof-no", stop, true},
		{"stop, mixed", "mixed", stop, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			tg, n := b.start(t, Options{Persistence: Persistence(t, test.persistence)})
			addr, run := n.Addr(), runID(t, n)
			if err := Dial(t, n).Set(Context(t), "k", "v", 0).Err(); err != nil {
				t.Fatal(err)
			}
			end := func(ctx context.Context) (bool, error) { return test.end(n, ctx) }
			Do(t, "end", end, true)
			Do(t, "end again", end, false)
			if n.Running() {
				t.Fatal("the server is still there")
			}
			Do(t, "start", n.Start, true)
			Do(t, "start again", n.Start, false)
			if n.Addr() != addr || runID(t, n) == run {
				t.Errorf("got %s, want another server at %s", n.Addr(), addr)
			}
			err := Dial(t, n).Get(Context(t), "k").Err()
			if kept := err == nil; kept != test.wantKept || (err != nil && !errors.Is(err, redis.Nil)) {
				t.Errorf("get k: %v; want it kept: %v", err, test.wantKept)
			}
			if err := tg.Close(); err != nil || n.Running() {
				t.Errorf("close: %v, running %v", err, n.Running())
			}
		})
	}
}

// runID is what a server is told apart from its earlier lives by.
func runID(t *testing.T, n Node) string {
	t.Helper()
	server, err := target.Info(Context(t), Dial(t, n), "server")
	if err != nil || server["run_id"] == "" {
		t.Fatalf("no run id: %v", err)
	}
	return server["run_id"]
}

func (b backend) crash(t *testing.T) {
	_, n := b.start(t, Options{Args: []string{"crash-memcheck-enabled no", "enable-debug-command yes"}})
	_ = Dial(t, n).Do(Context(t), "DEBUG", "SEGFAULT").Err()
	Eventually(t, "the crashed server is down", func() bool { return !n.Running() })
	isReport := func(line string) bool { return strings.Contains(line, "crashed by signal") }
	if tail := n.LogTail(1000); !slices.ContainsFunc(tail, isReport) {
		t.Errorf("no crash report in %q", tail)
	}
	if tail := n.LogTail(3); len(tail) != 3 {
		t.Errorf("got %d lines, want 3", len(tail))
	}
	Do(t, "kill", n.Kill, false)
	Do(t, "start", n.Start, true)
	if tail := n.LogTail(1000); slices.ContainsFunc(tail, isReport) {
		t.Error("the last life's report is still in the log's tail")
	}
}

func (b backend) stopTakesTooLong(t *testing.T) {
	_, n := b.start(t, Options{Persistence: Persistence(t, "rdb"), Args: []string{"rdb-key-save-delay 100000"}})
	Fill(t, n, 1000)
	ctx, cancel := context.WithTimeout(Context(t), 200*time.Millisecond)
	defer cancel()
	_, err := n.Stop(ctx)
	if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "stop n1: it did not exit in time") {
		t.Errorf("got %v", err)
	}
	if n.Running() {
		t.Error("the server is still there")
	}
}

// A server that writes the first part of its append-only file refuses to exit.
func (b backend) stopWhileNotAllowed(t *testing.T) {
	_, n := b.start(t, Options{Persistence: Persistence(t, "rdb"), Args: []string{"rdb-key-save-delay 1000"}})
	Fill(t, n, 1000) // a second
	if _, err := n.Command(Context(t), "CONFIG", "SET", "appendonly", "yes"); err != nil {
		t.Fatal(err)
	}
	Do(t, "stop", n.Stop, true)
	refused := func(line string) bool { return strings.Contains(line, "Writing initial AOF") }
	if !slices.ContainsFunc(n.LogTail(1000), refused) {
		t.Errorf("it did not refuse: %q", n.LogTail(20))
	}
}

// A nemesis, a user's Ctrl-C and a crash may come at once.
func (b backend) concurrentUse(t *testing.T) {
	tg, n := b.start(t, Options{Persistence: Persistence(t, "none")})
	ctx, cancel := context.WithTimeout(Context(t), time.Second)
	defer cancel()
	actions := []func(context.Context) (bool, error){n.Start, n.Start, n.Kill, n.Stop, n.Pause, n.Resume}
	var workers sync.WaitGroup
	for _, action := range actions {
		workers.Go(func() {
			for ctx.Err() == nil {
				_, _ = action(ctx)
				_, _, _ = n.Addr(), n.Running(), n.LogTail(1)
			}
		})
	}
	time.Sleep(300 * time.Millisecond)
	addr := n.Addr()
	workers.Wait()
	if _, err := n.Resume(Context(t)); err != nil {
		t.Fatal(err)
	}
	if _, err := n.Start(Context(t)); err != nil {
		t.Fatal(err)
	}
	if n.Addr() != addr {
		t.Errorf("the address changed from %s to %s", addr, n.Addr())
	}
	Dial(t, n)
	if err := tg.Close(); err != nil {
		t.Fatal(err)
	}
}
