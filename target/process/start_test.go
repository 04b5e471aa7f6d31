package process

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// saved returns a folder with a snapshot of so many keys.
func saved(t *testing.T, keys int) string {
	t.Helper()
	dir := t.TempDir()
	tg, n := started(t, Config{Dir: dir, Persistence: persistence(t, "rdb")})
	fill(t, n, keys)
	do(t, "stop", n.Stop, true)
	if err := tg.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

// slowly makes the server take so long to load each key, and answer meanwhile.
func slowly(delay string) []string {
	return []string{"key-load-delay " + delay, "loading-process-events-interval-bytes 1024"}
}

func TestStartWaitsForLoading(t *testing.T) {
	dir := saved(t, 2500)
	_, n := newNode1(t, Config{Dir: dir, Persistence: persistence(t, "rdb"), Args: slowly("200")})
	began := time.Now()
	do(t, "start", n.Start, true)
	if took := time.Since(began); took < 500*time.Millisecond {
		t.Errorf("took %v: 2500 keys at 200 µs each were not loaded slowly", took)
	}
	if keys, err := dial(t, n).DBSize(testContext(t)).Result(); keys != 2500 || err != nil {
		t.Errorf("got %d keys, %v; want 2500", keys, err)
	}
}

func isLoading(n *Node) bool {
	return slices.ContainsFunc(n.LogTail(5), func(line string) bool { return strings.Contains(line, "Loading RDB") })
}

func TestEndWhileLoading(t *testing.T) {
	dir := saved(t, 5000)
	config := Config{Dir: dir, Persistence: persistence(t, "rdb"), Args: slowly("20000")} // 100 s
	t.Run("kill", func(t *testing.T) {
		_, n := newNode1(t, config)
		result := make(chan error, 1)
		go func() {
			_, err := n.Start(testContext(t))
			result <- err
		}()
		eventually(t, "the server is loading", func() bool { return isLoading(n) })
		do(t, "kill", n.Kill, true)
		var wrong *StartError
		if err := <-result; !errors.As(err, &wrong) || !strings.Contains(err.Error(), "signal: killed") {
			t.Errorf("got %v, want a StartError that tells of the signal", err)
		}
	})
	t.Run("context", func(t *testing.T) {
		_, n := newNode1(t, config)
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		defer cancel()
		started, err := n.Start(ctx)
		var wrong *StartError
		if started || !errors.As(err, &wrong) || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, %v; want a StartError for the deadline", started, err)
		}
		if n.Running() {
			t.Error("the server is still there")
		}
	})
	t.Run("close", func(t *testing.T) {
		tg, n := newNode1(t, config)
		result := make(chan error, 1)
		go func() {
			_, err := n.Start(testContext(t))
			result <- err
		}()
		eventually(t, "the server is loading", func() bool { return isLoading(n) })
		if err := tg.Close(); err != nil || n.Running() {
			t.Errorf("close: %v, running: %v", err, n.Running())
		}
		if err := <-result; err == nil {
			t.Error("a start during close reported success")
		}
	})
}

func TestConfigError(t *testing.T) {
	_, n := newNode1(t, Config{Args: []string{"no-such-directive 1"}})
	started, err := n.Start(testContext(t))
	var wrong *StartError
	if started || !errors.As(err, &wrong) {
		t.Fatalf("got %v, %v; want a StartError", started, err)
	}
	text := err.Error()
	if !strings.HasPrefix(text, "start n1: redis-server exited (exit status 1)\n    ") && os.Getenv(serverVariable) == "" {
		t.Errorf("got %s", text)
	}
	if wrong.Node != "n1" || !strings.Contains(text, "    >>> 'no-such-directive 1'\n") || !strings.Contains(text, wrong.Dir) {
		t.Errorf("got %s", text)
	}
	if n.Running() || n.PID() != 0 {
		t.Error("the server is still there")
	}
}

// steal takes a port for a while as another program would. A nil answer never
// comes; the listener's backlog takes the connections.
func steal(t *testing.T, addr string) io.Closer {
	t.Helper()
	listener, err := net.Listen("tcp4", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	return listener
}

// taken offers the given port, as if it had been free a moment ago, the first
// so many times.
func taken(number, times int) func() (*port, error) {
	return func() (*port, error) {
		if times--; times >= 0 {
			return &port{number: number, held: io.NopCloser(nil)}, nil
		}
		return choosePort()
	}
}

func TestPortTakenAtFirstStart(t *testing.T) {
	thief := steal(t, loopback+":0").(net.Listener).Addr().(*net.TCPAddr)
	_, n := newNode1(t, Config{ports: taken(thief.Port, 2)})
	do(t, "start", n.Start, true)
	if n.Addr() == thief.String() {
		t.Error("got the port of another program")
	}
	dial(t, n)
}

func TestPortTakenAtRestart(t *testing.T) {
	_, n := started(t, Config{})
	addr := n.Addr()
	do(t, "kill", n.Kill, true)
	thief := steal(t, addr)
	for range 2 {
		if _, err := n.Start(testContext(t)); !errors.Is(err, errPortTaken) || n.Addr() != addr {
			t.Fatalf("got %v at %s, want that %s is taken", err, n.Addr(), addr)
		}
	}
	thief.Close()
	do(t, "start", n.Start, true)
	if n.Addr() != addr {
		t.Errorf("got %s, want %s", n.Addr(), addr)
	}
}

func TestStrangersServer(t *testing.T) {
	_, stranger := started(t, Config{})
	pid, number := stranger.PID(), stranger.port.number
	t.Run("on every port", func(t *testing.T) {
		_, n := newNode1(t, Config{ports: taken(number, portTries)})
		started, err := n.Start(testContext(t))
		if started || !errors.Is(err, errPortTaken) {
			t.Errorf("got %v, %v; want that the port is taken", started, err)
		}
	})
	t.Run("on one port", func(t *testing.T) {
		_, n := newNode1(t, Config{ports: taken(number, 1)})
		do(t, "start", n.Start, true)
		if n.Addr() == stranger.Addr() || n.PID() == pid {
			t.Errorf("got the stranger: %s, process %d", n.Addr(), n.PID())
		}
	})
	t.Run("recognized", func(t *testing.T) {
		if err := stranger.server.recognize(map[string]string{"process_id": "1"}); !errors.Is(err, errStranger) {
			t.Errorf("got %v", err)
		}
	})
	if stranger.PID() != pid {
		t.Error("the stranger was harmed")
	}
	dial(t, stranger)
}
