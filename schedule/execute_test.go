package schedule

import (
	"fmt"
	"runtime/debug"
	"strings"
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

// additions are clients of a counter, with one addition of 1 each.
func additions(t testing.TB, persistence string, clients int, steps string) *Schedule {
	t.Helper()
	s := &Schedule{Workload: Workload{Name: "counter"}, Target: Target{Persistence: persistence}, Steps: word(t, steps)}
	for range clients {
		s.Clients = append(s.Clients, []Op{{"add-and-get", "k1", history.Int(1)}})
	}
	return s
}

func execute(t testing.TB, x *Executor, s *Schedule) *Execution {
	t.Helper()
	e, err := x.Execute(s)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// told is an execution in one line: what happened to clients and servers, what
// was skipped and why, and what the last read saw.
func told(s *Schedule, e *Execution) string {
	var parts []string
	for _, h := range e.Trace.Happenings {
		switch {
		case h.Kind == Harmed:
			parts = append(parts, h.Text)
		case h.Kind == Executed && h.Client < len(s.Clients):
			parts = append(parts, fmt.Sprintf("c%d executed", h.Client))
		case h.Kind == ExecutedLate:
			parts = append(parts, fmt.Sprintf("c%d late", h.Client))
		case h.Kind == Completed && h.Client < len(s.Clients):
			parts = append(parts, fmt.Sprintf("c%d %s", h.Client, ended(h)))
		case h.Kind == Completed:
			parts = append(parts, "finally "+ended(h))
		}
	}
	for _, skip := range e.Skipped {
		parts = append(parts, fmt.Sprintf("(%s: %s)", skip.Step, skip.Why))
	}
	return strings.Join(parts, ", ")
}

func TestYieldPoints(t *testing.T) {
	for _, test := range []struct{ name, persistence, steps, want string }{
		{"nobody moves", "aof-always", "", "finally ok 0"},
		{"a request under way", "aof-always", "c0", "finally ok 0"},
		{"a reply under way", "aof-always", "c0 c0", "c0 executed, finally ok 1"},
		{"a reply delivered", "aof-always", "c0 c0 c0", "c0 executed, c0 ok 1, finally ok 1"},
		{"no more to do", "aof-always", "c0 c0 c0 c0", "c0 executed, c0 ok 1, finally ok 1, (c0: it has no more to do)"},
		{"executed in another order than called", "aof-always", "c0 c1 c1 c0 c0 c1", "c1 executed, c0 executed, c0 ok 2, c1 ok 1, finally ok 2"},
		{"gives up before it is executed", "aof-always", "c0 timeout:c0", "c0 info timeout, finally ok 0"},
		{"gives up, and is executed late", "aof-always", "c0 timeout:c0 late:c0", "c0 info timeout, c0 late, finally ok 1"},
		{"late only once", "aof-always", "c0 timeout:c0 late:c0 late:c0", "c0 info timeout, c0 late, finally ok 1, (late:c0: no request of it is under way)"},
		{"gives up after it was executed", "aof-always", "c0 c0 timeout:c0 late:c0", "c0 executed, c0 info timeout, finally ok 1, (late:c0: no request of it is under way)"},
		{"nothing to give up", "aof-always", "timeout:c0", "finally ok 0, (timeout:c0: it waits for no answer)"},
		{"killed with a request under way", "aof-always", "c0 kill c0", "kill, c0 info eof, finally ok 0"},
		{"killed with a reply under way", "aof-always", "c0 c0 kill c0", "c0 executed, kill, c0 info eof, finally ok 1"},
		{"killed before the first request", "aof-always", "kill c0", "kill, c0 fail conn-refused, finally ok 0"},
		{"late at a server that has died", "aof-always", "c0 timeout:c0 kill start late:c0", "c0 info timeout, kill, start, finally ok 0, (late:c0: no request of it is under way)"},
		{"no persistence", "none", "c0 c0 c0 kill", "c0 executed, c0 ok 1, kill, finally ok 0"},
		{"a paused server executes nothing", "aof-always", "c0 pause c0 resume c0 c0", "pause, resume, c0 executed, c0 ok 1, finally ok 1, (c0: the server is paused)"},
		{"a reply of a paused server is under way already", "aof-always", "c0 c0 pause c0", "c0 executed, pause, c0 ok 1, finally ok 1"},
		{"a paused server answers no dial", "aof-always", "pause c0 c0 timeout:c0", "pause, c0 fail timeout, finally ok 0, (c0: the server is paused)"},
		{"what is impossible", "aof-always", "start resume fast-fsync pause pause bgsave", "pause, finally ok 0, (start: the server runs), (resume: the server is not paused), (fast-fsync: the disk is fast), (pause: the server is paused already), (bgsave: the server is paused)"},
		{"what is down", "none", "kill kill pause restart bgrewriteaof start bgrewriteaof", "kill, start, finally ok 0, (kill: the server is down), (pause: the server is down), (restart: the server is down), (bgrewriteaof: the server is down), (bgrewriteaof: there is no append-only file)"},
		{"saved", "none", "c0 c0 c0 bgsave kill", "c0 executed, c0 ok 1, bgsave, kill, finally ok 1"},
		{"not yet on the disk", "aof-everysec", "c0 c0 c0 powerloss", "c0 executed, c0 ok 1, powerloss, finally ok 0"},
		{"on the disk", "aof-everysec", "c0 c0 c0 tick:2s powerloss", "c0 executed, c0 ok 1, powerloss, finally ok 1"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := additions(t, test.persistence, 2, test.steps)
			if got := told(s, execute(t, newExecutor(t, "counter"), s)); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

// Every part of a schedule's word is a schedule, and what it skips can be left out.
func TestSkippedStepsChangeNothing(t *testing.T) {
	x := newExecutor(t, "counter")
	s := additions(t, "aof-always", 2, "start c0 kill kill c0 start c1 late:c0 c1 c1 c1 timeout:c1 resume")
	whole := execute(t, x, s)
	if len(whole.Skipped) == 0 {
		t.Fatal("nothing was skipped")
	}
	s.Steps = whole.Word
	short := execute(t, x, s)
	if len(short.Skipped) > 0 || strings.Join(timeless(short.Events), "\n") != strings.Join(timeless(whole.Events), "\n") {
		t.Errorf("skipped %v, then %v", whole.Skipped, short.Skipped)
	}
}

func TestReplicas(t *testing.T) {
	x := newExecutor(t, "counter")
	for _, test := range []struct{ name, steps, want string }{
		{"an addition that no replica has", "c0 c0 c0 failover", "c0 executed, c0 ok 1, failover n2, finally ok 0"},
		{"an addition that a replica has", "c0 c0 c0 replicate failover", "c0 executed, c0 ok 1, replicate, failover n2, finally ok 1"},
		{"a primary that is cut off goes on", "c0 partition failover c0 c0 heal", "partition n1, failover n2, c0 executed, c0 ok 1, heal, finally ok 0"},
		{"nothing to replicate", "replicate heal", "finally ok 0, (replicate: there is nothing to replicate, or nobody to take it), (heal: there is no partition)"},
		{"the old primary comes back", "kill:n1 failover start", "kill n1, failover n2, start n1, finally ok 0"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := additions(t, "aof-always", 1, test.steps)
			s.Target.Replicas = 1
			if got := told(s, execute(t, x, s)); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestAScheduleIsJudged(t *testing.T) {
	x := newExecutor(t, "lock-naive")
	s := &Schedule{
		Workload: Workload{"lock-naive", workloads.Options{TTL: 300 * time.Millisecond}},
		Target:   Target{Persistence: "aof-always"},
		Clients: [][]Op{
			{{"acquire", "k1", history.Str("a")}, {"release", "k1", history.Value{}}},
			{{"acquire", "k1", history.Str("b")}},
		},
		Steps: word(t, "c0 c0 c0 c0 c0 tick:300ms c1 c1 c1 c1 c1"),
	}
	e := execute(t, x, s)
	if e.Verdict != checker.Invalid || !strings.Contains(e.Anomaly().Explanation, "still held it") {
		t.Errorf("got %v, %+v", e.Verdict, e.Anomaly())
	}
	s.Steps = word(t, "c0 c0 c0 c0 c0 c0 c0 c0 tick:300ms c1 c1 c1 c1 c1")
	if e := execute(t, x, s); e.Verdict != checker.Valid {
		t.Errorf("got %v, %+v", e.Verdict, e.Anomaly())
	}
}

// Three clients with five commands each, a kill and a start.
func BenchmarkExecute(b *testing.B) {
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // as the command explore does
	x := newExecutor(b, "counter")
	x.Tracing = false
	s := &Schedule{Workload: Workload{Name: "counter"}, Target: Target{Persistence: "aof-always"}}
	for range 3 {
		var ops []Op
		for range 5 {
			ops = append(ops, Op{"add-and-get", "k1", history.Int(1)})
		}
		s.Clients = append(s.Clients, ops)
	}
	for i := range 45 {
		s.Steps = append(s.Steps, Step{Verb: Move, Client: i % 3})
		if i == 20 {
			s.Steps = append(s.Steps, Step{Verb: Kill}, Step{Verb: Start})
		}
	}
	for b.Loop() {
		e, err := x.Execute(s)
		if err != nil || e.Verdict != checker.Valid {
			b.Fatal(err, e.Verdict)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "schedules/s")
}
