package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/report/paper"
)

// smallStore has a few runs that fit into the repository.
func smallStore(t *testing.T) string {
	t.Helper()
	path, err := filepath.Abs("../../report/paper/testdata/store")
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func TestReportOfAStore(t *testing.T) {
	store := smallStore(t)
	for _, format := range paper.Formats() {
		got := tool(t, "", "report", store, "--format", string(format))
		if got.code != exitValid || got.err != "" || !strings.Contains(got.out, "queue") {
			t.Errorf("%s: exit %d, %q, %d bytes", format, got.code, got.err, len(got.out))
		}
	}
}

func TestReportIntoAFolder(t *testing.T) {
	out := t.TempDir()
	if got := tool(t, "", "report", smallStore(t), "--format", "html,tex", "--out", out); got.code != exitValid || got.out != "" {
		t.Fatalf("exit %d, %q, %q", got.code, got.out, got.err)
	}
	for _, name := range []string{"report.html", "report.tex", "references.bib"} {
		if info, err := os.Stat(filepath.Join(out, name)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := tool(t, "", "report", smallStore(t), "--format", "tex", "--out", out); got.code != exitUsage || !strings.Contains(got.err, "--force") {
		t.Errorf("exit %d, %q", got.code, got.err)
	}
}

func TestReportExitCodes(t *testing.T) {
	store := smallStore(t)
	empty := t.TempDir()
	for _, c := range []struct {
		name string
		args []string
		code int
		err  string
	}{
		{"no store", []string{"report"}, exitFailed, "left out store/latest"},
		{"nothing in it", []string{"report", empty}, exitFailed, "no run folder"},
		{"some left", []string{"report", store, empty, "--format", "json"}, exitValid, "left out " + empty},
		{"unknown format", []string{"report", store, "--format", "pdf"}, exitUsage, `unknown format "pdf"`},
		{"several formats", []string{"report", store, "--format", "md,tex"}, exitUsage, "need a folder"},
		{"several formats into a file", []string{"report", store, "--format", "md,tex", "--out", "report.md"}, exitUsage, "need a folder"},
	} {
		if got := tool(t, "", c.args...); got.code != c.code || !strings.Contains(got.err, c.err) {
			t.Errorf("%s: exit %d, %q", c.name, got.code, got.err)
		}
	}
}
