package harness

import (
	"context"
	"sync"
	"sync/atomic"
)

// gate holds a client back between two of its commands.
type gate struct {
	closed atomic.Bool // read on every command; the rest only when it is true

	mu       sync.Mutex
	opened   chan struct{} // closed by Thaw
	stands   chan struct{} // closed by the client that arrived
	standing bool
}

// pass returns at once unless the gate is closed, and else when it opens.
func (g *gate) pass() {
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

// freeze closes the gate and waits until the client stands before it.
func (g *gate) freeze(ctx context.Context) bool {
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

// thaw opens the gate, and reports whether the client stood before it.
func (g *gate) thaw() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.closed.Load() {
		return false
	}
	g.closed.Store(false)
	close(g.opened)
	return g.standing
}

// gates are the clients as the nemesis sees them.
type gates []*gate

func (g gates) Len() int                                    { return len(g) }
func (g gates) Freeze(ctx context.Context, client int) bool { return g[client].freeze(ctx) }
func (g gates) Thaw(client int) bool                        { return g[client].thaw() }
