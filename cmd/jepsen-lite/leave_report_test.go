package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestARunLeavesAReport(t *testing.T) {
	store := t.TempDir()
	run := []string{"run", "--target", "sim", "--time-limit", "2s", "--nemesis", "none", "--seed", "3", "--store", store}
	page := filepath.Join(store, "latest", "report.html")
	exists := func() bool { _, err := os.Stat(page); return err == nil }

	if got := tool(t, "", append(run, "--no-report")...); got.code != 0 || exists() {
		t.Fatalf("with --no-report: exit %d, %s; a report: %v", got.code, got.err, exists())
	}
	if got := tool(t, "", run...); got.code != 0 || got.err != "" || !exists() {
		t.Fatalf("exit %d, %s; a report: %v", got.code, got.err, exists())
	}
	if err := os.Remove(page); err != nil {
		t.Fatal(err)
	}
	if got := tool(t, "", "check", filepath.Join(store, "latest"), "--model", "counter"); exists() {
		t.Errorf("judged by another model, it left a report of what the run's own checks found: exit %d", got.code)
	}
	if got := tool(t, "", "check", filepath.Join(store, "latest")); got.code != 0 || !exists() {
		t.Errorf("judged again: exit %d, %s; a report: %v", got.code, got.err, exists())
	}
}

// That a report cannot be written is a warning, whatever the verdict.
func TestAReportThatCannotBeWritten(t *testing.T) {
	store := t.TempDir()
	if got := tool(t, "", "run", "--target", "sim", "--time-limit", "2s", "--nemesis", "none", "--seed", "3", "--store", store, "--no-report"); got.code != 0 {
		t.Fatalf("exit %d, %s", got.code, got.err)
	}
	if err := os.Mkdir(filepath.Join(store, "latest", "report.html"), 0o755); err != nil {
		t.Fatal(err)
	}
	got := tool(t, "", "check", filepath.Join(store, "latest"))
	if got.code != 0 || !strings.HasPrefix(got.out, "valid") || !strings.HasPrefix(got.err, "jepsen-lite: there is no report: write report.html: ") {
		t.Errorf("exit %d, %s%s", got.code, got.out, got.err)
	}
}

// What explore, replay and shrink leave is a run folder as well.
func TestAFoundScheduleHasAReport(t *testing.T) {
	store := t.TempDir()
	if got := tool(t, "", "explore", "--workload", "counter-get-set", "--seed", "1", "--store", store); got.code != 1 {
		t.Fatalf("exit %d, %s%s", got.code, got.out, got.err)
	}
	text, err := os.ReadFile(filepath.Join(store, "latest", "report.html"))
	if err != nil || !strings.Contains(string(text), "<h1>invalid</h1>") {
		t.Errorf("no report of what was found: %v", err)
	}
}
