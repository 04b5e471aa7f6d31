package schedule

import (
	"errors"
	"time"

	"github.com/jepsen-lite/jepsen-lite/target/held"
)

// World is where schedules happen, one after another: a target whose every
// request is held. It is used by one goroutine at a time.
type World interface {
	// Name says what it is: sim, process.
	Name() string
	// Can returns why the world cannot do what a verb says, or nil.
	Can(v Verb) error
	// Reset makes the target as new: running, without data.
	Reset(t Target) error
	// Now is the time since the last Reset.
	Now() time.Duration
	// Beat is called before each step: time goes on, if it does not do so itself.
	Beat()
	// Pass lets time pass.
	Pass(d time.Duration) error
	// Dial connects a client to the present primary or, if replica is true, to
	// a replica. It fails as a dial does.
	Dial(replica bool, hook held.Hook) (*held.Conn, error)
	// Frozen reports whether the server that a client would dial is paused.
	Frozen(replica bool) bool
	// Stands reports whether the server that the connection leads to is paused.
	Stands(c *held.Conn) bool
	// Node names the server that the connection leads to.
	Node(c *held.Conn) string
	// Do does what a step of a fault says. The error is [ErrCannot], or
	// means that the world is broken.
	Do(step Step) (Effect, error)
	// Heal ends every fault: each server runs, and is ready.
	Heal() error
	// Close ends the target.
	Close() error
}

// Effect is what a fault did.
type Effect struct {
	// Node is where: n1.
	Node string
	// Took: something changed.
	Took bool
	// Heals is the name of the fault that this ended.
	Heals string
	// Why says, if it did not take, why not.
	Why string
}

// ErrCannot is the error of a step that a world cannot do.
var ErrCannot = errors.New("not possible on this target")
