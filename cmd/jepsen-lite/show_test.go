package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// storeOfOne returns a folder with a store whose last run is an invalid one.
func storeOfOne(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	run := filepath.Join(dir, "store", "register", "20260102T150405.000Z-42")
	if err := os.MkdirAll(run, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(run, os.DirFS(filepath.Join("..", "..", "report", "terminal", "testdata", "run"))); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join("register", filepath.Base(run)), filepath.Join(dir, "store", "latest")); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestShowShowsTheLastRun(t *testing.T) {
	dir := storeOfOne(t)
	for _, args := range [][]string{{"show"}, {"show", "store/latest"}, {"show", "--store", filepath.Join(dir, "store")}} {
		cmd := exec.Command(binary, args...)
		cmd.Dir = dir
		got := finished(t, cmd, "")
		if got.code != 0 || got.err != "" || !strings.HasPrefix(got.out, "invalid: register on redis 7.0.15") || !strings.Contains(got.out, "✗ read → null") {
			t.Errorf("%v: exit %d, %q\n%s", args, got.code, got.err, got.out)
		}
		if strings.Contains(got.out, "\033") {
			t.Errorf("%v: colours in a pipe", args)
		}
	}
}

func TestShowHasColoursOnATerminal(t *testing.T) {
	script, err := exec.LookPath("script")
	if err != nil {
		t.Skip("no script(1), which makes a terminal")
	}
	dir := storeOfOne(t)
	for _, test := range []struct {
		env  string
		want bool
	}{{"NO_COLOR=", true}, {"NO_COLOR=1", false}} {
		cmd := exec.Command(script, "--quiet", "--return", "--command", "'"+binary+"' show", "/dev/null")
		cmd.Dir, cmd.Env = dir, append(os.Environ(), test.env)
		got := finished(t, cmd, "")
		if got.code != 0 || strings.Contains(got.out, "\033[31minvalid") != test.want {
			t.Errorf("%s: exit %d\n%s", test.env, got.code, got.out)
		}
	}
}
