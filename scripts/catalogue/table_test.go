package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/harness"
	"github.com/jepsen-lite/jepsen-lite/schedule"
	"github.com/jepsen-lite/jepsen-lite/schedule/catalogue"
)

// shownHere performs the smallest schedule of a bug on the simulator.
func shownHere(t *testing.T, b catalogue.Bug) result {
	t.Helper()
	testdata := filepath.Join("..", "..", "schedule", "catalogue", "testdata")
	s, err := b.Smallest(testdata)
	if err != nil {
		t.Fatal(err)
	}
	shown, err := trial{testdata: testdata, store: t.TempDir()}.replay(t.Context(), b, simulator, 1)
	if err != nil {
		t.Fatal(err)
	}
	return result{bug: b, smallest: s, shown: shown, simulated: onlySimulated(b, s)}
}

// What the document says of each bug is what the catalogue says and what the
// simulator shows; only what a real server measured is taken as it is.
func TestTheDocumentIsUpToDate(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", document))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, opened := strings.Cut(string(text), begin)
	made, _, closed := strings.Cut(rest, end)
	if !opened || !closed {
		t.Fatalf("%s has no table", document)
	}
	lines := strings.Split(made, "\n")
	var tried []result
	for i, b := range catalogue.All() {
		r := shownHere(t, b)
		line := lines[min(2+i, len(lines)-1)]
		if !strings.HasPrefix(line, r.facts()) {
			t.Errorf("%s: %s says\n%s\nexpected\n%s…\n(make catalogue writes it)", b.Name, document, line, r.facts())
		}
		if r.simulated != "" && line != r.facts()+r.measured()+" |" {
			t.Errorf("%s: %s says\n%s\nbut a real server cannot show it", b.Name, document, line)
		}
		if r.simulated == "" && strings.HasSuffix(line, "simulator only |") {
			t.Errorf("%s: no real server was tried", b.Name)
		}
		r.simulated = "not tried here"
		tried = append(tried, r)
	}
	if _, want, _ := strings.Cut(table(tried), "\n\n"); !strings.HasSuffix(made, "\n\n"+want) {
		t.Errorf("%s: after the table, expected\n%s", document, want)
	}
}

func TestReplaceLeavesTheRestAlone(t *testing.T) {
	tests := []struct {
		name, before, after string
		wrong               bool
	}{
		{name: "an old table", before: "a\n" + begin + "old\n" + end + "b\n", after: "a\n" + begin + "new\n" + end + "b\n"},
		{name: "no table yet", before: begin + end, after: begin + "new\n" + end},
		{name: "no place for it", before: "a\n", after: "a\n", wrong: true},
		{name: "no end", before: begin + "a\n", after: begin + "a\n", wrong: true},
		{name: "the wrong way round", before: end + begin, after: end + begin, wrong: true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "document.md")
			if err := os.WriteFile(path, []byte(test.before), 0o644); err != nil {
				t.Fatal(err)
			}
			if err := replace(path, "new\n"); (err != nil) != test.wrong {
				t.Errorf("error %v", err)
			}
			if text, _ := os.ReadFile(path); string(text) != test.after {
				t.Errorf("%q", text)
			}
		})
	}
}

func TestTheCommandSaysWhatDiffersFromTheStandard(t *testing.T) {
	workload := schedule.Workload{Name: "set", Options: harness.DefaultExplore().Plan.Workload.Options}
	tests := []struct {
		plan schedule.Plan
		want string
	}{
		{schedule.Plan{Workload: workload, Target: schedule.Target{Persistence: "aof-always"}, Seed: 1}, "--faults none --seed 1"},
		{schedule.Plan{Workload: workload, Target: schedule.Target{Persistence: "none", Replicas: 1}, Faults: []string{"kill", "tick"},
			MaxFaults: 4, Ticks: []time.Duration{time.Second, 2 * time.Second}, Seed: 7},
			"--persistence none --replicas 1 --faults kill,tick --max-faults 4 --tick 1s --tick 2s --seed 7"},
	}
	for _, test := range tests {
		if got, want := command(test.plan), "jepsen-lite explore --workload set "+test.want; got != want {
			t.Errorf("%s\nexpected\n%s", got, want)
		}
	}
}

// The command line knows what a command of a plan does not say.
func TestPlansOfTheCatalogueFitOnACommandLine(t *testing.T) {
	standard := harness.DefaultExplore().Plan
	for _, b := range catalogue.All() {
		p := b.Plan
		if p.Workload.Options != standard.Workload.Options || p.Checks != nil || p.Clients+p.Ops+p.Keys+p.Schedules != 0 || p.Strategy != "" {
			t.Errorf("%s: the plan asks for more than its command says: %+v", b.Name, p)
		}
	}
}
