package schedule

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/target/process/processtest"
	"github.com/jepsen-lite/jepsen-lite/workloads"
)

func realExecutor(t testing.TB, workload string) *Executor {
	t.Helper()
	processtest.Require(t)
	w, err := workloads.Find(workload)
	if err != nil {
		t.Fatal(err)
	}
	folder, err := Scratch()
	if err != nil {
		t.Fatal(err)
	}
	world := Process("", folder)
	t.Cleanup(func() {
		defer os.RemoveAll(folder)
		if err := world.Close(); err != nil {
			t.Error(err)
		}
	})
	return &Executor{World: world, Workload: w, Tracing: true}
}

// Nothing leaks from one schedule into the next on a server that is used again:
// each has the history that it has on a server of its own, whatever came before.
func TestSchedulesOnOneServerAreIsolated(t *testing.T) {
	dirt := []string{
		"c0 c0 c0 c1 c1 c1",                    // data
		"c0 c0 c0 bgsave c1 c1 c1",             // and a snapshot
		"c0 c0 c0 bgsave kill",                 // that a start would load
		"c0 c0 c0 pause",                       // a frozen server
		"c0 timeout:c0 c1",                     // requests under way
		"c0 c0 c0 kill",                        // a server that is down
		"c0 c0 c0 restart c1 c1 bgrewriteaof",  // files made anew
		"c0 c0 c0 pause kill start c1 c1 c1",   // killed while frozen
		"c0 c0 timeout:c0 c1 c1 c1 kill start", // replies under way
	}
	probe := "c0 c0 c0 kill start c1 c1 c1"
	for _, persistence := range []string{"none", "rdb:900/1000000", "aof-always", "aof-everysec"} {
		t.Run(persistence, func(t *testing.T) {
			fresh := realExecutor(t, "counter")
			want := timeless(execute(t, fresh, additions(t, persistence, 2, probe)).Events)
			used := realExecutor(t, "counter")
			for _, before := range dirt {
				execute(t, used, additions(t, persistence, 2, before))
				got := timeless(execute(t, used, additions(t, persistence, 2, probe)).Events)
				if !slices.Equal(got, want) {
					t.Errorf("after %q:\n%s\nwant\n%s", before, strings.Join(got, "\n"), strings.Join(want, "\n"))
				}
			}
		})
	}
}

// Scripts that one schedule has loaded are unknown to the next.
func TestScriptsDoNotLeak(t *testing.T) {
	x := realExecutor(t, "inventory")
	s := &Schedule{
		Workload: Workload{"inventory", workloads.Options{Stock: 3}}, Target: Target{Persistence: "none"},
		Clients: [][]Op{{{"take", "k1", history.Int(1)}}},
		Steps:   word(t, "c0 c0 c0 c0 c0 c0 c0 c0 c0"),
	}
	first := execute(t, x, s)
	if second := execute(t, x, s); !slices.Equal(timeless(first.Events), timeless(second.Events)) || len(first.Word) != len(second.Word) {
		t.Errorf("%v, then %v: the second met a script of the first", first.Word, second.Word)
	}
}

// On a real server a bug reproduces as it does on a simulated one.
func TestABugReproducesOnARealServer(t *testing.T) {
	x := realExecutor(t, "set")
	s := &Schedule{
		Workload: Workload{Name: "set"}, Target: Target{Persistence: "none"},
		Clients: [][]Op{{{"add", "k1", history.Int(1)}}}, Steps: word(t, "c0 c0 c0 kill"),
	}
	for i := range 20 {
		if e := execute(t, x, s); e.Verdict != checker.Invalid {
			t.Fatalf("execution %d: %s", i+1, told(s, e))
		}
	}
}

func TestARealServerRefusesWhatItCannotDo(t *testing.T) {
	x := realExecutor(t, "counter")
	for _, step := range []string{"powerloss", "fsync", "slow-fsync", "replicate", "failover", "partition"} {
		_, err := x.Execute(additions(t, "none", 1, step))
		if _, ok := err.(*PlanError); !ok || !strings.Contains(err.Error(), "use --target sim") {
			t.Errorf("%s: got %v", step, err)
		}
	}
	s := additions(t, "none", 1, "c0")
	s.Target.Replicas = 1
	if _, err := x.Execute(s); err == nil || !strings.Contains(err.Error(), "use --target sim") {
		t.Errorf("replicas: got %v", err)
	}
}

// Three clients with five commands each, a kill and a start, on a real server.
func BenchmarkExecuteProcess(b *testing.B) {
	x := realExecutor(b, "counter")
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
		if _, err := x.Execute(s); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "schedules/s")
}
