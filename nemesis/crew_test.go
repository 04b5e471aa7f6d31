package nemesis

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// crew are clients that count commands: the simplest [Clients] there can be.
type crew struct{ members []*member }

type member struct {
	done atomic.Int64 // commands

	mu     sync.Mutex
	frozen chan struct{} // closed by Thaw; nil: not frozen
	stands chan struct{} // closed once the client stands
}

// newCrew lets clients work on the server until the test ends.
func newCrew(t *testing.T, l lab, size int) *crew {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	c := &crew{}
	var workers sync.WaitGroup
	t.Cleanup(func() {
		cancel()
		for i := range c.members {
			c.Thaw(i)
		}
		workers.Wait()
	})
	for range size {
		m := &member{}
		c.members = append(c.members, m)
		w, err := l.dial(patience)
		if err != nil {
			t.Fatal(err)
		}
		workers.Go(func() {
			defer w.Close()
			m.work(ctx, func() {
				if _, err := w.ask("INCR n"); err != nil {
					t.Error(err)
					cancel()
				}
			})
		})
	}
	return c
}

func (m *member) work(ctx context.Context, command func()) {
	for ctx.Err() == nil {
		m.pass()
		command()
		m.done.Add(1)
	}
}

func (m *member) pass() {
	m.mu.Lock()
	frozen := m.frozen
	if frozen != nil {
		close(m.stands)
	}
	m.mu.Unlock()
	if frozen != nil {
		<-frozen
	}
}

func (c *crew) Len() int { return len(c.members) }

func (c *crew) Freeze(ctx context.Context, client int) bool {
	m := c.members[client]
	m.mu.Lock()
	if m.frozen == nil {
		m.frozen, m.stands = make(chan struct{}), make(chan struct{})
	}
	stands := m.stands
	m.mu.Unlock()
	select {
	case <-stands:
		return true
	case <-ctx.Done():
		return false
	}
}

func (c *crew) Thaw(client int) bool {
	m := c.members[client]
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.frozen == nil {
		return false
	}
	close(m.frozen)
	m.frozen = nil
	select {
	case <-m.stands:
		return true
	default:
		return false
	}
}

// moves reports whether a client does more commands.
func (m *member) moves() bool {
	before := m.done.Load()
	for deadline := time.Now().Add(100 * time.Millisecond); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		if m.done.Load() > before {
			return true
		}
	}
	return false
}
