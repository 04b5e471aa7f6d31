package terminal

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/report/figure"
	"github.com/jepsen-lite/jepsen-lite/report/runfolder"
	"github.com/jepsen-lite/jepsen-lite/report/series"
)

var update = flag.Bool("update", false, "write the golden files")

// folder copies the stored run without some of its files, and with others instead.
func folder(t *testing.T, changes map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"run.json", "history.jsonl", "results.json"} {
		text, err := os.ReadFile(filepath.Join("testdata", "run", name))
		if err != nil {
			t.Fatal(err)
		}
		changed, other := changes[name]
		switch {
		case other && changed == "":
			continue
		case other:
			text = []byte(changed)
		}
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func show(t *testing.T, dir string, o Options) string {
	t.Helper()
	run, err := runfolder.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := Show(&out, run, o); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func stored(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "run", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestShow(t *testing.T) {
	whole := stored(t, "history.jsonl")
	torn := whole[:strings.Index(whole, `{"index":9`)+20]
	for _, c := range []struct {
		name    string
		changes map[string]string
		options Options
	}{
		{name: "invalid"},
		{name: "coloured", options: Options{Colour: true}},
		{name: "unjudged", changes: map[string]string{"results.json": ""}},
		{name: "torn", changes: map[string]string{"results.json": "", "history.jsonl": torn, "run.json": strings.Replace(stored(t, "run.json"), `"ended": "2026-01-02T15:04:11Z",`, "", 1)}},
		{name: "unreadable", changes: map[string]string{"results.json": "{", "history.jsonl": "no history\n"}},
		{name: "missing", changes: map[string]string{"history.jsonl": ""}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := folder(t, c.changes)
			golden, err := filepath.Abs(filepath.Join("testdata", c.name+".txt"))
			if err != nil {
				t.Fatal(err)
			}
			t.Chdir(dir) // so that the text does not have the folder's name
			got := show(t, ".", c.options)
			checkLines(t, got)
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("%s differs (go test -update rewrites it); got:\n%s", golden, got)
			}
		})
	}
}

type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

// checkLines fails where a line is too wide, but for those that are copied, or holds
// what a terminal would obey, but for our own colours.
func checkLines(t failer, text string) {
	t.Helper()
	for _, colour := range []string{"0", "31", "32", "33", "35", "90"} {
		text = strings.ReplaceAll(text, "\033["+colour+"m", "")
	}
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if width(line) > columns && !strings.HasPrefix(line, "  run folder") && !strings.HasPrefix(line, "  repeat") && strings.Count(strings.TrimSpace(line), " ") > 0 {
			t.Fatalf("%d columns: %q", width(line), line)
		}
		if strings.IndexFunc(line, unicode.IsControl) >= 0 {
			t.Fatalf("a control character: %q", line)
		}
	}
}

func TestAnyWitnessFits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		proof := figure.Proof{Type: "x", Broken: -1}
		now := int64(0)
		for i := range rapid.IntRange(0, 30).Draw(t, "operations") {
			now += rapid.SampledFrom([]int64{0, 1, 1e6, 9e9}).Draw(t, "pause")
			op := figure.Operation{Process: i, Text: rapid.String().Draw(t, "text"), Call: now, Return: now + rapid.Int64Range(0, 1e7).Draw(t, "took"), Outcome: history.OK}
			if rapid.Bool().Draw(t, "long") {
				op.Text = strings.Repeat("漢7", 5000)
			}
			if rapid.IntRange(0, 4).Draw(t, "unknown") == 0 {
				op.Return, op.Outcome = history.Never, history.Info
			} else {
				proof.Broken = i
			}
			proof.Operations = append(proof.Operations, op)
			proof.Faults = append(proof.Faults, series.Fault{Name: "a-fault-with-a-long-name", From: now, To: now * 2})
			proof.Order = append(proof.Order, figure.Step{Operation: i, State: op.Text})
		}
		if proof.Broken < 0 {
			proof.Order = nil
		}
		p := &printer{}
		p.witness(proof)
		checkLines(t, p.text.String())
	})
}

func TestAnyRunFits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := &history.History{}
		now := int64(0)
		for i := range rapid.IntRange(0, 50).Draw(t, "operations") {
			now += rapid.SampledFrom([]int64{0, 1, 1e6, 9e9, 3e12}).Draw(t, "pause")
			h.Ops = append(h.Ops, history.Op{F: rapid.String().Draw(t, "f"), Call: now, Return: now + 5, Outcome: rapid.SampledFrom([]history.Type{history.OK, history.Fail}).Draw(t, "outcome"), Invoked: i, Completed: i})
		}
		s := series.Of(h, nil)
		for range rapid.IntRange(0, 9).Draw(t, "faults") {
			s.Faults = append(s.Faults, series.Fault{Name: rapid.String().Draw(t, "fault"), From: now / 3, To: now / 2})
		}
		p := &printer{}
		p.operations(s)
		p.overTime(s)
		checkLines(t, p.text.String())
	})
}

func TestTextsFit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text, most := rapid.String().Draw(t, "text"), rapid.IntRange(0, 100).Draw(t, "most")
		got := fit(text, most)
		if width(got) > most || strings.IndexFunc(got, unicode.IsControl) >= 0 {
			t.Fatalf("%q in %d columns became %q", text, most, got)
		}
		if Clean(text) == text && width(text) <= most && got != text {
			t.Fatalf("%q fits into %d columns and became %q", text, most, got)
		}
	})
}

// brokenPipe takes nothing.
type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

func TestErrorsOfWritingAreReturned(t *testing.T) {
	run, err := runfolder.Open(folder(t, nil))
	if err != nil {
		t.Fatal(err)
	}
	if err := Show(brokenPipe{}, run, Options{}); err == nil {
		t.Error("no error")
	}
}
