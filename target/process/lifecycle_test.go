package process

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

func TestDataOverRestart(t *testing.T) {
	kill, stop := (*Node).Kill, (*Node).Stop
	tests := []struct {
		name        string
		persistence string
		end         func(*Node, context.Context) (bool, error)
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
			tg, n := started(t, Config{Persistence: persistence(t, test.persistence)})
			addr, pid := n.Addr(), n.PID()
			if err := dial(t, n).Set(testContext(t), "k", "v", 0).Err(); err != nil {
				t.Fatal(err)
			}
			end := func(ctx context.Context) (bool, error) { return test.end(n, ctx) }
			do(t, "end", end, true)
			do(t, "end again", end, false)
			if n.Running() || n.PID() != 0 || syscall.Kill(pid, 0) == nil {
				t.Fatal("the server is still there")
			}
			do(t, "start", n.Start, true)
			do(t, "start again", n.Start, false)
			if n.Addr() != addr || n.PID() == pid {
				t.Errorf("got %s, process %d; want %s and a new process", n.Addr(), n.PID(), addr)
			}
			err := dial(t, n).Get(testContext(t), "k").Err()
			if kept := err == nil; kept != test.wantKept || (err != nil && !errors.Is(err, redis.Nil)) {
				t.Errorf("get k: %v; want it kept: %v", err, test.wantKept)
			}
			if err := tg.Close(); err != nil || n.Running() {
				t.Errorf("close: %v, running %v", err, n.Running())
			}
		})
	}
}

func TestPaths(t *testing.T) {
	dir := filepath.Join(t.TempDir(), `my "best" servers\ünïcode 100%`)
	_, n := started(t, Config{Dir: dir, Args: []string{"maxmemory 100mb", ""}})
	got, err := dial(t, n).ConfigGet(testContext(t), "*").Result()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"dir": filepath.Join(dir, "n1", "data"), "logfile": filepath.Join(dir, "n1", "redis.log"),
		"maxmemory": "104857600", "bind": loopback, "protected-mode": "yes", "appendfsync": "always",
	}
	for name, value := range want {
		if got[name] != value {
			t.Errorf("%s: got %q, want %q", name, got[name], value)
		}
	}
	if group, err := syscall.Getpgid(n.PID()); err != nil || group != n.PID() {
		t.Errorf("process group: got %d, %v; want its own, %d", group, err, n.PID())
	}
}

func TestBeforeFirstStart(t *testing.T) {
	tg, n := newNode1(t, Config{})
	if n.Name() != "n1" || n.Addr() != "" || n.PID() != 0 || n.Running() || n.LogTail(5) != nil {
		t.Errorf("got %q, %q, %d, %v, %v", n.Name(), n.Addr(), n.PID(), n.Running(), n.LogTail(5))
	}
	do(t, "kill", n.Kill, false)
	do(t, "stop", n.Stop, false)
	do(t, "pause", n.Pause, false)
	do(t, "resume", n.Resume, false)
	for range 2 {
		if err := tg.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if started, err := n.Start(testContext(t)); started || !errors.Is(err, errClosed) {
		t.Errorf("start after close: got %v, %v", started, err)
	}
}

func TestCrash(t *testing.T) {
	_, n := started(t, Config{Args: []string{"crash-memcheck-enabled no"}})
	if err := syscall.Kill(n.PID(), syscall.SIGSEGV); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the crashed server is down", func() bool { return !n.Running() })
	isReport := func(line string) bool { return strings.Contains(line, "crashed by signal") }
	if tail := n.LogTail(1000); !slices.ContainsFunc(tail, isReport) {
		t.Errorf("no crash report in %q", tail)
	}
	if tail := n.LogTail(3); len(tail) != 3 {
		t.Errorf("got %d lines, want 3", len(tail))
	}
	do(t, "kill", n.Kill, false)
	do(t, "start", n.Start, true)
	if tail := n.LogTail(1000); slices.ContainsFunc(tail, isReport) {
		t.Error("the last life's report is still in the log's tail")
	}
}

func TestStopTakesTooLong(t *testing.T) {
	_, n := started(t, Config{Persistence: persistence(t, "rdb"), Args: []string{"rdb-key-save-delay 100000"}})
	fill(t, n, 1000)
	ctx, cancel := context.WithTimeout(testContext(t), 200*time.Millisecond)
	defer cancel()
	_, err := n.Stop(ctx)
	if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "stop n1: it did not exit in time") {
		t.Errorf("got %v", err)
	}
	if n.Running() {
		t.Error("the server is still there")
	}
}

// A nemesis, a user's Ctrl-C and a crash may come at once.
func TestConcurrentUse(t *testing.T) {
	tg, n := started(t, Config{Persistence: persistence(t, "none")})
	ctx, cancel := context.WithTimeout(testContext(t), time.Second)
	defer cancel()
	actions := []func(context.Context) (bool, error){n.Start, n.Start, n.Kill, n.Stop, n.Pause, n.Resume}
	var workers sync.WaitGroup
	for _, action := range actions {
		workers.Go(func() {
			for ctx.Err() == nil {
				_, _ = action(ctx)
				_, _, _, _ = n.Addr(), n.PID(), n.Running(), n.LogTail(1)
			}
		})
	}
	time.Sleep(300 * time.Millisecond)
	addr := n.Addr()
	workers.Wait()
	_, err := n.Resume(testContext(t))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := n.Start(testContext(t)); err != nil {
		t.Fatal(err)
	}
	if n.Addr() != addr {
		t.Errorf("the address changed from %s to %s", addr, n.Addr())
	}
	dial(t, n)
	if err := tg.Close(); err != nil {
		t.Fatal(err)
	}
}
