package harness

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/workloads"
)

func TestEveryWorkloadIsJudgedOnARealServer(t *testing.T) {
	for _, w := range workloads.All() {
		t.Run(w.Name, func(t *testing.T) {
			c := short(t, w.Name, "aof-always")
			results, err := Run(testContext(t), c, nil)
			if err != nil {
				t.Fatal(err)
			}
			if results.Verdict != checker.Valid {
				t.Errorf("got %s because %s (%+v)", results.Verdict, results.Reason, results.Ops)
			}
			if results.Ops.OK < 50 || len(results.Faults) == 0 { // on a busy machine, too
				t.Errorf("too little happened: %+v, faults %v", results.Ops, results.Faults)
			}
		})
	}
}

func TestARunLeavesEverythingInItsFolder(t *testing.T) {
	c := short(t, "register", "aof-always")
	c.Nemesis = []string{"pause", "client-pause", "restart"}
	results, err := Run(testContext(t), c, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{
		"run.json", "results.json", "history.jsonl", "jepsen-lite.log",
		"servers/n1/redis.conf", "servers/n1/redis.log", "servers/n1/persistence.jsonl",
	} {
		if info, err := os.Stat(filepath.Join(results.Folder, file)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v, or it is empty", file, err)
		}
	}
	info, err := ReadInfo(results.Folder)
	if err != nil || info.Ended.IsZero() || info.Command != c.Command() || info.CutShort || info.Error != "" {
		t.Errorf("got %+v, %v", info, err)
	}
	h, err := history.LoadFile(filepath.Join(results.Folder, "history.jsonl"))
	if err != nil || !h.Ended || len(h.Warnings) > 0 {
		t.Fatalf("the history is not whole: %v, %+v", err, h.Warnings)
	}
	for i := range h.Ops {
		if op := &h.Ops[i]; op.Outcome == history.Info && op.Error == "" {
			t.Errorf("operation %d has an unknown outcome without a reason", op.Invoked)
		}
	}
	again, err := Judge(testContext(t), filepath.Join(c.Store, "latest"), JudgeOptions{Keep: true})
	if err != nil || again.Verdict != results.Verdict || again.Ops != results.Ops {
		t.Errorf("judged again: %+v, %v", again, err)
	}
}

func TestALossIsFound(t *testing.T) {
	for _, workload := range []string{"counter", "queue", "set", "register"} {
		t.Run(workload, func(t *testing.T) {
			c := short(t, workload, "none")
			c.Nemesis = []string{"kill"}
			results, err := Run(testContext(t), c, nil)
			if err != nil {
				t.Fatal(err)
			}
			if results.Verdict != checker.Invalid || len(results.Checks[0].Anomalies) == 0 {
				t.Errorf("got %s with %d anomalies, want invalid", results.Verdict, len(results.Checks[0].Anomalies))
			}
		})
	}
}

// What was acknowledged after the backup is gone once it is put back, also where
// each write is synced; the noise beside it is not what is to blame.
func TestARollbackIsFound(t *testing.T) {
	c := short(t, "set", "aof-always")
	c.Nemesis, c.TimeLimit = []string{"rollback once at 500ms for 1s", "bgsave every 300ms"}, 3*time.Second
	results, err := Run(testContext(t), c, nil)
	if err != nil {
		t.Fatal(err)
	}
	if results.Verdict != checker.Invalid || results.Faults["rollback"] != 1 || len(results.Faults) != 1 {
		t.Errorf("got %s because %s, faults %v", results.Verdict, results.Reason, results.Faults)
	}
}

func TestAnImpossiblePlanIsRefusedBeforeTheStart(t *testing.T) {
	c := short(t, "set", "aof-always")
	c.Nemesis = []string{"kill(replicas) every 1s"}
	var usage *UsageError
	if results, err := Run(testContext(t), c, nil); results != nil || !errors.As(err, &usage) || !strings.Contains(err.Error(), "there are no replicas here; try primary") {
		t.Errorf("got %+v, %v", results, err)
	}
}

func TestAnExpiredLockHasTwoHolders(t *testing.T) {
	c := short(t, "lock", "aof-always")
	c.Nemesis, c.TTL, c.Interval, c.Duration = []string{"client-pause"}, 50*time.Millisecond, 100*time.Millisecond, 400*time.Millisecond
	// Of two clients one mostly holds the lock, so that nearly every second
	// pause hits a holder.
	c.Concurrency, c.Keys, c.Hold, c.TimeLimit = 2, 1, 40*time.Millisecond, 5*time.Second
	results, err := Run(testContext(t), c, nil)
	if err != nil {
		t.Fatal(err)
	}
	verdicts := map[string]checker.Verdict{}
	for _, r := range results.Checks {
		verdicts[r.Name] = r.Verdict
	}
	if verdicts["linearizable(mutex)"] != checker.Invalid || verdicts["linearizable(lease(50ms))"] != checker.Valid {
		t.Errorf("got %v, want the mutex invalid and the lease valid", verdicts)
	}
}

func TestARunThatIsCutShortIsJudged(t *testing.T) {
	c := short(t, "counter", "aof-always")
	c.TimeLimit = time.Hour
	ctx, cancel := context.WithCancel(testContext(t))
	var running atomic.Bool
	watch := func(s Status) {
		if s.Phase == "running" && s.Counts.OK > 400 && s.Faults > 0 {
			running.Store(true)
			cancel()
		}
	}
	results, err := Run(ctx, c, watch)
	if err != nil || !running.Load() {
		t.Fatalf("got %v, running %v", err, running.Load())
	}
	if results.Verdict != checker.Valid || !results.CutShort || !strings.Contains(strings.Join(results.Findings, "\n"), "cut short") {
		t.Errorf("got %s, cut short %v, findings %q", results.Verdict, results.CutShort, results.Findings)
	}
}

func TestARunStoppedBeforeItsFirstOperation(t *testing.T) {
	c := short(t, "counter", "aof-always")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	results, err := Run(ctx, c, nil)
	if results != nil || err == nil || !strings.Contains(err.Error(), "stopped before the first operation") {
		t.Errorf("got %+v, %v", results, err)
	}
	again, err := Judge(t.Context(), filepath.Join(c.Store, "latest"), JudgeOptions{})
	if err != nil || again.Verdict != checker.Unknown || !again.CutShort {
		t.Errorf("judged again: %+v, %v", again, err)
	}
}

func TestAServerThatDoesNotStart(t *testing.T) {
	c := short(t, "counter", "aof-always")
	c.RedisArgs = []string{"no-such-directive 1"}
	results, err := Run(testContext(t), c, nil)
	if results != nil || err == nil || !strings.Contains(err.Error(), "no-such-directive") {
		t.Errorf("got %+v, %v; want the server's own words", results, err)
	}
	info, err := ReadInfo(filepath.Join(c.Store, "latest"))
	if err != nil || !strings.Contains(info.Error, "no-such-directive") || info.Ended.IsZero() {
		t.Errorf("run.json: %+v, %v; want the error in it", info, err)
	}
}

func TestARunThatTriedTooLittleIsUnknown(t *testing.T) {
	c := short(t, "counter", "aof-always")
	c.Nemesis, c.Rate, c.TimeLimit = nil, 20, time.Second
	results, err := Run(testContext(t), c, nil)
	if err != nil || results.Verdict != checker.Unknown || !strings.Contains(results.Reason, "operations succeeded") {
		t.Errorf("got %+v, %v", results, err)
	}
}

func TestRunRefusesABadConfig(t *testing.T) {
	var usage *UsageError
	if _, err := Run(t.Context(), Config{}, nil); !errors.As(err, &usage) {
		t.Errorf("got %v, want a UsageError", err)
	}
}
