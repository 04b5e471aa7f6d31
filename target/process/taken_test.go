package process

import (
	"errors"
	"io"
	"net"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/target/port"
	"github.com/jepsen-lite/jepsen-lite/target/starter"
	"github.com/jepsen-lite/jepsen-lite/target/targettest"
)

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
func taken(number, times int) func() (*port.Port, error) {
	return func() (*port.Port, error) {
		if times--; times >= 0 {
			return &port.Port{Number: number}, nil
		}
		return port.Choose()
	}
}

func TestPortTakenAtFirstStart(t *testing.T) {
	thief := steal(t, port.Loopback+":0").(net.Listener).Addr().(*net.TCPAddr)
	_, n := newNode1(t, Config{ports: taken(thief.Port, 2)})
	targettest.Do(t, "start", n.Start, true)
	if n.Addr() == thief.String() {
		t.Error("got the port of another program")
	}
	targettest.Dial(t, n)
}

func TestPortTakenAtRestart(t *testing.T) {
	_, n := started(t, Config{})
	addr := n.Addr()
	targettest.Do(t, "kill", n.Kill, true)
	thief := steal(t, addr)
	for range 2 {
		if _, err := n.Start(targettest.Context(t)); !errors.Is(err, port.ErrTaken) || n.Addr() != addr {
			t.Fatalf("got %v at %s, want that %s is taken", err, n.Addr(), addr)
		}
	}
	thief.Close()
	targettest.Do(t, "start", n.Start, true)
	if n.Addr() != addr {
		t.Errorf("got %s, want %s", n.Addr(), addr)
	}
}

func TestStrangersServer(t *testing.T) {
	_, stranger := started(t, Config{})
	pid, number := stranger.PID(), stranger.port.Number
	t.Run("on every port", func(t *testing.T) {
		_, n := newNode1(t, Config{ports: taken(number, starter.PortTries)})
		started, err := n.Start(targettest.Context(t))
		if started || !errors.Is(err, port.ErrTaken) {
			t.Errorf("got %v, %v; want that the port is taken", started, err)
		}
	})
	t.Run("on one port", func(t *testing.T) {
		_, n := newNode1(t, Config{ports: taken(number, 1)})
		targettest.Do(t, "start", n.Start, true)
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
	targettest.Dial(t, stranger)
}
