package harness

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/workloads"
)

// simulated returns a run of ten virtual seconds with many faults of all kinds.
func simulated(t testing.TB, workload, persistence string) Config {
	t.Helper()
	c := Defaults()
	c.Workload, c.Persistence, c.Target, c.Store, c.Seed = workload, persistence, simTarget, t.TempDir(), 1
	c.Nemesis = []string{"kill", "pause", "restart", "client-pause"}
	c.TimeLimit, c.Interval = 10*time.Second, 500*time.Millisecond
	c.Concurrency, c.Rate, c.Keys, c.OpsPerKey = 5, 300, 4, 100
	c.OpTimeout = 200 * time.Millisecond
	return c
}

func mustRun(t testing.TB, c Config) *Results {
	t.Helper()
	results, err := Run(t.Context(), c, nil)
	if err != nil {
		t.Fatal(err)
	}
	return results
}

func TestEveryWorkloadIsJudgedOnASimulatedServer(t *testing.T) {
	for _, w := range workloads.All() {
		t.Run(w.Name, func(t *testing.T) {
			c := simulated(t, w.Name, "aof-always")
			results := mustRun(t, c)
			if results.Verdict != checker.Valid {
				t.Errorf("got %s because %s (%+v)", results.Verdict, results.Reason, results.Ops)
			}
			if results.Ops.OK < 1500 || len(results.Faults) != len(c.Nemesis) {
				t.Errorf("too little happened: %+v, faults %v", results.Ops, results.Faults)
			}
		})
	}
}

func TestALossIsFoundOnASimulatedServer(t *testing.T) {
	for _, workload := range []string{"counter", "queue", "set", "register"} {
		t.Run(workload, func(t *testing.T) {
			c := simulated(t, workload, "none")
			c.Nemesis = []string{"kill"}
			if results := mustRun(t, c); results.Verdict != checker.Invalid || len(results.Checks[0].Anomalies) == 0 {
				t.Errorf("got %s with %d anomalies, want invalid", results.Verdict, len(results.Checks[0].Anomalies))
			}
		})
	}
}

func TestAnExpiredLockHasTwoHoldersOnASimulatedServer(t *testing.T) {
	c := simulated(t, "lock", "aof-always")
	c.Nemesis, c.TTL, c.Interval, c.Duration = []string{"client-pause"}, 50*time.Millisecond, 100*time.Millisecond, 400*time.Millisecond
	c.Concurrency, c.Keys, c.Hold = 2, 1, 40*time.Millisecond
	verdicts := map[string]checker.Verdict{}
	for _, r := range mustRun(t, c).Checks {
		verdicts[r.Name] = r.Verdict
	}
	if verdicts["linearizable(mutex)"] != checker.Invalid || verdicts["linearizable(lease(50ms))"] != checker.Valid {
		t.Errorf("got %v, want the mutex invalid and the lease valid", verdicts)
	}
}

// evidence makes a run and returns its history and its results, without what is
// the machine's: durations and paths.
func evidence(t *testing.T, c Config) (recorded, judged string) {
	t.Helper()
	c.Store = t.TempDir()
	results := mustRun(t, c)
	text, err := os.ReadFile(filepath.Join(results.Folder, HistoryFile))
	if err != nil {
		t.Fatal(err)
	}
	results.Folder, results.Command = "", strings.Replace(results.Command, c.Store, "", 1)
	for i := range results.Checks {
		results.Checks[i].DurationNS, results.Checks[i].Timing = 0, nil
	}
	encoded, err := json.MarshalIndent(results, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text), string(encoded)
}

func TestTheSameSeedGivesTheSameHistory(t *testing.T) {
	tracks := []string{"kill every 700ms", "pause every 500ms for 200ms", "restart(n1)", "client-pause every 300ms exactly", "kill(primary) once at 2s"}
	for _, test := range []struct {
		workload, persistence string
		nemesis               []string // nil: all faults, in turn
	}{
		{"register", "aof-always", nil}, {"lock", "aof-everysec", nil}, {"queue", "none", nil}, {"set", "rdb:1/10", nil},
		{"lock-fenced", "mixed", nil}, {"counter", "aof-always", tracks},
	} {
		t.Run(test.workload, func(t *testing.T) {
			c := simulated(t, test.workload, test.persistence)
			c.TimeLimit = 4 * time.Second
			if test.nemesis != nil {
				c.Nemesis = test.nemesis
			}
			recorded, judged := evidence(t, c)
			for _, processors := range []int{1, 2, 1, 2} {
				before := runtime.GOMAXPROCS(processors)
				again, judgedAgain := evidence(t, c)
				runtime.GOMAXPROCS(before)
				if again != recorded {
					t.Fatalf("with %d processors the history differs: %s", processors, difference(recorded, again))
				}
				if judgedAgain != judged {
					t.Fatalf("with %d processors the results differ: %s", processors, difference(judged, judgedAgain))
				}
			}
			c.Seed++
			if other, _ := evidence(t, c); other == recorded {
				t.Error("another seed gives the same history")
			}
		})
	}
}

// difference shows where two texts part.
func difference(a, b string) string {
	linesOfB := strings.Split(b, "\n")
	for i, line := range strings.Split(a, "\n") {
		if i >= len(linesOfB) || line != linesOfB[i] {
			return fmt.Sprintf("line %d\n%s\n%s", i+1, line, strings.Join(linesOfB[min(i, len(linesOfB)):min(i+1, len(linesOfB))], ""))
		}
	}
	return "one goes on after the other has ended"
}

