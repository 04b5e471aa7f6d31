package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/harness"
	"github.com/jepsen-lite/jepsen-lite/target/process/processtest"
)

func TestARunAndItsJudgementAgain(t *testing.T) {
	processtest.Require(t)
	store := t.TempDir()
	got := tool(t, "", "run", "--workload", "counter", "--persistence", "none", "--nemesis", "kill",
		"--nemesis-interval", "300ms", "--time-limit", "2s", "--seed", "3", "--store", store)
	if got.code != 1 || !strings.HasPrefix(got.out, "invalid: counter on ") || got.err != "" {
		t.Fatalf("exit %d, %s%s", got.code, got.out, got.err)
	}
	for _, want := range []string{"linearizable(counter)", "run folder  " + store + "/counter/", "kill n1",
		"repeat      jepsen-lite run --workload counter --persistence none --nemesis kill --nemesis-interval 300ms --time-limit 2s --store " + store + " --seed 3"} {
		if !strings.Contains(got.out, want) {
			t.Errorf("%q is not in:\n%s", want, got.out)
		}
	}
	again := tool(t, "", "check", filepath.Join(store, "latest"), "--json")
	stored, err := os.ReadFile(filepath.Join(store, "latest", "results.json"))
	if err != nil || again.code != 1 || again.out != string(stored) {
		t.Errorf("exit %d, %v; --json is not what results.json holds:\n%s", again.code, err, again.out)
	}
	if got := tool(t, "", "check", filepath.Join(store, "latest"), "--model", "counter"); got.code != 1 {
		t.Errorf("with a model of one's own: exit %d, %s%s", got.code, got.out, got.err)
	}
}

func TestRunPrintsOneJSONDocument(t *testing.T) {
	processtest.Require(t)
	got := tool(t, "", "run", "--time-limit", "1s", "--nemesis", "none", "--json", "--store", t.TempDir())
	var results harness.Results
	if err := json.Unmarshal([]byte(got.out), &results); err != nil || got.code != 0 || results.Verdict != "valid" || got.err != "" {
		t.Errorf("exit %d, %v: %s%s", got.code, err, got.out, got.err)
	}
}
