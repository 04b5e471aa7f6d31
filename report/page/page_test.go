package page

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/checker/promise"
	"github.com/jepsen-lite/jepsen-lite/harness"
	"github.com/jepsen-lite/jepsen-lite/report/runfolder"
)

func TestHeadline(t *testing.T) {
	for _, test := range []struct {
		name         string
		results      *harness.Results
		heading, why string
	}{
		{"valid", &harness.Results{Verdict: checker.Valid, Ops: harness.Outcomes{OK: 12345}, Faults: map[string]int{"kill": 2, "pause": 1}},
			"valid", "No violation was found in 12,345 operations that succeeded, while 3 faults took effect."},
		{"valid without faults", &harness.Results{Verdict: checker.Valid, Ops: harness.Outcomes{OK: 1}},
			"valid", "No violation was found in 1 operation that succeeded; no fault took effect."},
		{"invalid", &harness.Results{Verdict: checker.Invalid, Reason: "é was lost"}, "invalid", "É was lost."},
		{"unknown", &harness.Results{Verdict: checker.Unknown, Reason: "only 3 operations succeeded"}, "unknown", "Only 3 operations succeeded."},
		{"without a reason", &harness.Results{Verdict: checker.Unknown}, "unknown", "No reason was given."},
		{"nobody judged", nil, "not judged yet", "The run has no end: it goes on, or was cut off. What was recorded so far stands below."},
	} {
		t.Run(test.name, func(t *testing.T) {
			heading, why := headline(&Content{Run: &runfolder.Run{Results: test.results}})
			if heading != test.heading || why != test.why {
				t.Errorf("%q, %q; want %q, %q", heading, why, test.heading, test.why)
			}
		})
	}
}

// One anomaly of each check comes first.
func TestAnomaliesInOrder(t *testing.T) {
	check := func(name string, keys ...string) checker.Result {
		r := checker.Result{Name: name}
		for _, key := range keys {
			r.Anomalies = append(r.Anomalies, checker.Anomaly{Key: key})
		}
		return r
	}
	for _, test := range []struct {
		name   string
		checks []checker.Result
		order  string
		open   int
	}{
		{"none", []checker.Result{check("a"), check("b")}, "", 0},
		{"one", []checker.Result{check("a", "1")}, "1", 1},
		{"two checks", []checker.Result{check("a", "1", "2", "3"), check("b", "4", "5")}, "1 4 2 3 5", 3},
		{"four checks", []checker.Result{check("a", "1", "2"), check("b", "3"), check("c", "4"), check("d", "5")}, "1 3 4 5 2", 4},
	} {
		t.Run(test.name, func(t *testing.T) {
			all, open := Anomalies(test.checks)
			var keys []string
			for _, a := range all {
				keys = append(keys, a.Anomaly.Key)
			}
			if got := strings.Join(keys, " "); got != test.order || open != test.open {
				t.Errorf("%q, %d open; want %q, %d", got, open, test.order, test.open)
			}
		})
	}
}

func TestPromisesAndExtras(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"extra.html", "a&b <c>.txt"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("x"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var out strings.Builder
	err := Write(&out, Content{
		Run: &runfolder.Run{Dir: dir, Results: &harness.Results{Verdict: checker.Invalid, Reason: "so", Checks: []checker.Result{{Name: "bounds", Verdict: checker.Invalid}}}},
		Promises: []promise.Promise{
			{Name: "monotonic <reads>", Meaning: "never older", Standing: promise.Violated, Asked: true,
				Figures: []promise.Figure{{Name: "lost", Value: 24718}, {Name: "window", Value: 2_100_000_000, Unit: "ns"}},
				Witness: &checker.Anomaly{Type: "older", Explanation: "it was older & wrong"}},
			{Name: "fifo", Meaning: "in order", Standing: promise.NotDecided, Reason: "too little"},
			{Name: "at-most-once", Meaning: "no twins", Standing: promise.Held},
		},
		Extras: []Extra{{File: "extra.html", What: "drawn by another"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"monotonic &lt;reads&gt;", "lost 24,718, window 2.1 s", "✓</span> held", "It was older &amp; wrong.", "✕</span> violated", "?</span> not decided", "too little",
		`<a href="extra.html">extra.html</a>`, "drawn by another", `href="a&amp;b%20%3Cc%3E.txt"`,
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in the page", want)
		}
	}
}
