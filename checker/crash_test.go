package checker

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/history/sketch"
	"github.com/jepsen-lite/jepsen-lite/model"
)

func prepared(t *testing.T, name, drawing string) (model.Model, []model.Op) {
	t.Helper()
	m, err := model.Parse(name)
	if err != nil {
		t.Fatal(err)
	}
	ops, err := m.Prepare(sketch.MustParse(drawing))
	if err != nil {
		t.Fatal(err)
	}
	return m, ops
}

const twoHolders = `
0  |-acquire "a" → "a"-|
1    |-acquire "b" → "b"-|`

// What was proved stays proved when the search of another key crashes.
func TestAViolationBeatsACrash(t *testing.T) {
	m, ops := prepared(t, "mutex", twoHolders)
	crashed := &keyed{key: "crashed", panicked: "broken step"}
	r := linearizable{m}.conclude(t.Context(), []*keyed{crashed, {key: "bad", ops: ops, answer: illegal}}, Options{}.withDefaults())
	if r.Verdict != Invalid || len(r.Anomalies) != 1 || r.Anomalies[0].Key != "bad" || r.Statistics["unknown_keys"] != 1 {
		t.Errorf("got %+v", r)
	}
	defer func() {
		if p := recover(); p != "broken step" {
			t.Errorf("got the panic %v", p)
		}
	}()
	r = linearizable{m}.conclude(t.Context(), []*keyed{crashed, {key: "good", ops: ops, answer: legal}}, Options{}.withDefaults())
	t.Errorf("got %+v", r)
}

// So it does when the making of its own witness crashes, here for want of a
// model.
func TestAViolationSurvivesACrashOfItsWitness(t *testing.T) {
	_, ops := prepared(t, "mutex", twoHolders)
	a := linearizable{}.anomaly(t.Context(), &keyed{key: "k", ops: ops, answer: illegal}, Options{}.withDefaults())
	want := "no order of these 2 operations gives the results they had (making a smaller witness crashed, which is a bug of jepsen-lite: "
	if a.Type != "non-linearizable" || a.Key != "k" || len(a.Ops) != 2 || len(a.Witness) != 2 ||
		!strings.HasPrefix(a.Explanation, want) || strings.Contains(a.Explanation, "\n") {
		t.Errorf("got %+v", a)
	}
}

// An interrupted witness is the whole history: nothing that takes more than a
// moment is tried with it.
func TestAnInterruptedWitnessIsSoonExplained(t *testing.T) {
	m, err := model.Parse("mutex")
	if err != nil {
		t.Fatal(err)
	}
	ops, err := m.Prepare(busy("mutex", 2000, 10, 1))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	start := time.Now()
	a := linearizable{m}.tell(minimize(ctx, m, ops, 1<<30))
	if took := time.Since(start); took > 5*time.Second || len(a.Ops) != len(ops) {
		t.Errorf("took %v for %d operations", took, len(a.Ops))
	}
}
