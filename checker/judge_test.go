package checker

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/anishathalye/porcupine"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/history/sketch"
	"github.com/jepsen-lite/jepsen-lite/model"
)

func TestCombine(t *testing.T) {
	for _, test := range []struct {
		name     string
		verdicts []Verdict
		want     Verdict
	}{
		{"nothing", nil, Unknown},
		{"valid", []Verdict{Valid}, Valid},
		{"all valid", []Verdict{Valid, Valid}, Valid},
		{"one unknown", []Verdict{Valid, Unknown, Valid}, Unknown},
		{"unknown first", []Verdict{Unknown, Valid}, Unknown},
		{"one invalid", []Verdict{Valid, Invalid, Valid}, Invalid},
		{"invalid and unknown", []Verdict{Unknown, Invalid, Unknown}, Invalid},
		{"invalid before unknown", []Verdict{Invalid, Unknown, Valid}, Invalid},
	} {
		if got := Combine(test.verdicts...); got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
}

func TestParse(t *testing.T) {
	for _, test := range []struct{ text, name, err string }{
		{text: "stats"},
		{text: "exclusion"},
		{text: "linearizable(fifo-queue)"},
		{text: "linearizable(lease(300ms))"},
		{text: `linearizable(register("(a)"))`},
		{text: "evidence(none)"},
		{text: "evidence(kill,pause)"},
		{text: "", err: `unknown check "": expected one of linearizable, exclusion, expiry, fencing, freshness, durability, delivery, at-least-once, evidence, stats`},
		{text: "order", err: `unknown check "order": expected one of`},
		{text: "linearizable", err: `check "linearizable": expected linearizable(model)`},
		{text: "linearizable(register", err: `check "linearizable(register": expected a closing bracket`},
		{text: "linearizable(heap)", err: `unknown model "heap": expected one of register,`},
		{text: "linearizable(lease)", err: `model "lease": time to live ""`},
		{text: "stats(all)", err: `check "stats(all)": expected stats`},
		{text: "evidence", err: `check "evidence": expected evidence(faults)`},
		{text: "evidence()", err: "check evidence(): expected names of faults"},
		{text: "evidence(kill,)", err: "check evidence(kill,): expected names of faults"},
	} {
		c, err := Parse(test.text)
		switch {
		case test.err != "":
			if err == nil || !strings.Contains(err.Error(), test.err) {
				t.Errorf("%s: got %v, want %q", test.text, err, test.err)
			}
		case err != nil || c.Name() != test.text:
			t.Errorf("%s: got %v, %v", test.text, c, err)
		}
	}
}

// broken is a check that panics.
type broken struct{}

func (broken) Name() string { return "broken" }

func (broken) Check(context.Context, *history.History, Options) (Result, error) {
	panic("out of order")
}

func TestJudgeKeepsTheOthersWhenACheckPanics(t *testing.T) {
	set, err := Parse("durability")
	if err != nil {
		t.Fatal(err)
	}
	h := &history.History{Ops: sketch.MustParse(`
0  |-add 1 → 1-|
0                 |-read → []-|`)}
	verdict, results, err := Judge(t.Context(), h, []Check{broken{}, set, stats{}}, Options{})
	if err != nil || verdict != Invalid || len(results) != 3 {
		t.Fatalf("got %s %+v %v", verdict, results, err)
	}
	r := results[0]
	if r.Name != "broken" || r.Verdict != Unknown || r.Anomalies == nil ||
		!strings.HasPrefix(r.Reason, "the check crashed, which is a bug of jepsen-lite: out of order\n") || !strings.Contains(r.Reason, "judge_test.go") {
		t.Errorf("got %+v", r)
	}
	if results[1].Verdict != Invalid || results[2].Verdict != Valid {
		t.Errorf("got %+v", results[1:])
	}
}

// A panic inside the search would be in a goroutine of porcupine's.
func TestAPanicOfAModelReachesTheCaller(t *testing.T) {
	m, err := model.Parse("set")
	if err != nil {
		t.Fatal(err)
	}
	// Two orders of the adds lead to the same, so that states are compared.
	ops, err := m.Prepare(sketch.MustParse(`
0  |-add 1 → 1-|
1  |-add 2 → 2-|
2                 |-read → [9]-|`))
	if err != nil {
		t.Fatal(err)
	}
	for name, breaking := range map[string]func(*porcupine.Model){
		"step": func(pm *porcupine.Model) { pm.Step = func(_, _, _ any) (bool, any) { panic("broken step") } },
		"hash": func(pm *porcupine.Model) { pm.Hash = func(any) uint64 { panic("broken hash") } },
		"equal": func(pm *porcupine.Model) {
			pm.Equal = func(_, _ any) bool { panic("broken equal") }
		},
	} {
		t.Run(name, func(t *testing.T) {
			pm := m.Porcupine()
			breaking(&pm)
			defer func() {
				if p, _ := recover().(string); !strings.HasPrefix(p, "broken "+name) {
					t.Errorf("got the panic %q", p)
				}
			}()
			t.Errorf("got %v", tryPorcupine(t.Context(), m, pm, ops, bound{bytes: 1 << 20}))
		})
	}
}

func TestJudgeRefusesAHistoryOfSomethingElse(t *testing.T) {
	queue, err := Parse("delivery")
	if err != nil {
		t.Fatal(err)
	}
	h := &history.History{Ops: sketch.MustParse(`0  |-add 1 → 1-|`)}
	verdict, results, err := Judge(t.Context(), h, []Check{stats{}, queue}, Options{})
	var misfit *model.MisfitError
	if verdict != Unknown || len(results) != 1 || !errors.As(err, &misfit) || !strings.HasPrefix(err.Error(), "check delivery: event 0 does not fit") {
		t.Errorf("got %s %+v %v", verdict, results, err)
	}
}

var update = flag.Bool("update", false, "write the golden files")

func TestResultsAsJSON(t *testing.T) {
	h := &history.History{Ops: sketch.MustParse(`
0 a  |-enqueue 1 → 1-|
0 a                     |-enqueue 2 → 2-|
1 a                                        |-dequeue → 2-|
1 b                                                         |-dequeue-?
2 a                                                                     |-dequeue → 2-|
2 a                                                                                      |-dequeue → null-|`)}
	h.Ops[3].Error = "timeout: i/o timeout"
	var checks []Check
	for _, name := range []string{"linearizable(fifo-queue)", "delivery", "evidence(kill)", "stats"} {
		c, err := Parse(name)
		if err != nil {
			t.Fatal(err)
		}
		checks = append(checks, c)
	}
	_, results, err := Judge(t.Context(), h, checks, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range results {
		results[i].DurationNS = 0
		for name := range results[i].Statistics {
			if strings.HasSuffix(name, "_ns") {
				results[i].Statistics[name] = 0
			}
		}
	}
	got, err := json.MarshalIndent(results, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("testdata", "results.json")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, append(got, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(append(got, '\n'), want) {
		t.Errorf("%v; differs from %s, which go test ./checker -update writes:\n%s", err, path, got)
	}
}
