package paper

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/checker/promise"
)

// copyRun copies a run of the store, with some of its files replaced; one with an
// empty text is left out.
func copyRun(t *testing.T, pattern, to string, files map[string]string) {
	t.Helper()
	from, err := filepath.Glob(filepath.Join(store, pattern))
	if err != nil || len(from) != 1 {
		t.Fatalf("%s: %v, %v", pattern, from, err)
	}
	if err := os.CopyFS(to, os.DirFS(from[0])); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		path := filepath.Join(to, name)
		if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
		if text != "" {
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestGatherTakesWhatItCanRead(t *testing.T) {
	dir := t.TempDir()
	copyRun(t, "register/*-1", filepath.Join(dir, "register", "whole"), nil)
	copyRun(t, "register/*-2", filepath.Join(dir, "register", "newer"), map[string]string{"run.json": `{"version":99}`})
	copyRun(t, "register/*-2", filepath.Join(dir, "register", "unjudged"), map[string]string{"results.json": ""})
	copyRun(t, "queue/*", filepath.Join(dir, "queue", "torn"), map[string]string{"history.jsonl": `{"index":0,"time":5,"process":0,"type":"invoke","f":"enqueue","key":"k","value":1}` + "\n" + `{"index":1,"ti`})
	copyRun(t, "queue/*", filepath.Join(dir, "queue", "silent"), map[string]string{"history.jsonl": ""})
	s, err := Gather(t.Context(), []string{dir, filepath.Join(dir, "nothing"), filepath.Join(dir, "register", "whole")}, nil)
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]*Run{}
	for i := range s.Runs {
		names[filepath.Base(s.Runs[i].Folder)] = &s.Runs[i]
	}
	if got := slices.Sorted(maps.Keys(names)); !slices.Equal(got, []string{"silent", "torn", "unjudged", "whole"}) || len(s.Runs) != 4 {
		t.Fatalf("got %v", got)
	}
	if len(s.Skipped) != 2 {
		t.Errorf("left out %+v", s.Skipped)
	}
	for _, name := range []string{"silent", "torn", "unjudged"} {
		if len(names[name].Problems) == 0 {
			t.Errorf("%s has no problem", name)
		}
	}
	if p := names["unjudged"].Promises; len(p) == 0 || p[0].Standing != promise.NotDecided {
		t.Errorf("an unjudged run says %+v", p)
	}
	if p := names["silent"].Promises; len(p) == 0 || p[0].Standing != promise.Violated {
		t.Errorf("the results of a run without history say %+v", p)
	}
	for _, f := range Formats() {
		written(t, Compose(s), f)
	}
}

func TestGatherOfNothing(t *testing.T) {
	dir := t.TempDir()
	s, err := Gather(t.Context(), []string{dir, filepath.Join(dir, "not there")}, nil)
	if !errors.Is(err, ErrNothing) || s == nil || len(s.Skipped) != 2 {
		t.Errorf("got %+v, %v", s, err)
	}
}

func TestGatherEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Gather(ctx, []string{store}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// Runs with the same history are no independent trials.
func TestSameHistoriesCountOnce(t *testing.T) {
	dir := t.TempDir()
	for i := range 3 {
		copyRun(t, "register/*-1", filepath.Join(dir, fmt.Sprint("run", i)), nil)
	}
	s := gathered(t, dir)
	counted := slices.ContainsFunc(s.Findings, func(f Finding) bool { return f.Chance.Decided > 1 })
	if counted || s.Findings[0].Chance.Decided != 1 || len(s.Runs) != 3 {
		t.Errorf("got %+v", s.Findings)
	}
	if s.Runs[0].SameAs != "" || s.Runs[1].SameAs != "R1" || s.Runs[2].SameAs != "R1" {
		t.Errorf("got %q, %q, %q", s.Runs[0].SameAs, s.Runs[1].SameAs, s.Runs[2].SameAs)
	}
	if text := written(t, Compose(s), Markdown); !strings.Contains(text, "R2 has the same history as R1") {
		t.Error("the report does not say so")
	}
}

func TestRunsAreNamedInShort(t *testing.T) {
	for _, c := range []struct{ labels, want string }{
		{"", ""}, {"R1", "R1"}, {"R1 R2", "R1, R2"}, {"R1 R2 R3", "R1–R3"}, {"R1 R3 R4 R5 R9", "R1, R3–R5, R9"},
	} {
		if got := spans(strings.Fields(c.labels)); got != c.want {
			t.Errorf("%s: %q", c.labels, got)
		}
	}
}

// A comment on GitHub has room for so much, and a report says what it left out.
func TestMarkdownFitsAComment(t *testing.T) {
	s := gathered(t, store)
	for i := range 600 {
		f := s.Findings[i%5]
		f.Promise = fmt.Sprintf("promise %d of many", i)
		s.Findings = append(s.Findings, f)
	}
	text := written(t, Compose(s), Markdown)
	if len(text) >= MarkdownLimit {
		t.Errorf("%d bytes", len(text))
	}
	if !strings.Contains(text, "Left out or cut short to fit into a comment: Results") || !strings.Contains(text, "Reading the violations") {
		t.Errorf("it ends with %s", text[len(text)-800:])
	}
	if small := written(t, Compose(gathered(t, store)), Markdown); strings.Contains(small, "Left out or cut short") {
		t.Error("a small report leaves something out")
	}
}

func BenchmarkGather(b *testing.B) {
	for b.Loop() {
		Compose(gathered(b, store))
	}
}
