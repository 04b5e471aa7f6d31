package paper

import (
	"fmt"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/checker/promise"
	"github.com/jepsen-lite/jepsen-lite/harness"
	"github.com/jepsen-lite/jepsen-lite/history"
)

// What held counts only for a run that tried enough; what was violated counts always.
func TestPromisesOfARun(t *testing.T) {
	tried := checker.Result{Name: "evidence(kill)", Verdict: checker.Valid}
	untried := checker.Result{Name: "evidence(kill)", Verdict: checker.Unknown, Reason: "no fault took effect"}
	held := []promise.Promise{{Name: "lease", Standing: promise.Held}}
	violated := []promise.Promise{{Name: "lease", Standing: promise.Violated}}
	for _, c := range []struct {
		name     string
		info     harness.Info
		evidence checker.Result
		promises []promise.Promise
		want     promise.Standing
	}{
		{"held", harness.Info{}, tried, held, promise.Held},
		{"violated", harness.Info{}, tried, violated, promise.Violated},
		{"no evidence", harness.Info{}, untried, held, promise.NotDecided},
		{"a violation needs no evidence", harness.Info{}, untried, violated, promise.Violated},
		{"the harness failed", harness.Info{Error: "n1 did not start"}, tried, held, promise.NotDecided},
		{"violated before the harness failed", harness.Info{Error: "n1 did not start"}, tried, violated, promise.Violated},
	} {
		stored := append([]promise.Promise(nil), c.promises...)
		got, err := promises(t.Context(), c.info, &harness.Results{Checks: []checker.Result{c.evidence}, Promises: stored}, nil)
		if err != nil || len(got) != 1 || got[0].Standing != c.want || (c.want == promise.NotDecided) != (got[0].Reason != "") {
			t.Errorf("%s: got %+v, %v; want %s", c.name, got, err, c.want)
		}
	}
}

// A run that was judged before promises were has its history looked at; one that
// nobody has judged, or whose history is gone, has the promises that it is about.
func TestPromisesThatNobodyStored(t *testing.T) {
	info := harness.Info{Checks: []string{"linearizable(register)"}}
	results := &harness.Results{Checks: []checker.Result{{Name: "linearizable(register)", Verdict: checker.Valid}}}
	h := &history.History{Ops: []history.Op{
		{F: "write", Input: history.Int(1), Output: history.Int(1), Call: 1, Return: 2, Outcome: history.OK, Completed: 1},
		{F: "read", Output: history.Int(1), Call: 3, Return: 4, Outcome: history.OK, Invoked: 2, Completed: 3},
	}}
	for _, c := range []struct {
		name    string
		results *harness.Results
		h       *history.History
		want    string
	}{
		{"judged", results, h, "linearizable held"},
		{"not judged", nil, h, "linearizable not-decided"},
		{"no history", results, nil, "linearizable not-decided"},
	} {
		got, err := promises(t.Context(), info, c.results, c.h)
		if err != nil || len(got) < 6 {
			t.Fatalf("%s: got %+v, %v", c.name, got, err)
		}
		if said := fmt.Sprint(got[0].Name, " ", got[0].Standing); said != c.want {
			t.Errorf("%s: got %s, want %s", c.name, said, c.want)
		}
	}
}
