package nemesis

import (
	"time"

	"github.com/jepsen-lite/jepsen-lite/target"
)

// turn is held by one goroutine at a time: whoever injects or heals.
//
// Why not a mutex: in a time that is not the world's it passes only while everybody
// waits in it, and whoever waits for a mutex does not.
type turn struct {
	await func(until time.Duration, ready func() bool) bool // nil: in the world's time
	held  bool                                              // where await is not nil
	free  chan struct{}                                     // holds a token while nobody has the turn
}

// newTurn returns a turn in the time of a clock. A clock whose time is not the
// world's has a method Await.
func newTurn(clock target.Clock) *turn {
	own, ok := clock.(interface {
		Await(time.Duration, func() bool) bool
	})
	if ok {
		return &turn{await: own.Await}
	}
	t := &turn{free: make(chan struct{}, 1)}
	t.free <- struct{}{}
	return t
}

// take waits for the turn.
func (t *turn) take() {
	if t.await == nil {
		<-t.free
		return
	}
	if t.held {
		t.await(forever, func() bool { return !t.held })
	}
	t.held = true
}

func (t *turn) give() {
	if t.await == nil {
		t.free <- struct{}{}
		return
	}
	t.held = false
}
