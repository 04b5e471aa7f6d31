package faketime

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"time"
)

// Clock is a server's wall clock as libfaketime shows it: it reads the clock's file
// each time the server asks what time it is. Its methods are safe for concurrent use.
type Clock struct {
	node, path string
	isSettable bool

	mu      sync.Mutex
	shift   time.Duration
	rate    float64
	began   time.Time
	started time.Time // the server's present life
}

// NewClock returns the node's clock, which goes as the machine's does, with its file
// at path. It can be set if the server has the library.
func NewClock(node, path string, isSettable bool) *Clock {
	return &Clock{node: node, path: path, isSettable: isSettable, rate: 1}
}

// Fixed returns why the clock cannot be set, or nil.
func (c *Clock) Fixed() error {
	if !c.isSettable {
		return errors.New("its target was made without libfaketime")
	}
	return nil
}

// Shift puts the clock forward, or back. Shifts add up.
func (c *Clock) Shift(by time.Duration) error {
	return c.set("shift", func(c *Clock) { c.shift += by })
}

// Drift changes how fast the clock goes from now on.
func (c *Clock) Drift(rate float64) error {
	return c.set("drift", func(c *Clock) { c.rate, c.began = rate, time.Now() })
}

// Begin writes the clock's file for a server that starts now. A clock that cannot be
// set has none.
func (c *Clock) Begin() error {
	if !c.isSettable {
		return nil
	}
	return c.set("begin", func(c *Clock) { c.started = time.Now() })
}

// Environment is what makes a server take the library and read the clock's file, both
// as it finds them. Neither path may have a blank or a colon in it (ld.so(8)).
//
// Why the C library is preloaded as well: a server that is linked to a jemalloc of
// the system's (Debian's) hangs at its start otherwise. jemalloc asks for the time
// while it sets itself up, libfaketime then allocates, and so on in a circle
// (github.com/wolfcw/libfaketime, issue 130). With the C library before it,
// malloc is that one's.
func Environment(library, path string) []string {
	return []string{
		"LD_PRELOAD=" + library + ":libc.so.6",
		"FAKETIME_TIMESTAMP_FILE=" + path,
		"FAKETIME_NO_CACHE=1",
		"FAKETIME_DONT_FAKE_MONOTONIC=1", "DONT_FAKE_MONOTONIC=1", // its name before 0.9.10
	}
}

// set changes the clock, whole or not at all.
func (c *Clock) set(verb string, change func(*Clock)) error {
	err := c.Fixed()
	if err == nil {
		err = c.write(change)
	}
	if err != nil {
		return fmt.Errorf("%s clock of %s: %w", verb, c.node, err)
	}
	return nil
}

func (c *Clock) write(change func(*Clock)) error {
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
func (c *Clock) line() string {
	before := c.began.Sub(c.started).Seconds() * (c.rate - 1)
	return fmt.Sprintf("%+.6f x%g", c.shift.Seconds()-before, c.rate)
}
