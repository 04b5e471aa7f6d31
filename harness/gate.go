package harness

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/jepsen-lite/jepsen-lite/target/virtual"
)

// gate holds a client back between two of its commands.
type gate interface {
	// pass returns at once unless the gate is closed, and else when it opens.
	pass()
	// freeze closes the gate and waits until the client stands before it, or ctx
	// ends, which it reports as false.
	freeze(ctx context.Context) bool
	// thaw opens the gate, and reports whether the client stood before it.
	thaw() bool
}

// realGate holds back a goroutine that moves when it likes.
type realGate struct {
	closed atomic.Bool // read on every command; the rest only when it is true

	mu       sync.Mutex
	opened   chan struct{} // closed by thaw
	stands   chan struct{} // closed by the client that arrived
	standing bool
}

func (g *realGate) pass() {
	if !g.closed.Load() {
		return
	}
	g.mu.Lock()
	if !g.closed.Load() {
		g.mu.Unlock()
		return
	}
	opened := g.opened
	if !g.standing {
		g.standing = true
		close(g.stands)
	}
	g.mu.Unlock()
	<-opened
}

func (g *realGate) freeze(ctx context.Context) bool {
	g.mu.Lock()
	if !g.closed.Load() {
		g.opened, g.stands, g.standing = make(chan struct{}), make(chan struct{}), false
		g.closed.Store(true)
	}
	stands := g.stands
	g.mu.Unlock()
	select {
	case <-stands:
		return true
	case <-ctx.Done():
		return false
	}
}

func (g *realGate) thaw() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.closed.Load() {
		return false
	}
	g.closed.Store(false)
	close(g.opened)
	return g.standing
}

// virtualGate holds back a goroutine in virtual time.
type virtualGate struct {
	time             *virtual.Time
	closed, standing bool
}

func (g *virtualGate) pass() {
	if !g.closed {
		return
	}
	g.standing = true
	g.time.Await(virtual.Forever, func() bool { return !g.closed })
}

func (g *virtualGate) freeze(ctx context.Context) bool {
	if !g.closed {
		g.closed, g.standing = true, false
	}
	return g.time.AwaitUntilDone(ctx, func() bool { return g.standing })
}

func (g *virtualGate) thaw() bool {
	stood := g.closed && g.standing
	g.closed = false
	return stood
}

// gates are the clients as the nemesis sees them.
type gates []gate

func (g gates) Len() int                                    { return len(g) }
func (g gates) Freeze(ctx context.Context, client int) bool { return g[client].freeze(ctx) }
func (g gates) Thaw(client int) bool                        { return g[client].thaw() }
