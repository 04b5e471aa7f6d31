package sim

import (
	"context"
	"fmt"
	"time"

	"github.com/jepsen-lite/jepsen-lite/target"
)

// How long things take; of the order of a real server with little data.
const (
	startTime  = 20 * time.Millisecond
	stopTime   = 10 * time.Millisecond
	signalTime = 100 * time.Microsecond
)

// Node is a simulated server as a fault and a client see it.
type Node struct {
	server *Server
	clock  target.Clock
	paused bool
}

var (
	_ target.Target  = (*Target)(nil)
	_ target.Node    = (*Node)(nil)
	_ target.Killer  = (*Node)(nil)
	_ target.Pauser  = (*Node)(nil)
	_ target.Stopper = (*Node)(nil)
)

// Name returns n1.
func (n *Node) Name() string { return "n1" }

// Addr returns a name: there is nothing to dial but with a [Route].
func (n *Node) Addr() string { return "simulated:6379" }

// Running tells whether the server runs, paused or not.
func (n *Node) Running() bool { return n.server.Running() }

// Start starts the server on what its last life left.
func (n *Node) Start(ctx context.Context) (started bool, err error) {
	if n.Running() {
		return false, nil
	}
	if !n.clock.Sleep(ctx, startTime) {
		return false, fmt.Errorf("start %s: %w", n.Name(), ctx.Err())
	}
	n.catchUp()
	return n.server.Start()
}

// Kill ends the server as SIGKILL does, paused or not.
func (n *Node) Kill(ctx context.Context) (killed bool, err error) {
	n.clock.Sleep(ctx, signalTime)
	n.catchUp()
	killed = n.server.Kill()
	n.paused = false
	return killed, nil
}

// Pause stops the server's execution.
func (n *Node) Pause(ctx context.Context) (paused bool, err error) {
	n.clock.Sleep(ctx, signalTime)
	if n.paused || !n.Running() {
		return false, nil
	}
	n.catchUp()
	n.paused = true
	return true, nil
}

// Resume lets a paused server go on.
func (n *Node) Resume(ctx context.Context) (resumed bool, err error) {
	if !n.paused {
		return false, nil
	}
	n.clock.Sleep(ctx, signalTime)
	n.paused = false
	n.catchUp()
	return true, nil
}

// Stop ends the server as SIGTERM does, after resuming it.
func (n *Node) Stop(ctx context.Context) (stopped bool, err error) {
	n.clock.Sleep(ctx, signalTime)
	n.paused = false
	n.catchUp()
	stopped = n.server.Stop()
	n.clock.Sleep(ctx, stopTime)
	return stopped, nil
}

// catchUp lets the time pass for the server that has passed on the clock. While
// it is paused it does nothing on its own, so it catches up afterwards.
func (n *Node) catchUp() {
	if !n.paused {
		n.server.Advance(n.clock.Now() - n.server.Now())
	}
}
