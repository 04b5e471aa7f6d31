package main

import (
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/harness"
	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/target/process/processtest"
)

// BenchmarkFirstOperation measures the time from the start of the command to the
// first invocation.
func BenchmarkFirstOperation(b *testing.B) {
	processtest.Require(b)
	var total time.Duration
	for b.Loop() {
		store := b.TempDir()
		began := time.Now()
		cmd := exec.Command(binary, "run", "--time-limit", "200ms", "--nemesis", "none", "--quiet", "--store", store)
		if out, err := cmd.Output(); err != nil && cmd.ProcessState.ExitCode() != 3 {
			b.Fatalf("%v: %s", err, out)
		}
		latest := filepath.Join(store, "latest")
		info, err := harness.ReadInfo(latest)
		if err != nil {
			b.Fatal(err)
		}
		h, err := history.LoadFile(filepath.Join(latest, "history.jsonl"))
		if err != nil {
			b.Fatal(err)
		}
		total += info.Started.Sub(began) + time.Duration(h.Ops[0].Call)
	}
	b.ReportMetric(float64(total.Milliseconds())/float64(b.N), "ms-to-first-op")
}
