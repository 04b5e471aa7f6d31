package jepsenlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"pgregory.net/rapid"

	"github.com/jepsen-lite/jepsen-lite/schedule"
	"github.com/jepsen-lite/jepsen-lite/workloads/recipes"
)

// Failure is a schedule that breaks a promise.
type Failure struct {
	// Anomaly says in one sentence what went wrong.
	Anomaly string
	// Picture shows it, in 80 columns.
	Picture string
	// Schedule replays it, see [Spec.Replay].
	Schedule *schedule.Schedule
}

func (f *Failure) Error() string {
	return fmt.Sprintf("%s\n\n%s", f.Anomaly, f.Picture)
}

// TB is what Check reports to: a *testing.T, or a *rapid.T.
type TB interface {
	Helper()
	Name() string
	Logf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// Check fails the test if it finds a schedule that breaks the promise, and shows
// the smallest one. The schedule goes to testdata/jepsen-lite, in a file named for
// the test; while that file is there, Check performs it first.
//
// In a property of rapid (t is a *rapid.T), Check draws and performs one schedule,
// and leaves searching and shrinking to rapid.
func Check(t TB, s Spec) {
	t.Helper()
	if drawn, ok := t.(*rapid.T); ok {
		s.checkDrawn(drawn)
		return
	}
	path := filepath.Join("testdata", "jepsen-lite", fileName(t.Name())+".json")
	if _, err := os.Stat(path); err == nil {
		Replay(t, s, path)
	}
	failure, err := s.Find(context.Background())
	if err != nil {
		t.Fatalf("jepsen-lite: %s", explain(err))
	}
	if failure == nil {
		return
	}
	if err := keep(path, failure.Schedule); err != nil {
		t.Logf("jepsen-lite: %v", err)
		path = "nowhere"
	}
	t.Fatalf("jepsen-lite: %s\n%s\nThe schedule is kept in %s; while it is there, it is tried first.", failure.Anomaly, failure.Picture, path)
}

// Replay fails the test if the schedule in the file breaks the promise.
func Replay(t TB, s Spec, path string) {
	t.Helper()
	read, err := schedule.Read(path)
	if err != nil {
		t.Fatalf("jepsen-lite: %v", err)
	}
	failure, err := s.Replay(read)
	if err != nil {
		t.Fatalf("jepsen-lite: %s: %s", path, explain(err))
	}
	if failure != nil {
		t.Fatalf("jepsen-lite: %s: %s\n%s", path, failure.Anomaly, failure.Picture)
	}
}

// ReplayWorkload fails the test if a schedule of one of jepsen-lite's own
// workloads, in the form of schedule.json, breaks its promise. jepsen-lite explore
// --emit-go-test writes such a test.
func ReplayWorkload(t TB, text string) {
	t.Helper()
	read, err := schedule.Decode([]byte(text))
	if err == nil {
		err = read.Validate(recipes.Find)
	}
	if err != nil {
		t.Fatalf("jepsen-lite: %v", err)
	}
	w, err := recipes.Find(read.Workload.Name)
	if err != nil {
		t.Fatalf("jepsen-lite: %v", err)
	}
	world := schedule.Simulated()
	defer world.Close()
	e, err := (&schedule.Executor{World: world, Workload: w, Tracing: true}).Execute(read)
	if err != nil {
		t.Fatalf("jepsen-lite: %v", err)
	}
	if failure := failureOf(read, e); failure != nil {
		t.Fatalf("jepsen-lite: %s\n%s", failure.Anomaly, failure.Picture)
	}
}

// Find looks for a schedule that breaks the promise, and shrinks it. It returns
// nil if there is none among those that it tries.
func (s Spec) Find(ctx context.Context) (*Failure, error) {
	x, wrong, err := s.explorer()
	if err != nil {
		return nil, err
	}
	ctx, wrong.end = context.WithCancel(ctx)
	defer wrong.end()
	found, err := x.Explore(ctx)
	if err = wrong.or(err); err != nil || found.Schedule == nil {
		return nil, err
	}
	failure, err := s.Replay(found.Schedule)
	if err != nil || failure != nil {
		return failure, err
	}
	failure = failureOf(found.Schedule, found.Execution)
	failure.Anomaly += " (it did not fail again: on a real server, or where code uses more than it was given, that can be)"
	return failure, nil
}

// Replay performs a schedule, and returns how it breaks the promise, or nil.
func (s Spec) Replay(sched *schedule.Schedule) (*Failure, error) {
	x, wrong, err := s.explorer()
	if err != nil {
		return nil, err
	}
	if err := sched.Validate(s.only(x.Workload)); err != nil {
		return nil, err
	}
	world, err := x.NewWorld()
	if err != nil {
		return nil, err
	}
	defer world.Close()
	e, err := (&schedule.Executor{World: world, Workload: x.Workload, Tracing: true}).Execute(sched)
	if err = wrong.or(err); err != nil {
		return nil, err
	}
	return failureOf(sched, e), nil
}

// failureOf returns the failure that an execution is, or nil.
func failureOf(s *schedule.Schedule, e *schedule.Execution) *Failure {
	a := e.Anomaly()
	if a == nil {
		return nil
	}
	return &Failure{Anomaly: a.Explanation, Picture: e.Picture(s, 0), Schedule: s}
}

func (s Spec) checkDrawn(t *rapid.T) {
	x, wrong, err := s.explorer()
	if err != nil {
		t.Fatalf("jepsen-lite: %v", err)
	}
	sched, e, err := x.Draw(t)
	switch err = wrong.or(err); {
	case err != nil:
		t.Fatalf("jepsen-lite: %s", explain(err))
	case e.Anomaly() != nil:
		t.Fatalf("jepsen-lite: %v", failureOf(sched, e)) // rapid shrinks what fails here
	}
}

func keep(path string, s *schedule.Schedule) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("keep the schedule: %w", err)
	}
	if err := os.WriteFile(path, s.Encode(), 0o644); err != nil {
		return fmt.Errorf("keep the schedule: %w", err)
	}
	return nil
}

// fileName makes a test's name a file's.
func fileName(name string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>| `, r) {
			return '-'
		}
		return r
	}, name)
}

var errNoClient = errors.New("a spec needs a Client and Operations")
