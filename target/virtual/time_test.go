package virtual

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func newTime(seed uint64) *Time { return New(rand.New(rand.NewPCG(seed, 0))) }

func TestWhoeverIsDueFirstGoesFirst(t *testing.T) {
	v := newTime(1)
	var trace []string
	v.Run(func() {
		g := v.Group()
		for i, waits := range [][]time.Duration{{3, 7}, {5, 1}, {4, 9}} {
			g.Go(func() {
				for _, d := range waits {
					v.Sleep(t.Context(), d*time.Hour)
					trace = append(trace, fmt.Sprintf("%d@%v", i, v.Now().Hours()))
				}
			})
		}
		g.Wait()
	})
	if got, want := strings.Join(trace, " "), "0@3 2@4 1@5 1@6 0@10 2@13"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// disorder lets goroutines meet at the same moments, and returns in which order
// they went.
func disorder(seed uint64) string {
	v, trace := newTime(seed), strings.Builder{}
	v.Run(func() {
		g := v.Group()
		for i := range 5 {
			g.Go(func() {
				for range 20 {
					v.Sleep(context.Background(), time.Second)
					fmt.Fprint(&trace, i)
				}
			})
		}
		g.Wait()
	})
	return trace.String()
}

func TestTheSeedDecidesBetweenEquals(t *testing.T) {
	first := disorder(1)
	for range 100 {
		if got := disorder(1); got != first {
			t.Fatalf("the same seed gave %s and %s", first, got)
		}
	}
	if disorder(2) == first {
		t.Errorf("two seeds gave %s", first)
	}
}

func TestAwaitEndsByItsConditionOrItsTime(t *testing.T) {
	v := newTime(1)
	v.Run(func() {
		open, g := false, v.Group()
		g.Go(func() {
			if v.Await(time.Second, func() bool { return open }) || v.Now() != time.Second {
				t.Errorf("an await that ran out ended at %v", v.Now())
			}
			if !v.Await(Forever, func() bool { return open }) || v.Now() != 3*time.Second {
				t.Errorf("an await that came true ended at %v", v.Now())
			}
		})
		g.Go(func() { v.Sleep(t.Context(), 3*time.Second); open = true })
		g.Wait()
	})
}

func TestContextsEndInVirtualTime(t *testing.T) {
	v := newTime(1)
	v.Run(func() {
		ctx, cancel := v.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if v.Sleep(ctx, time.Hour) || v.Now() != time.Minute || context.Cause(ctx) != context.DeadlineExceeded {
			t.Errorf("got %v at %v", context.Cause(ctx), v.Now())
		}
		ctx, cancel = v.WithTimeout(t.Context(), time.Minute)
		cancel()
		if len(v.waiting) != 0 {
			t.Error("a context that was cancelled still waits for its end")
		}
		if v.Sleep(ctx, Forever) || v.Now() != time.Minute {
			t.Errorf("a sleep under an ended context took until %v", v.Now())
		}
		if v.AwaitUntilDone(ctx, func() bool { return false }) {
			t.Error("what never comes has come")
		}
	})
}

func TestCallsAreMadeWhenTheyAreDue(t *testing.T) {
	v := newTime(1)
	v.Run(func() {
		var trace []string
		note := func(what string) func() { return func() { trace = append(trace, fmt.Sprint(what, v.Now())) } }
		open := false
		v.At(2*time.Second, func() { open = true })
		v.When(func() bool { return open }, note("when"))
		v.At(time.Second, note("at"))
		v.At(time.Second, note("never"))()
		v.Sleep(t.Context(), time.Minute)
		if got := strings.Join(trace, " "); got != "at1s when2s" {
			t.Errorf("got %s", got)
		}
	})
}

func TestALoopThatDoesNotWaitDoesNotHoldTimeUp(t *testing.T) {
	v := newTime(1)
	v.Run(func() {
		ctx, cancel := v.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		for v.Sleep(ctx, 0) {
		}
	})
}

func TestATickIsATimeOfItsOwn(t *testing.T) {
	v := newTime(1)
	if a, b := v.Tick(), v.Tick(); a <= 0 || b <= a || v.Now() != b {
		t.Errorf("got %v, %v, and then %v", a, b, v.Now())
	}
}

func TestAPanicReachesWhoeverWaits(t *testing.T) {
	v := newTime(1)
	others := 0
	panicked := func() (value any) {
		defer func() { value = recover() }()
		v.Run(func() {
			g := v.Group()
			g.Go(func() { panic("no more") })
			for range 3 {
				g.Go(func() { v.Sleep(t.Context(), time.Second); others++ })
			}
			g.Wait()
		})
		return nil
	}()
	if text := fmt.Sprint(panicked); !strings.HasPrefix(text, "no more\n") || !strings.Contains(text, "time_test.go") || others != 3 {
		t.Errorf("got %v; %d others ended", panicked, others)
	}
}

func TestWaitingForNothingIsNoticed(t *testing.T) {
	v := newTime(1)
	defer func() {
		if text := fmt.Sprint(recover()); !strings.Contains(text, "everybody waits") {
			t.Errorf("got %s", text)
		}
	}()
	v.Run(func() { v.Await(Forever, func() bool { return false }) })
}

// BenchmarkTurn is one goroutine handing over to another.
func BenchmarkTurn(b *testing.B) {
	v := newTime(1)
	v.Run(func() {
		g := v.Group()
		for range 10 {
			g.Go(func() {
				for range b.N / 10 {
					v.Sleep(context.Background(), time.Duration(v.rand.Int64N(1000))*time.Microsecond)
				}
			})
		}
		g.Wait()
	})
}
