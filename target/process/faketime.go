package process

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/jepsen-lite/jepsen-lite/target"
)

// faketimeVariable is the environment variable that names the library.
const faketimeVariable = "JEPSEN_LITE_FAKETIME"

// ErrNoFaketime says that this machine has no libfaketime where we look.
var ErrNoFaketime = errors.New("no libfaketime found, which sets the clocks of servers: install it (Debian: apt-get install libfaketime), or name libfaketimeMT.so.1 by " + faketimeVariable)

// FindFaketime returns the path of libfaketime: what JEPSEN_LITE_FAKETIME names,
// else where Linux distributions have it, else [ErrNoFaketime].
func FindFaketime() (path string, err error) {
	if named := os.Getenv(faketimeVariable); named != "" {
		if _, err := os.Stat(named); err != nil {
			return "", fmt.Errorf("libfaketime, named by %s: %w", faketimeVariable, err)
		}
		return filepath.Abs(named)
	}
	for _, pattern := range []string{"/usr/lib/*/faketime/", "/usr/lib/faketime/", "/usr/lib64/faketime/", "/usr/local/lib/faketime/"} {
		if found, _ := filepath.Glob(pattern + "libfaketimeMT.so.1"); len(found) > 0 {
			return found[0], nil
		}
	}
	return "", ErrNoFaketime
}

// wallClock is a server's wall clock as libfaketime shows it: it reads the file at
// path each time the server asks what time it is.
type wallClock struct {
	library string // empty: the clock is the machine's
	path    string

	mu      sync.Mutex
	shift   time.Duration
	rate    float64
	began   time.Time
	started time.Time // the server's present life
}

var _ target.ClockSetter = (*Node)(nil)

// ClockFixed returns why the server's clock cannot be set, or nil.
func (n *Node) ClockFixed() error {
	if n.clock.library == "" {
		return errors.New("its target was made without libfaketime")
	}
	return nil
}

// ShiftClock puts the server's wall clock forward, or back. Monotonic clocks, by
// which Redis measures durations, go on as before.
func (n *Node) ShiftClock(by time.Duration) error {
	return n.setClock("shift", func(c *wallClock) { c.shift += by })
}

// DriftClock changes how fast the server's wall clock goes.
func (n *Node) DriftClock(rate float64) error {
	return n.setClock("drift", func(c *wallClock) { c.rate, c.began = rate, time.Now() })
}

func (n *Node) setClock(verb string, change func(*wallClock)) error {
	err := n.ClockFixed()
	if err == nil {
		err = n.clock.set(change)
	}
	if err != nil {
		return fmt.Errorf("%s clock of %s: %w", verb, n.name, err)
	}
	return nil
}

// environment is what a server that is about to start needs. Nil: what we have.
//
// Why the C library is preloaded as well: a server that is linked to a jemalloc of
// the system's (Debian's) hangs at its start otherwise. jemalloc asks for the time
// while it sets itself up, libfaketime then allocates, and so on in a circle
// (github.com/wolfcw/libfaketime, issue 130). With the C library before it,
// malloc is that one's.
func (c *wallClock) environment() ([]string, error) {
	if c.library == "" {
		return nil, nil
	}
	err := c.set(func(c *wallClock) { c.started = time.Now() })
	return append(os.Environ(),
		"LD_PRELOAD="+c.library+":libc.so.6",
		"FAKETIME_TIMESTAMP_FILE="+c.path,
		"FAKETIME_NO_CACHE=1",
		"FAKETIME_DONT_FAKE_MONOTONIC=1", "DONT_FAKE_MONOTONIC=1", // its name before 0.9.10
	), err
}

// set changes the clock, whole or not at all.
func (c *wallClock) set(change func(*wallClock)) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	change(c)
	next := c.path + ".new"
	if err := os.WriteFile(next, []byte(c.line()+"\n"), 0o644); err != nil {
		return err
	}
	return os.Rename(next, c.path)
}

// line is what libfaketime reads: how far the clock is from the machine's, and how
// fast it goes; left out, it would go on as fast as before. libfaketime lets the
// clock go faster from the start of the process on: what that would have gained by
// the moment the drift began is taken off again.
func (c *wallClock) line() string {
	before := c.began.Sub(c.started).Seconds() * (c.rate - 1)
	return fmt.Sprintf("%+.6f x%g", c.shift.Seconds()-before, c.rate)
}
