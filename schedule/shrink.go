package schedule

import (
	"context"
	"flag"
	"runtime"
	"strconv"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/jepsen-lite/jepsen-lite/checker"
)

// shrink makes the failure that was found as small as it gets: first rapid does,
// by drawing less, then the minimizer, which knows what a schedule is.
func (s *search) shrink(ctx context.Context, found *Found) error {
	deadline := time.Now().Add(s.Plan.ShrinkLimit)
	x := s.executors[0]
	kind := kindOf(found.Execution)
	shrinks := 0
	best := s.failed
	fails := func(t *rapid.T) bool {
		a := s.generator.draw(t, x)
		shrinks++
		if a.err != nil || kindOf(a.execution) != kind || ctx.Err() != nil || time.Now().After(deadline) {
			return false
		}
		if smaller(a.schedule, best.schedule) {
			best = a
			s.tell(shrinks, best.schedule)
		}
		return true
	}
	shrinkByRapid(s.seedOf(s.first), s.Plan.ShrinkLimit/2, fails)
	m := &minimizer{executor: x, kind: kind, deadline: deadline, ctx: ctx, best: best, tell: s.tell, tries: shrinks}
	if err := m.run(); err != nil {
		return err
	}
	found.Schedule, found.Execution, found.Shrinks = m.best.schedule, m.best.execution, m.tries
	return nil
}

func (s *search) tell(tries int, smallest *Schedule) {
	if s.Progress != nil {
		s.Progress(Progress{Phase: "shrinking", Schedules: tries, Steps: len(smallest.Steps), Operations: smallest.operations()})
	}
}

// kindOf says which check failed, and how; empty: none. A failure is not shrunk
// into one of another kind.
//
// Why not how, where a model was searched for: the anomaly's type there is the
// sentence that fits the witness, and a smaller witness of the same cause often
// has a clearer one.
func kindOf(e *Execution) string {
	if e == nil {
		return ""
	}
	for _, r := range e.Results {
		switch {
		case r.Verdict != checker.Invalid || len(r.Anomalies) == 0:
		case r.Model != "":
			return r.Name
		default:
			return r.Name + " " + r.Anomalies[0].Type
		}
	}
	return ""
}

// smaller reports whether a is easier to understand than b: fewer operations,
// then fewer steps, then fewer changes from one lane to another.
func smaller(a, b *Schedule) bool {
	if x, y := a.operations(), b.operations(); x != y {
		return x < y
	}
	if x, y := len(a.Steps), len(b.Steps); x != y {
		return x < y
	}
	return a.switches() < b.switches()
}

// switches counts how often another lane goes on than before.
func (s *Schedule) switches() int {
	n := 0
	for i := 1; i < len(s.Steps); i++ {
		if a, b := s.Steps[i-1], s.Steps[i]; a.Verb.takes() != b.Verb.takes() || a.Client != b.Client {
			n++
		}
	}
	return n
}

// rapidFlags guards rapid's settings, which are flags of the process.
var rapidFlags sync.Mutex

// shrinkByRapid lets rapid draw the case of that seed, and shrink it for as long
// as fails says so.
func shrinkByRapid(seed uint64, limit time.Duration, fails func(*rapid.T) bool) {
	rapidFlags.Lock()
	defer rapidFlags.Unlock()
	if !flag.Parsed() {
		// rapid asks testing.Short, which wants its flags to be parsed. Why not
		// flag.Parse: the command line is none of theirs.
		testing.Init()
		_ = flag.CommandLine.Parse(nil)
	}
	defer setFlags(map[string]string{
		"rapid.checks": "1", "rapid.seed": strconv.FormatUint(seed, 10), "rapid.nofailfile": "true", "rapid.failfile": "",
		"rapid.shrinktime": limit.String(),
	})()
	var quiet quietTB
	var done sync.WaitGroup
	// In a goroutine of its own, because a check that failed ends with Goexit.
	done.Go(func() {
		rapid.Check(&quiet, func(t *rapid.T) {
			if fails(t) {
				t.Fatalf("a promise was broken") // the only place where it fails
			}
		})
	})
	done.Wait()
}

// setFlags sets flags, and returns what sets them back.
func setFlags(values map[string]string) (restore func()) {
	before := map[string]string{}
	for name, value := range values {
		before[name] = flag.Lookup(name).Value.String()
		_ = flag.Set(name, value) // each of them takes what it is given
	}
	return func() {
		for name, value := range before {
			_ = flag.Set(name, value)
		}
	}
}

// quietTB is what rapid reports to: nobody.
type quietTB struct{ failed bool }

func (*quietTB) Helper()                 {}
func (*quietTB) Name() string            { return "jepsen-lite" }
func (*quietTB) Logf(string, ...any)     {}
func (*quietTB) Log(...any)              {}
func (q *quietTB) Skipf(string, ...any)  { q.SkipNow() }
func (q *quietTB) Skip(...any)           { q.SkipNow() }
func (*quietTB) SkipNow()                { runtime.Goexit() }
func (q *quietTB) Errorf(string, ...any) { q.Fail() }
func (q *quietTB) Error(...any)          { q.Fail() }
func (q *quietTB) Fatalf(string, ...any) { q.FailNow() }
func (q *quietTB) Fatal(...any)          { q.FailNow() }
func (q *quietTB) FailNow()              { q.failed = true; runtime.Goexit() }
func (q *quietTB) Fail()                 { q.failed = true }
func (q *quietTB) Failed() bool          { return q.failed }
