package harness

import (
	"context"
	"sync/atomic"
	"testing"
	"time"
)

// walker passes a gate again and again until stop.
func walker(t *testing.T, g *realGate) (passed *atomic.Int64) {
	passed = new(atomic.Int64)
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-stop:
				return
			default:
				g.pass()
				passed.Add(1)
			}
		}
	}()
	t.Cleanup(func() { close(stop); g.thaw(); <-done })
	return passed
}

func TestAFrozenClientStandsStill(t *testing.T) {
	g := &realGate{}
	passed := walker(t, g)
	if !g.freeze(testContext(t)) {
		t.Fatal("the client did not come to stand")
	}
	before := passed.Load()
	time.Sleep(20 * time.Millisecond)
	if after := passed.Load(); after != before {
		t.Fatalf("a frozen client went on: %d passes, then %d", before, after)
	}
	if !g.freeze(testContext(t)) {
		t.Error("a client that stands, frozen again, is not said to stand")
	}
	if !g.thaw() {
		t.Error("thaw says that the client did not stand before the gate")
	}
	for deadline := time.Now().Add(patience); passed.Load() == before; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("a thawed client does not go on")
		}
	}
}

func TestAClientThatNeverComesIsNotFrozen(t *testing.T) {
	g := &realGate{}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if g.freeze(ctx) {
		t.Error("freeze says that a client stands that never came")
	}
	if g.thaw() {
		t.Error("thaw says that a client stood that never came")
	}
	if g.thaw() {
		t.Error("an open gate was thawed")
	}
	g.pass() // must not block
}

func TestAGateIsFrozenAndThawedManyTimes(t *testing.T) {
	g := &realGate{}
	walker(t, g)
	for i := range 200 {
		if !g.freeze(testContext(t)) || !g.thaw() {
			t.Fatalf("round %d: freeze or thaw took no effect", i)
		}
	}
}
