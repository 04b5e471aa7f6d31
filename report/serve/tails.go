package serve

import (
	"context"
	"sync"
	"time"
)

// maxViewers bounds how many streams there are at a time.
const maxViewers = 64

// tails lets everybody who looks at a run share one tail, that lasts as long as
// somebody looks. It is safe for concurrent use.
type tails struct {
	store *store
	// draw makes of a moment what viewers are sent.
	draw   func(moment) ([]byte, error)
	ctx    context.Context
	cancel context.CancelFunc
	done   sync.WaitGroup

	mu      sync.Mutex
	viewers int
	shared  map[runID]*shared
	closed  bool
}

// shared is a tail with those who look.
type shared struct {
	viewers map[chan update]bool
	last    update // for who comes later
	cancel  context.CancelFunc
}

// update is what a viewer is sent.
type update struct {
	text []byte
	// over: it is the last one.
	over bool
}

func newTails(s *store, draw func(moment) ([]byte, error)) *tails {
	t := &tails{store: s, draw: draw, shared: map[runID]*shared{}}
	t.ctx, t.cancel = context.WithCancel(context.Background())
	return t
}

// close ends all tails and waits for them.
func (t *tails) close() {
	t.mu.Lock()
	t.closed = true
	t.mu.Unlock()
	t.cancel()
	t.done.Wait()
}

// join returns updates about a run: the newest only, for who is slow. They end with
// one that is over, or with the channel closed where the run cannot be followed any
// more. Call leave. ok is false where there are too many viewers.
func (t *tails) join(id runID) (updates <-chan update, leave func(), ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed || t.viewers >= maxViewers {
		return nil, nil, false
	}
	of := t.shared[id]
	if of == nil {
		ctx, cancel := context.WithCancel(t.ctx)
		of = &shared{viewers: map[chan update]bool{}, cancel: cancel}
		t.shared[id] = of
		t.done.Go(func() { defer cancel(); t.follow(ctx, id, of) })
	}
	viewer := make(chan update, 1)
	if of.last.text != nil {
		viewer <- of.last
	}
	of.viewers[viewer] = true
	t.viewers++
	return viewer, sync.OnceFunc(func() { t.leave(id, of, viewer) }), true
}

func (t *tails) leave(id runID, of *shared, viewer chan update) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.viewers--
	delete(of.viewers, viewer)
	if len(of.viewers) == 0 {
		of.cancel()
		t.forget(id, of)
	}
}

// forget makes the next viewer begin a tail of its own. The caller holds the lock.
func (t *tails) forget(id runID, of *shared) {
	if t.shared[id] == of {
		delete(t.shared, id)
	}
}

// follow is the goroutine of a tail.
func (t *tails) follow(ctx context.Context, id runID, of *shared) {
	defer t.end(id, of)
	folder, err := t.store.open(id)
	if err != nil {
		return
	}
	run := &tail{folder: folder, now: t.store.now, tally: newTally(), id: id, store: t.store}
	defer run.close()
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	for {
		m, err := run.look(ctx)
		if err != nil {
			return
		}
		text, err := t.draw(m)
		if err != nil {
			return
		}
		t.send(of, update{text, m.Over})
		if m.Over {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// send gives each viewer the update, in place of one that it did not take.
func (t *tails) send(of *shared, u update) {
	t.mu.Lock()
	defer t.mu.Unlock()
	of.last = u
	for viewer := range of.viewers {
		select {
		case <-viewer:
		default:
		}
		viewer <- u // there is room: only this goroutine sends
	}
}

// end tells who still looks that nothing more will come.
func (t *tails) end(id runID, of *shared) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.forget(id, of)
	for viewer := range of.viewers {
		close(viewer)
	}
}
