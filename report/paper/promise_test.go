package paper

import (
	"fmt"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/harness"
)

func TestPromisesOfARun(t *testing.T) {
	tried := checker.Result{Name: "evidence(kill)", Verdict: checker.Valid}
	untried := checker.Result{Name: "evidence(kill)", Verdict: checker.Unknown, Reason: "no fault took effect"}
	linearizable := func(v checker.Verdict) checker.Result {
		return checker.Result{Name: "linearizable(set)", Verdict: v, Reason: map[checker.Verdict]string{checker.Unknown: "out of time"}[v],
			Anomalies: map[checker.Verdict][]checker.Anomaly{checker.Invalid: {{Type: "lost"}}}[v]}
	}
	delivery := func(most, least, exactly string, lost, unexpected float64) checker.Result {
		return checker.Result{Name: "delivery", Verdict: checker.Invalid, Statistics: map[string]any{
			"at_most_once": most, "at_least_once": least, "exactly_once": exactly, "lost": lost, "unexpected": unexpected, "dequeued": 5.0}}
	}
	durability := func(v checker.Verdict, acknowledged, lost, unexpected, unread float64) checker.Result {
		return checker.Result{Name: "durability", Verdict: v, Statistics: map[string]any{
			"acknowledged": acknowledged, "lost": lost, "unexpected": unexpected, "keys_without_final_read": unread}}
	}
	for _, c := range []struct {
		name   string
		info   harness.Info
		checks []checker.Result
		want   string
	}{
		{"held", harness.Info{}, []checker.Result{linearizable(checker.Valid), tried}, "linearizable held;"},
		{"violated", harness.Info{}, []checker.Result{linearizable(checker.Invalid), tried}, "linearizable violated;"},
		{"out of time", harness.Info{}, []checker.Result{linearizable(checker.Unknown), tried}, "linearizable not-decided;"},
		{"no evidence", harness.Info{}, []checker.Result{linearizable(checker.Valid), untried}, "linearizable not-decided;"},
		{"a violation needs no evidence", harness.Info{}, []checker.Result{linearizable(checker.Invalid), untried}, "linearizable violated;"},
		{"the harness failed", harness.Info{Error: "n1 did not start"}, []checker.Result{linearizable(checker.Valid), tried}, "linearizable not-decided;"},
		{"violated before the harness failed", harness.Info{Error: "n1 did not start"}, []checker.Result{linearizable(checker.Invalid), tried}, "linearizable violated;"},
		{"not judged", harness.Info{Checks: []string{"linearizable(set)", "stats"}}, nil, "linearizable not-decided;"},
		{"lost elements", harness.Info{}, []checker.Result{delivery("held", "violated", "violated", 2, 0), tried},
			"at-most-once held;at-least-once violated;exactly-once violated;no-creation held;"},
		{"excused elements", harness.Info{}, []checker.Result{delivery("held", "undecided", "undecided", 0, 0), tried},
			"at-most-once held;at-least-once not-decided;exactly-once not-decided;no-creation held;"},
		{"elements from nowhere", harness.Info{}, []checker.Result{delivery("held", "held", "held", 0, 1), tried},
			"at-most-once held;at-least-once held;exactly-once held;no-creation violated;"},
		{"kept", harness.Info{}, []checker.Result{durability(checker.Valid, 9, 0, 0, 0), tried}, "no-loss held;no-creation held;"},
		{"lost", harness.Info{}, []checker.Result{durability(checker.Invalid, 9, 2, 0, 1), tried}, "no-loss violated;no-creation not-decided;"},
		{"only from nowhere", harness.Info{}, []checker.Result{durability(checker.Invalid, 9, 0, 2, 0), tried}, "no-loss held;no-creation violated;"},
		{"from nowhere, and not all read", harness.Info{}, []checker.Result{durability(checker.Invalid, 9, 0, 2, 1), tried}, "no-loss not-decided;no-creation violated;"},
		{"two checks of one promise", harness.Info{}, []checker.Result{{Name: "linearizable(lease(1s))", Verdict: checker.Valid}, {Name: "expiry(1s)", Verdict: checker.Invalid}, tried}, "lease violated;"},
		{"one of two not decided", harness.Info{}, []checker.Result{{Name: "linearizable(lease(1s))", Verdict: checker.Valid}, {Name: "expiry(1s)", Verdict: checker.Unknown}, tried}, "lease not-decided;"},
		{"nothing acknowledged", harness.Info{}, []checker.Result{durability(checker.Unknown, 0, 0, 0, 0), tried}, "no-loss not-decided;no-creation not-decided;"},
	} {
		got := ""
		for _, p := range promises(c.info, c.checks) {
			got += fmt.Sprintf("%s %s;", p.Name, p.Standing)
			if p.Standing == NotDecided && p.Reason == "" {
				t.Errorf("%s: no reason for %s", c.name, p.Name)
			}
		}
		if got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

// Every check that judges something is a promise with a meaning of its own.
func TestEveryCheckIsAPromise(t *testing.T) {
	for _, e := range checker.Table() {
		got := promised(checker.Result{Name: e.Name, Verdict: checker.Unknown})
		if judges := e.Name != "stats" && e.Name != "evidence"; judges != (len(got) > 0) {
			t.Errorf("%s: %v", e.Name, got)
		}
		for _, p := range got {
			if p.Standing != NotDecided || p.Meaning == "" {
				t.Errorf("%s: %+v", e.Name, p)
			}
		}
	}
}
