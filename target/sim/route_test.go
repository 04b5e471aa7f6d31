package sim

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/virtual"
)

// lab is a simulated target in virtual time, with clients on it.
type lab struct {
	*testing.T
	time   *virtual.Time
	target *Target
	node   *Node
}

// timeout is how long the clients of a lab wait.
const timeout = 100 * time.Millisecond

// within starts a target, and performs a test in its time.
func within(t *testing.T, test func(l lab)) {
	t.Helper()
	p, err := target.ParsePersistence(target.AOFAlways)
	if err != nil {
		t.Fatal(err)
	}
	v := virtual.New(rand.New(rand.NewPCG(1, 1)))
	tg := NewTarget(p, v)
	defer tg.Close()
	v.Run(func() {
		if err := tg.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		test(lab{t, v, tg, tg.node})
	})
}

// dial connects, or returns why that failed.
func (l lab) dial() (net.Conn, error) {
	r := Route{Node: l.node, Time: l.time, Rand: rand.New(rand.NewPCG(2, 2)), Timeout: timeout}
	return r.Dial(l.Context())
}

func (l lab) connect() net.Conn {
	l.Helper()
	conn, err := l.dial()
	if err != nil {
		l.Fatal(err)
	}
	return conn
}

// incr counts once, and returns the reply and how long it took.
func (l lab) incr(conn net.Conn) (reply string, took time.Duration, err error) {
	began := l.time.Now()
	if _, err := fmt.Fprint(conn, "*2\r\n$4\r\nINCR\r\n$1\r\nn\r\n"); err != nil {
		l.Fatal(err)
	}
	p := make([]byte, 100)
	n, err := conn.Read(p)
	return string(p[:n]), l.time.Now() - began, err
}

// must checks the effect of a fault.
func (l lab) must(took bool, err error) {
	l.Helper()
	if err != nil || !took {
		l.Fatalf("took effect: %v, %v", took, err)
	}
}

// during lets somebody act a while after somebody else has begun.
func (l lab) during(first func(), after time.Duration, then func()) {
	g := l.time.Group()
	g.Go(first)
	g.Go(func() { l.time.Sleep(l.Context(), after); then() })
	g.Wait()
}

// counted is how often the server has counted; empty: not at all.
func (l lab) counted() string {
	_, n, _ := strings.Cut(get(l.node.server, "n"), "\r\n")
	return n
}

func TestRequestsAndRepliesAreUnderWay(t *testing.T) {
	within(t, func(l lab) {
		conn := l.connect()
		seen := map[time.Duration]bool{}
		var sum time.Duration
		const requests = 1000
		for range requests {
			_, took, err := l.incr(conn)
			if err != nil || took < 2*shortestDelay || took > 2*longestDelay {
				t.Fatalf("took %v, %v", took, err)
			}
			sum += took
			seen[took] = true
		}
		if mean := sum / requests; mean < 500*time.Microsecond || mean > 800*time.Microsecond || len(seen) < requests/2 {
			t.Errorf("took %v on average, %d different times", mean, len(seen))
		}
	})
}

func TestAPausedServerExecutesWhatWasGivenUp(t *testing.T) {
	within(t, func(l lab) {
		conn := l.connect()
		l.must(l.node.Pause(t.Context()))
		if _, took, err := l.incr(conn); !errors.Is(err, os.ErrDeadlineExceeded) || took != timeout {
			t.Errorf("got %v after %v", err, took)
		}
		conn.Close()
		if got := l.counted(); got != "" {
			t.Errorf("a paused server has counted to %s", got)
		}
		l.must(l.node.Resume(t.Context()))
		l.time.Sleep(t.Context(), time.Microsecond)
		if got := l.counted(); got != "1" {
			t.Errorf("the server counted to %q after it went on, want 1", got)
		}
	})
}

func TestAClientWaitsForAPausedServer(t *testing.T) {
	within(t, func(l lab) {
		conn := l.connect()
		l.must(l.node.Pause(t.Context()))
		l.during(func() {
			if reply, took, err := l.incr(conn); reply != ":1\r\n" || took < timeout/2 || took >= timeout {
				t.Errorf("got %q, %v after %v", reply, err, took)
			}
		}, timeout/2, func() { l.must(l.node.Resume(t.Context())) })
	})
}

