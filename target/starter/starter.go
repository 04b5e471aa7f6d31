package starter

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/port"
)

const (
	// limit bounds a start whose context has no deadline.
	limit = 2 * time.Minute
	// PortTries is how many ports a first start tries.
	PortTries = 4
)

// Starter makes the starts of one node. It is safe for concurrent use.
type Starter struct {
	name    string
	closing context.Context
	turn    chan struct{} // holds a token while a start is under way
	settled bool          // the port may not change any more; belongs to the token's holder
}

// Steps are what a start does. They are called by one start at a time.
type Steps struct {
	// Running tells whether the server is there already.
	Running func() bool
	// Once makes one attempt on the node's port, on a new one if it has none. An
	// error that wraps port.ErrTaken is about the port.
	Once func(ctx context.Context) error
	// DropPort gives the node's port up.
	DropPort func()
}

// New returns a starter for the node, which starts nothing once closing has ended.
func New(name string, closing context.Context) *Starter {
	return &Starter{name: name, closing: closing, turn: make(chan struct{}, 1)}
}

// Start makes the node run. It reports false if it was running already, or was
// started meanwhile. A port is kept for good by the first start that succeeds.
func (s *Starter) Start(ctx context.Context, steps Steps) (started bool, err error) {
	select {
	case s.turn <- struct{}{}:
	case <-ctx.Done():
		return false, fmt.Errorf("start %s: %w", s.name, ctx.Err())
	}
	defer func() { <-s.turn }()
	if s.closing.Err() != nil {
		return false, fmt.Errorf("start %s: %w", s.name, target.ErrClosed)
	}
	if steps.Running() {
		return false, nil
	}
	ctx, cancel := limited(ctx)
	defer cancel()
	defer context.AfterFunc(s.closing, cancel)()
	for try := 1; ; try++ {
		err := steps.Once(ctx)
		if err == nil {
			s.settled = true
			return true, nil
		}
		if s.settled || try == PortTries || !errors.Is(err, port.ErrTaken) {
			return false, err
		}
		steps.DropPort()
	}
}

func limited(ctx context.Context) (context.Context, context.CancelFunc) {
	if _, ok := ctx.Deadline(); ok {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, limit)
}

// Shutdown calls end while no start is under way. Closing must have ended, so that
// none begins.
func (s *Starter) Shutdown(end func() error) error {
	s.turn <- struct{}{}
	defer func() { <-s.turn }()
	return end()
}
