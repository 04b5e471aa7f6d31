package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/target/process/processtest"
)

// flowing undoes the breaking of lines.
func flowing(text string) string { return strings.Join(strings.Fields(text), " ") }

func TestShrinkOfASchedule(t *testing.T) {
	folder, store := found(t)
	got := tool(t, "", "shrink", filepath.Join(folder, "schedule.json"), "--store", store)
	if got.code != 1 || got.err != "" || !strings.Contains(got.out, "shrunk from 2 operations and 11 steps to 2 and ") {
		t.Errorf("exit %d, %s%s", got.code, got.out, got.err)
	}
	path := filepath.Join(t.TempDir(), "schedule.json")
	if err := os.WriteFile(path, []byte(goodSchedule), 0o600); err != nil {
		t.Fatal(err)
	}
	got = tool(t, "", "shrink", path, "--store", store)
	if got.code != 3 || !strings.HasPrefix(got.out, "unknown: counter on ") || !strings.Contains(got.out, "breaks no promise here, so that there is nothing to shrink") {
		t.Errorf("one that breaks nothing: exit %d, %s%s", got.code, got.out, got.err)
	}
}

func TestShrinkOfALiveRun(t *testing.T) {
	processtest.Require(t)
	store := t.TempDir()
	run := func(args ...string) {
		t.Helper()
		args = append([]string{"run", "--store", store, "--time-limit", "2s", "--nemesis-interval", "300ms", "--seed", "3"}, args...)
		if got := tool(t, "", args...); got.code > 1 {
			t.Fatalf("exit %d, %s%s", got.code, got.out, got.err)
		}
	}
	latest := filepath.Join(store, "latest")

	run("--workload", "set", "--persistence", "none", "--nemesis", "kill")
	oneLine(t, tool(t, "", "replay", latest), 2, "the run followed no schedule, so that it cannot be replayed; try jepsen-lite shrink "+latest)
	live, err := filepath.EvalSymlinks(latest)
	if err != nil {
		t.Fatal(err)
	}
	got := tool(t, "", "shrink", live, "--store", store, "--time-limit", "20s", "--quiet")
	if got.code != 1 || got.err != "" || !strings.HasPrefix(got.out, "invalid: set on redis 7") ||
		!strings.Contains(flowing(got.out), "the operations that prove the run's violation were performed again") || !strings.Contains(got.out, "reproduced  10 of 10") || !strings.Contains(got.out, "Z-3/schedule.json") {
		t.Errorf("exit %d, %s%s", got.code, got.out, got.err)
	}
	got = tool(t, "", "shrink", live, "--target", "sim", "--store", store, "--json")
	if got.code != 1 || !strings.Contains(got.out, "a simulated redis") {
		t.Errorf("simulated: exit %d, %s%s", got.code, got.out, got.err)
	}

	run("--workload", "counter", "--persistence", "aof-always", "--nemesis", "none")
	got = tool(t, "", "shrink", latest)
	oneLine(t, got, 2, "is valid: only a violation can be shrunk")
}
