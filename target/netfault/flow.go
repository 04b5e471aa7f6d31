package netfault

import (
	"bytes"
	"math/rand/v2"
	"os"
	"slices"
	"sync"
	"time"
)

// flow is one direction of one connection: a delay line with the rules of its
// link. Who feeds it and who empties it is told by [pipe] and [inlet].
//
// Locks are taken in this order: the fabric's, a pipe's out or an inlet's in, a
// flow's mu.
type flow struct {
	mu      sync.Mutex
	changed chan struct{} // closed at the next change; nil if nobody waits for it
	link    *link
	burden  *burden
	line    line
	held    bool  // there is nowhere to go yet
	over    bool  // the end of the stream has been passed on
	shut    error // not nil: nothing comes in any more
	stopped error // not nil: nothing comes in or goes out any more
	random  *rand.Rand
	// filled is called when something has come into the line, with mu held.
	filled func()
	// putBy and takeBy are the deadlines of who feeds and who empties the flow;
	// zero: none.
	putBy, takeBy time.Time
}

// signal wakes all who wait. Call it with mu held.
func (f *flow) signal() {
	if f.changed != nil {
		close(f.changed)
		f.changed = nil
	}
}

// await returns at the next change, or after d if that is not forever. Call it
// with mu held; it is free in between. Every flow is stopped in the end, so that
// no wait is one for ever.
func (f *flow) await(d time.Duration) {
	if f.changed == nil {
		f.changed = make(chan struct{})
	}
	changed := f.changed
	f.mu.Unlock()
	defer f.mu.Lock()
	if d == forever {
		<-changed
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-changed:
	case <-timer.C:
	}
}

// straight reports whether bytes pass without a line. Call it with mu held.
func (f *flow) straight() bool {
	return !f.burden.shapes() && !f.held && f.shut == nil && f.stopped == nil && !f.over && f.line.empty()
}

func (f *flow) blocked() bool { return f.held || f.burden.blocks() }

// change sets the link and what lies on it. What is under way is held back by
// rules that are new. Call it with mu held.
func (f *flow) change(l *link, b *burden) {
	old := f.burden
	f.link, f.burden = l, b
	b.note(holding, func(h *Harm) {
		if old == nil || !slices.Contains(old.harms, h) {
			h.heldBytes.Add(int64(f.line.size))
		}
	})
	if f.line.end == fin {
		b.note(slowing, func(h *Harm) {
			if old == nil || !slices.Contains(old.harms, h) {
				h.slowCloses.Add(1)
			}
		})
	}
	f.signal()
}

// put adds a copy of the bytes to the line, waiting for room. It returns how many
// it took; an error if not all.
func (f *flow) put(b []byte) (n int, err error) {
	for n < len(b) {
		room := min(f.line.room(f.blocked()), len(b)-n)
		switch {
		case f.stopped != nil:
			return n, f.stopped
		case f.shut != nil:
			return n, f.shut
		case expired(f.putBy):
			return n, os.ErrDeadlineExceeded
		case room > 0:
			f.enqueue(b[n : n+room])
			n += room
		default:
			f.await(until(f.putBy))
		}
	}
	return n, nil
}

// enqueue adds a copy of the bytes to the line.
func (f *flow) enqueue(b []byte) {
	f.line.add(chunk{data: bytes.Clone(b), came: time.Now(), draw: f.draw()})
	if f.burden.shapes() {
		f.link.heldBytes.Add(int64(len(b)))
	}
	f.burden.note(holding, func(h *Harm) { h.heldBytes.Add(int64(len(b))) })
	f.filled()
	f.signal()
}

// finish tells how the stream ends, after what is in the line. A reset can follow
// another end.
func (f *flow) finish(end ending) {
	if f.line.end >= end {
		return
	}
	f.over = false
	f.line.end, f.line.ended = end, chunk{came: time.Now(), draw: f.draw()}
	if end == fin {
		f.burden.note(slowing, func(h *Harm) { h.slowCloses.Add(1) })
	}
	f.filled()
	f.signal()
}

// draw draws from [-1, 1) if there is jitter.
func (f *flow) draw() float64 {
	if f.burden == nil || f.burden.jitter == 0 {
		return 0
	}
	return 2*f.random.Float64() - 1
}

// wait is how long it is until something may leave, as things stand.
func (f *flow) wait(now time.Time) time.Duration {
	if f.held {
		return forever
	}
	wait := f.line.wait(now, f.burden)
	rate := f.burden.rate()
	if wait != 0 || rate == 0 || len(f.line.chunks) == 0 {
		return wait
	}
	if wait = f.link.bucket.wait(now, rate, len(f.line.chunks[0].data)); wait > 0 {
		f.countSlowed()
	}
	return wait
}

// ready returns what may leave now: the first bytes, at most limit, for which it
// has taken tokens, or the end, or neither.
func (f *flow) ready(now time.Time, limit int) (b []byte, end ending) {
	if f.stopped != nil || f.held || f.line.wait(now, f.burden) != 0 {
		return nil, open
	}
	if len(f.line.chunks) == 0 {
		return nil, f.line.end
	}
	b = f.line.chunks[0].data
	b = b[:min(len(b), limit)]
	if rate := f.burden.rate(); rate > 0 {
		b = b[:f.link.bucket.take(now, rate, len(b))]
	}
	return b, open
}

// countSlowed counts the head as held back by a bandwidth, once.
func (f *flow) countSlowed() {
	head := &f.line.chunks[0]
	if head.delayed {
		return
	}
	head.delayed = true
	f.burden.note(limiting, func(h *Harm) {
		if !holding(h.rule) {
			h.heldBytes.Add(int64(len(head.data)))
		}
	})
}

// passed tells that of the bytes that ready returned the first n have left.
func (f *flow) passed(b []byte, n int) {
	if unused := len(b) - n; unused > 0 && f.burden.rate() > 0 {
		f.link.bucket.giveBack(unused)
	}
	f.line.left(n)
	f.link.bytes.Add(int64(n))
	f.signal()
}

// stop ends the flow: nothing comes in or goes out any more. It reports false if
// the flow was already stopped.
func (f *flow) stop(err error) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.stopped != nil {
		return false
	}
	f.stopped = err
	f.line.clear()
	f.signal()
	return true
}

func expired(deadline time.Time) bool {
	return !deadline.IsZero() && time.Until(deadline) <= 0
}

// until is how long it is until the deadline.
func until(deadline time.Time) time.Duration {
	if deadline.IsZero() {
		return forever
	}
	return max(0, time.Until(deadline))
}

// sooner returns the shorter wait.
func sooner(a, b time.Duration) time.Duration {
	if a == forever || b != forever && b < a {
		return b
	}
	return a
}
