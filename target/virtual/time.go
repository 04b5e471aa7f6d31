package virtual

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"time"
)

// Forever is a moment that does not come.
const Forever = time.Duration(math.MaxInt64)

// least is how long the shortest sleep lasts, and a moment. Why not nothing: a loop
// that does not wait would hold time up.
const least = time.Microsecond

// Time is the time, and who waits in it. Its methods are for goroutines that
// move, within [Time.Run]; Now is for everybody.
type Time struct {
	now     atomic.Int64
	rand    *rand.Rand
	moving  *waiter // holds the baton
	waiting []*waiter
}

// waiter is what goes on at a time: a goroutine, or a call.
type waiter struct {
	wait
	baton chan struct{} // of a goroutine; has room for one
	act   func()        // a call
}

// wait is what somebody waits for: the first of these.
type wait struct {
	due   time.Duration
	ready func() bool     // nil: never
	ctx   context.Context // its end; nil: never
}

// New returns a time that begins at 0. The generator decides who goes first where
// several could; nobody else may use it.
func New(rng *rand.Rand) *Time { return &Time{rand: rng} }

// Now is the time since the beginning.
func (t *Time) Now() time.Duration { return time.Duration(t.now.Load()) }

// Tick lets a moment pass, so that two things that happen one after the other have
// two times, and returns the time.
func (t *Time) Tick() time.Duration { return time.Duration(t.now.Add(int64(least))) }

// Run calls f, in whose course time passes. It is called once. What f has started
// must have ended when f returns.
func (t *Time) Run(f func()) {
	t.moving = newRunner()
	f()
}

func newRunner() *waiter { return &waiter{baton: make(chan struct{}, 1)} }

// Sleep waits, and reports false if ctx ended first.
func (t *Time) Sleep(ctx context.Context, d time.Duration) bool {
	t.stand(wait{due: t.after(max(d, least)), ctx: ctx})
	return ctx.Err() == nil
}

// Await waits until a time, unless ready says sooner that there is no need, and
// returns what ready says then. It is asked again whenever somebody has moved.
func (t *Time) Await(until time.Duration, ready func() bool) bool {
	t.stand(wait{due: until, ready: ready})
	return ready()
}

// AwaitUntilDone is Await without a time but with a context.
func (t *Time) AwaitUntilDone(ctx context.Context, ready func() bool) bool {
	t.stand(wait{due: Forever, ready: ready, ctx: ctx})
	return ready()
}

// At calls act at a time, unless the function it returns is called before. act
// must not wait.
func (t *Time) At(when time.Duration, act func()) (forget func()) {
	w := &waiter{wait: wait{due: when}, act: act}
	t.waiting = append(t.waiting, w)
	return func() {
		if i := slices.Index(t.waiting, w); i >= 0 {
			t.waiting = slices.Delete(t.waiting, i, i+1)
		}
	}
}

// When calls act once ready says so. act must not wait.
func (t *Time) When(ready func() bool, act func()) {
	t.waiting = append(t.waiting, &waiter{wait: wait{due: Forever, ready: ready}, act: act})
}

// WithTimeout is context.WithTimeout in this time.
func (t *Time) WithTimeout(parent context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(parent)
	forget := t.At(t.after(d), func() { cancel(context.DeadlineExceeded) })
	return ctx, func() { forget(); cancel(nil) }
}

// after returns the time that is so far away.
func (t *Time) after(d time.Duration) time.Duration {
	now := t.Now()
	if d > Forever-now {
		return Forever
	}
	return now + d
}

// stand hands the baton over and waits until it comes back.
func (t *Time) stand(w wait) {
	me := t.moving
	me.wait = w
	t.waiting = append(t.waiting, me)
	if next := t.next(); next != me {
		t.hand(next)
		<-me.baton
	}
}

func (t *Time) hand(to *waiter) {
	t.moving = to
	to.baton <- struct{}{}
}

// next lets time pass until a goroutine can go on, and returns that one.
func (t *Time) next() *waiter {
	for {
		i, at := t.first()
		if at == Forever {
			panic(fmt.Sprintf("virtual: at %v everybody waits for what does not come", t.Now()))
		}
		t.now.Store(int64(at))
		w := t.waiting[i]
		t.waiting = slices.Delete(t.waiting, i, i+1)
		if w.act == nil {
			return w
		}
		w.act()
	}
}

// first returns which waiter goes on first, and when.
func (t *Time) first() (chosen int, at time.Duration) {
	at = Forever
	equal := 0
	now := t.Now()
	for i, w := range t.waiting {
		switch when := w.at(now); {
		case when < at:
			chosen, at, equal = i, when, 1
		case when == at && at != Forever:
			if equal++; t.rand.IntN(equal) == 0 {
				chosen = i
			}
		}
	}
	return chosen, at
}

// at is when it can go on.
func (w *wait) at(now time.Duration) time.Duration {
	if w.ready != nil && w.ready() || w.ctx != nil && w.ctx.Err() != nil {
		return now
	}
	return max(now, w.due)
}
