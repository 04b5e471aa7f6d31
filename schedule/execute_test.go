package schedule

import (
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/workloads"
)

func newExecutor(t testing.TB, workload string) *Executor {
	t.Helper()
	w, err := workloads.Find(workload)
	if err != nil {
		t.Fatal(err)
	}
	world := Simulated()
	t.Cleanup(func() { world.Close() })
	return &Executor{World: world, Workload: w, Tracing: true}
}

func word(t testing.TB, text string) []Step {
	t.Helper()
	w, err := ParseWord(text)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func lockNaive(steps []Step) *Schedule {
	return &Schedule{
		Workload: Workload{"lock-naive", workloads.Options{TTL: 300 * time.Millisecond}},
		Target:   Target{Persistence: "aof-always"},
		Clients: [][]Op{
			{{"acquire", "k1", history.Str("a")}, {"release", "k1", history.Value{}}},
			{{"acquire", "k1", history.Str("b")}},
		},
		Steps: steps,
	}
}

func TestALockThatExpires(t *testing.T) {
	x := newExecutor(t, "lock-naive")
	e, err := x.Execute(lockNaive(word(t, "c0 c0 c0 c0 c0 tick:300ms c1 c1 c1 c1 c1")))
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range e.Trace.Happenings {
		t.Logf("%+v", h)
	}
	if e.Verdict != checker.Invalid {
		t.Errorf("got %v %+v", e.Verdict, e.Results)
	}
	t.Log(e.Anomaly().Explanation, e.Skipped)
}

func BenchmarkExecute(b *testing.B) {
	x := newExecutor(b, "counter")
	x.Tracing = false
	s := &Schedule{Workload: Workload{Name: "counter"}, Target: Target{Persistence: "aof-always"}}
	var steps []Step
	for range 3 {
		var ops []Op
		for range 5 {
			ops = append(ops, Op{"add-and-get", "k1", history.Int(1)})
		}
		s.Clients = append(s.Clients, ops)
	}
	for i := range 45 {
		steps = append(steps, Step{Verb: Move, Client: i % 3})
		if i == 20 {
			steps = append(steps, Step{Verb: Kill}, Step{Verb: Start})
		}
	}
	s.Steps = steps
	for b.Loop() {
		e, err := x.Execute(s)
		if err != nil || e.Verdict != checker.Valid {
			b.Fatal(err, e.Verdict)
		}
	}
}