func TestWhatIsUnderWayDiesWithTheServer(t *testing.T) {
	for _, paused := range []bool{false, true} {
		within(t, func(l lab) {
			conn := l.connect()
			after := time.Duration(0) // a request is under way for longer than a kill takes
			if paused {
				l.must(l.node.Pause(t.Context()))
				after = timeout / 2
			}
			l.during(func() {
				if _, took, err := l.incr(conn); !errors.Is(err, io.EOF) || took > after+2*signalTime {
					t.Errorf("got %v after %v; the server was killed after %v", err, took, after)
				}
				conn.Close()
			}, after, func() { l.must(l.node.Kill(t.Context())) })
			l.must(l.node.Start(t.Context()))
			l.time.Sleep(t.Context(), timeout)
			if got := l.counted(); got != "" && paused {
				t.Errorf("the request was executed: %s", got)
			}
		})
	}
}

func TestWhatWasGivenUpDiesWithTheServer(t *testing.T) {
	within(t, func(l lab) {
		conn := l.connect()
		l.must(l.node.Pause(t.Context()))
		if _, _, err := l.incr(conn); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Error(err)
		}
		l.must(l.node.Kill(t.Context()))
		l.must(l.node.Start(t.Context()))
		l.time.Sleep(t.Context(), timeout)
		if got := l.counted(); got != "" {
			t.Errorf("the next life executed it: %s", got)
		}
	})
}

func TestDialling(t *testing.T) {
	within(t, func(l lab) {
		l.must(l.node.Stop(t.Context()))
		if _, err := l.dial(); !errors.Is(err, syscall.ECONNREFUSED) {
			t.Errorf("a server that is down: %v", err)
		}
		l.must(l.node.Start(t.Context()))
		l.must(l.node.Pause(t.Context()))
		began := l.time.Now()
		if _, err := l.dial(); !errors.Is(err, os.ErrDeadlineExceeded) || l.time.Now()-began != timeout {
			t.Errorf("a paused server: %v after %v", err, l.time.Now()-began)
		}
		l.during(func() {
			if _, err := l.dial(); !errors.Is(err, syscall.ECONNRESET) {
				t.Errorf("a server killed meanwhile: %v", err)
			}
		}, timeout/2, func() { l.must(l.node.Kill(t.Context())) })
		l.must(l.node.Start(t.Context()))
		l.must(l.node.Pause(t.Context()))
		l.during(func() {
			if conn, err := l.dial(); err != nil {
				t.Errorf("a server that goes on: %v", err)
			} else if reply, _, err := l.incr(conn); reply != ":1\r\n" {
				t.Errorf("%q, %v", reply, err)
			}
		}, timeout/2, func() { l.must(l.node.Resume(t.Context())) })
	})
}

func TestAFaultWithoutEffectSaysSo(t *testing.T) {
	within(t, func(l lab) {
		for name, act := range map[string]func() (bool, error){
			"start":  func() (bool, error) { return l.node.Start(t.Context()) },
			"resume": func() (bool, error) { return l.node.Resume(t.Context()) },
		} {
			if took, err := act(); took || err != nil {
				t.Errorf("%s of a server that runs: %v, %v", name, took, err)
			}
		}
		l.must(l.node.Kill(t.Context()))
		for name, act := range map[string]func() (bool, error){
			"kill":   func() (bool, error) { return l.node.Kill(t.Context()) },
			"stop":   func() (bool, error) { return l.node.Stop(t.Context()) },
			"pause":  func() (bool, error) { return l.node.Pause(t.Context()) },
			"resume": func() (bool, error) { return l.node.Resume(t.Context()) },
		} {
			if took, err := act(); took || err != nil {
				t.Errorf("%s of a server that is down: %v, %v", name, took, err)
			}
		}
	})
}

func TestKeysExpireWhileTheServerIsPausedOrDown(t *testing.T) {
	within(t, func(l lab) {
		set := func() {
			l.node.catchUp()
			l.node.server.Connect().Execute("SET", "n", "1", "PX", "1000")
		}
		set()
		l.must(l.node.Pause(t.Context()))
		l.time.Sleep(t.Context(), 2*time.Second)
		l.must(l.node.Resume(t.Context()))
		if got := l.counted(); got != "" {
			t.Errorf("a key outlived a pause: %s", got)
		}
		set()
		l.must(l.node.Kill(t.Context()))
		l.time.Sleep(t.Context(), 2*time.Second)
		l.must(l.node.Start(t.Context()))
		if got := l.counted(); got != "" {
			t.Errorf("a key outlived the time its server was down: %s", got)
		}
	})
}
