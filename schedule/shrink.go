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
)

// shrink makes the failure that was found as small as it gets: first rapid does,
// by drawing less, then the minimizer, which knows what a schedule is.
func (s *search) shrink(ctx context.Context, found *Found) error {
	deadline := time.Now().Add(s.Plan.ShrinkLimit)
	x := s.executors[0]
	m := &minimizer{executor: x, deadline: deadline, ctx: ctx, tell: s.tell}
	if err := m.begin(s.failed); err != nil {
		return err
	}
	found.Rate = m.rate
	shrinkByRapid(s.seedOf(s.first), s.Plan.ShrinkLimit/4, func(t *rapid.T) bool {
		return m.tries < drawnTries && m.more() && m.keeps(s.generator.draw(t, x))
	})
	err := m.run()
	found.Schedule, found.Execution, found.Shrinks = m.best.schedule, m.best.execution, m.tries
	return err
}

// drawnTries bounds how often rapid draws. Why not time alone: what is found must
// not depend on how fast a machine is.
const drawnTries = 1000

func (s *search) tell(tries int, smallest *Schedule) {
	if s.Progress != nil {
		s.Progress(Progress{Phase: "shrinking", Schedules: tries, Steps: len(smallest.Steps), Operations: smallest.Operations()})
	}
}

// rapidFlags guards rapid's settings, which are flags of the process.
var rapidFlags sync.Mutex

// shrinkByRapid lets rapid draw the case of that seed, and shrink it for as long
// as fails says so.
func shrinkByRapid(seed uint64, limit time.Duration, fails func(*rapid.T) bool) {
	rapidFlags.Lock()
	defer rapidFlags.Unlock()
	// rapid asks testing.Short, which wants its flags to exist and to be parsed.
	testing.Init() // where they exist it does nothing
	if !flag.Parsed() {
		_ = flag.CommandLine.Parse(nil) // why not flag.Parse: the command line is none of theirs
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
