package sim

import (
	"context"

	"github.com/jepsen-lite/jepsen-lite/target"
)

// Target is a standalone simulated server, n1, that lives in the time of a clock.
// It implements [target.Target]. Like the server it is used by one goroutine at a
// time, its node as well.
type Target struct{ node *Node }

// NewTarget prepares a target; nothing runs before Start. The caller must Close
// it.
func NewTarget(p target.Persistence, clock target.Clock) *Target {
	return &Target{&Node{server: NewServer(p), clock: clock}}
}

// Start starts the server.
func (t *Target) Start(ctx context.Context) error {
	_, err := t.node.Start(ctx)
	return err
}

// Nodes returns the server; it is a [*Node].
func (t *Target) Nodes() []target.Node { return []target.Node{t.node} }

// Close ends the server for good.
func (t *Target) Close() error {
	t.node.server.Close()
	return nil
}