// Histories of virtual runs have a time of its own for each event: checks take
// what has the same time for concurrent.
func TestVirtualTimesGrow(t *testing.T) {
	recorded, _ := evidence(t, simulated(t, "counter", "aof-always"))
	last := ""
	for _, match := range regexp.MustCompile(`"time":(\d+)`).FindAllStringSubmatch(recorded, -1) {
		if time := fmt.Sprintf("%20s", match[1]); time <= last {
			t.Fatalf("%s after %s", time, last)
		} else {
			last = time
		}
	}
}

func TestAVirtualRunLeavesItsFolder(t *testing.T) {
	c := simulated(t, "counter", "aof-everysec")
	results := mustRun(t, c)
	info, err := ReadInfo(results.Folder)
	if err != nil || info.Target != "sim" || info.Redis != "a simulated redis 7.0" || info.Ended.IsZero() || !strings.Contains(info.Command, " --target sim ") {
		t.Errorf("got %+v, %v", info, err)
	}
	h, err := history.LoadFile(filepath.Join(results.Folder, HistoryFile))
	if err != nil || !h.Ended || len(h.Warnings) > 0 || lastTime(h) < c.TimeLimit {
		t.Errorf("the history is not whole: %v, %+v", err, h.Warnings)
	}
	if found := strings.Join(results.Findings, "\n"); !strings.Contains(found, "simulation") || strings.Contains(found, "fsync") {
		t.Errorf("findings: %s", found)
	}
}

func TestAVirtualRunThatIsCutShortIsJudged(t *testing.T) {
	c := simulated(t, "counter", "aof-always")
	c.TimeLimit = 1000 * time.Hour
	ctx, cancel := context.WithCancel(t.Context())
	var cut atomic.Int64
	watch := func(s Status) {
		if s.Phase == "running" && s.Counts.OK > 400 && s.Faults > 0 && cut.CompareAndSwap(0, time.Now().UnixNano()) {
			if !s.Simulated || s.Elapsed == 0 {
				t.Errorf("the status does not tell virtual time: %+v", s)
			}
			cancel()
		}
	}
	results, err := Run(ctx, c, watch)
	if err != nil || cut.Load() == 0 {
		t.Fatalf("got %v, cut %v", err, cut.Load())
	}
	if results.Verdict != checker.Valid || !results.CutShort || !strings.Contains(strings.Join(results.Findings, "\n"), "cut short") {
		t.Errorf("got %s, cut short %v, findings %q", results.Verdict, results.CutShort, results.Findings)
	}
}

func TestAVirtualRunStoppedBeforeItsFirstOperation(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	results, err := Run(ctx, simulated(t, "counter", "aof-always"), nil)
	if results != nil || err == nil || !strings.Contains(err.Error(), "stopped before the first operation") {
		t.Errorf("got %+v, %v", results, err)
	}
}

func TestAVirtualRunWithoutAJournalEnds(t *testing.T) {
	c := simulated(t, "counter", "aof-always")
	c.TimeLimit = 1000 * time.Hour
	r, err := prepare(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	r.world.(*virtualWorld).At(time.Second, func() { r.recorder.Close() })
	r.world.within(func() { err = r.drive(t.Context()) })
	if err == nil || !strings.Contains(err.Error(), "the journal is closed") {
		t.Errorf("got %v", err)
	}
	if err := r.finish(false, nil); err != nil {
		t.Error(err)
	}
}

// clumsy is a client that panics after a while.
type clumsy struct {
	workloads.Client
	left *int
}

func (c clumsy) Do(ctx context.Context, op workloads.Op) (history.Value, error) {
	if *c.left--; *c.left == 0 {
		panic("a client of mine")
	}
	return c.Client.Do(ctx, op)
}

func TestAClientThatPanicsHoldsNobodyUp(t *testing.T) {
	c := simulated(t, "counter", "aof-always")
	c.TimeLimit = 1000 * time.Hour
	r, err := prepare(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	left, make := 100, r.instance.Client
	r.instance.Client = func(e workloads.Env) workloads.Client { return clumsy{make(e), &left} }
	panicked := func() (value any) {
		defer func() { value = recover() }()
		r.world.within(func() { _ = r.drive(t.Context()) })
		return nil
	}()
	if text := fmt.Sprint(panicked); !strings.HasPrefix(text, "a client of mine\n") || !strings.Contains(text, "virtual_test.go") {
		t.Errorf("got %v", panicked)
	}
	if err := r.finish(false, nil); err != nil {
		t.Error(err)
	}
	if text, err := os.ReadFile(filepath.Join(r.folder, HistoryFile)); err != nil || bytes.Count(text, []byte("\n")) < 150 {
		t.Errorf("what was recorded is gone: %v, %d bytes", err, len(text))
	}
}

// BenchmarkVirtualRun tells how many seconds a simulated run gets through in one,
// without the judging, with the faults and the rate of the defaults.
func BenchmarkVirtualRun(b *testing.B) {
	for _, w := range workloads.All() {
		b.Run(w.Name, func(b *testing.B) {
			c := Defaults()
			c.Workload, c.Persistence, c.Target, c.Seed = w.Name, "aof-always", simTarget, 1
			var passed time.Duration
			for b.Loop() {
				c.Store = b.TempDir()
				r, err := prepare(context.Background(), c)
				if err != nil {
					b.Fatal(err)
				}
				r.world.within(func() { err = r.drive(b.Context()) })
				if err = r.finish(false, err); err != nil {
					b.Fatal(err)
				}
				passed += r.world.Now()
			}
			b.ReportMetric(passed.Seconds()/b.Elapsed().Seconds(), "virtual-s/s")
		})
	}
}
