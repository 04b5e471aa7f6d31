package targettest

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/target"
)

func (b backend) beforeFirstStart(t *testing.T) {
	tg, n := b.prepare(t, Options{})
	if n.Name() != "n1" || n.Addr() != "" || n.Running() || n.LogTail(5) != nil {
		t.Errorf("got %q, %q, %v, %v", n.Name(), n.Addr(), n.Running(), n.LogTail(5))
	}
	Do(t, "kill", n.Kill, false)
	Do(t, "stop", n.Stop, false)
	Do(t, "pause", n.Pause, false)
	Do(t, "resume", n.Resume, false)
	for range 2 {
		if err := tg.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if started, err := n.Start(Context(t)); started || !errors.Is(err, target.ErrClosed) {
		t.Errorf("start after close: got %v, %v", started, err)
	}
}

// saved returns a folder with a snapshot of so many keys.
func (b backend) saved(t *testing.T, keys int) string {
	t.Helper()
	dir := t.TempDir()
	tg, n := b.start(t, Options{Dir: dir, Persistence: Persistence(t, "rdb")})
	Fill(t, n, keys)
	Do(t, "stop", n.Stop, true)
	if err := tg.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

// slowly makes the server take so long to load each key, and answer meanwhile.
func slowly(delay string) []string {
	return []string{"key-load-delay " + delay, "loading-process-events-interval-bytes 1024"}
}

func (b backend) startWaitsForLoading(t *testing.T) {
	dir := b.saved(t, 2500)
	_, n := b.prepare(t, Options{Dir: dir, Persistence: Persistence(t, "rdb"), Args: slowly("200")})
	began := time.Now()
	Do(t, "start", n.Start, true)
	if took := time.Since(began); took < 500*time.Millisecond {
		t.Errorf("took %v: 2500 keys at 200 µs each were not loaded slowly", took)
	}
	if keys, err := Dial(t, n).DBSize(Context(t)).Result(); keys != 2500 || err != nil {
		t.Errorf("got %d keys, %v; want 2500", keys, err)
	}
}

func isLoading(n Node) bool {
	return slices.ContainsFunc(n.LogTail(5), func(line string) bool { return strings.Contains(line, "Loading RDB") })
}

func (b backend) endWhileLoading(t *testing.T) {
	dir := b.saved(t, 5000)
	endless := Options{Dir: dir, Persistence: Persistence(t, "rdb"), Args: slowly("20000")} // 100 s
	starting := func(t *testing.T) (target.Target, Node, chan error) {
		tg, n := b.prepare(t, endless)
		ctx, result := Context(t), make(chan error, 1)
		go func() {
			_, err := n.Start(ctx)
			result <- err
		}()
		Eventually(t, "the server is loading", func() bool { return isLoading(n) })
		return tg, n, result
	}
	t.Run("kill", func(t *testing.T) {
		_, n, result := starting(t)
		Do(t, "kill", n.Kill, true)
		var wrong *target.StartError
		if err := <-result; !errors.As(err, &wrong) || !strings.Contains(err.Error(), "signal: killed") {
			t.Errorf("got %v, want a StartError that tells of the signal", err)
		}
	})
	t.Run("context", func(t *testing.T) {
		_, n := b.prepare(t, endless)
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		started, err := n.Start(ctx)
		var wrong *target.StartError
		if started || !errors.As(err, &wrong) || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, %v; want a StartError for the deadline", started, err)
		}
		if n.Running() {
			t.Error("the server is still there")
		}
	})
	t.Run("close", func(t *testing.T) {
		tg, n, result := starting(t)
		if err := tg.Close(); err != nil || n.Running() {
			t.Errorf("close: %v, running: %v", err, n.Running())
		}
		if err := <-result; err == nil {
			t.Error("a start during close reported success")
		}
	})
}

func (b backend) configError(t *testing.T) {
	_, n := b.prepare(t, Options{Args: []string{"no-such-directive 1"}})
	started, err := n.Start(Context(t))
	var wrong *target.StartError
	if started || !errors.As(err, &wrong) {
		t.Fatalf("got %v, %v; want a StartError", started, err)
	}
	text := err.Error()
	if wrong.Node != "n1" || !strings.HasPrefix(text, "start n1: ") || !strings.Contains(text, "exited (exit status 1)\n    ") ||
		!strings.Contains(text, "    >>> 'no-such-directive 1'\n") || !strings.Contains(text, wrong.Dir) {
		t.Errorf("got %s", text)
	}
	if n.Running() {
		t.Error("the server is still there")
	}
}
