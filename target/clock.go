package target

import (
	"context"
	"time"
)

// Clock is the time in which a target lives: the world's, or that of a
// simulation.
type Clock interface {
	// Now is the time since some fixed moment.
	Now() time.Duration
	// Sleep waits, and reports false if ctx ended first.
	Sleep(ctx context.Context, d time.Duration) bool
}

// Wall returns the world's clock, which counts from now.
func Wall() Clock { return wall{time.Now()} }

type wall struct{ base time.Time }

func (w wall) Now() time.Duration { return time.Since(w.base) }

func (wall) Sleep(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// WithTimeout is context.WithTimeout in the time of a clock. A clock whose time is
// not the world's has a method of that name.
func WithTimeout(ctx context.Context, clock Clock, d time.Duration) (context.Context, context.CancelFunc) {
	own, ok := clock.(interface {
		WithTimeout(context.Context, time.Duration) (context.Context, context.CancelFunc)
	})
	if ok {
		return own.WithTimeout(ctx, d)
	}
	return context.WithTimeout(ctx, d)
}
