package process

import (
	"os"
	"time"

	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/faketime"
)

var _ target.ClockSetter = (*Node)(nil)

// ClockFixed returns why the server's clock cannot be set, or nil.
func (n *Node) ClockFixed() error { return n.clock.Fixed() }

// ShiftClock puts the server's wall clock forward, or back. Monotonic clocks, by
// which Redis measures durations, go on as before.
func (n *Node) ShiftClock(by time.Duration) error { return n.clock.Shift(by) }

// DriftClock changes how fast the server's wall clock goes.
func (n *Node) DriftClock(rate float64) error { return n.clock.Drift(rate) }

// environment is what a server that is about to start needs. Nil: what we have.
func (n *Node) environment() ([]string, error) {
	if n.config.Faketime == "" {
		return nil, nil
	}
	return append(os.Environ(), faketime.Environment(n.config.Faketime, n.clockPath())...), n.clock.Begin()
}
