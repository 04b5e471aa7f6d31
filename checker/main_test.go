package checker

import (
	"slices"
	"testing"

	"go.uber.org/goleak"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/history/sketch"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// judge runs one check over operations.
func judge(t testing.TB, check string, ops []history.Op) Result {
	t.Helper()
	c, err := Parse(check)
	if err != nil {
		t.Fatal(err)
	}
	r, err := c.Check(t.Context(), &history.History{Ops: ops}, Options{}.withDefaults())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// drawn is a drawing, a check, and what the check must say of it.
type drawn struct {
	name, check string
	verdict     Verdict
	// anomaly, explanation and ops are of the first anomaly.
	anomaly, explanation string
	ops                  []int
	drawing              string
}

func (d drawn) result(t *testing.T) Result {
	t.Helper()
	return judge(t, d.check, sketch.MustParse(d.drawing))
}

func (d drawn) run(t *testing.T) {
	t.Helper()
	d.judged(t, d.result(t))
}

// judged wants that the result is as drawn.
func (d drawn) judged(t *testing.T, r Result) {
	t.Helper()
	if r.Verdict != d.verdict {
		t.Fatalf("got %s (%s), want %s; anomalies %+v", r.Verdict, r.Reason, d.verdict, r.Anomalies)
	}
	if d.verdict != Invalid {
		if len(r.Anomalies) > 0 || d.verdict == Unknown && r.Reason == "" {
			t.Errorf("got anomalies %+v, reason %q", r.Anomalies, r.Reason)
		}
		return
	}
	a := r.Anomalies[0]
	if a.Type != d.anomaly || a.Explanation != d.explanation || !slices.Equal(a.Ops, d.ops) {
		t.Errorf("got  %s: %s %v\nwant %s: %s %v", a.Type, a.Explanation, a.Ops, d.anomaly, d.explanation, d.ops)
	}
}
