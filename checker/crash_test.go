package checker

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/history/sketch"
	"github.com/jepsen-lite/jepsen-lite/model"
	"github.com/jepsen-lite/jepsen-lite/model/modeltest"
)

// twoHolders is a key that is not linearizable.
func twoHolders(t *testing.T) (*judging, *keyed) {
	t.Helper()
	m, err := model.Parse("mutex")
	if err != nil {
		t.Fatal(err)
	}
	ops := sketch.MustParse(`
0  |-acquire "a" → "a"-|
1    |-acquire "b" → "b"-|`)
	j := &judging{model: m, ops: ops, options: Options{}.withDefaults(), bytes: 1 << 30, every: 1}
	return j, &keyed{key: "bad", places: []int32{0, 1}, decision: decision{answer: illegal, last: -1}}
}

// What was proved stays proved when the search of another key crashes.
func TestAViolationBeatsACrash(t *testing.T) {
	j, bad := twoHolders(t)
	crashed := &keyed{key: "crashed", panicked: "broken step"}
	r := j.conclude(t.Context(), []*keyed{crashed, bad})
	if r.Verdict != Invalid || len(r.Anomalies) != 1 || r.Anomalies[0].Key != "bad" || r.Statistics["unknown_keys"] != 1 {
		t.Errorf("got %+v", r)
	}
	defer func() {
		if p := recover(); p != "broken step" {
			t.Errorf("got the panic %v", p)
		}
	}()
	r = j.conclude(t.Context(), []*keyed{crashed, {key: "good", decision: decision{answer: legal}}})
	t.Errorf("got %+v", r)
}

// So it does when the making of its own witness crashes, here for want of a
// model.
func TestAViolationSurvivesACrashOfItsWitness(t *testing.T) {
	j, bad := twoHolders(t)
	ops, err := j.prepare(bad)
	if err != nil {
		t.Fatal(err)
	}
	a := (&judging{}).witnessed(t.Context(), bad, grounds{ops: ops, last: -1})
	want := "no order of these 2 operations gives the results they had (making a smaller witness crashed, which is a bug of jepsen-lite: "
	if a.Type != "non-linearizable" || a.Key != "bad" || len(a.Ops) != 2 || len(a.Witness) != 2 ||
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
	ops, err := m.Prepare(modeltest.Large(1, modeltest.Load{Model: "mutex"}, 2000, 10))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	start := time.Now()
	a := tell(m, newMinimizer(ctx, m, 1<<30).minimize(grounds{ops: ops, last: -1}))
	if took := time.Since(start); took > 5*time.Second || len(a.Ops) != len(ops) {
		t.Errorf("took %v for %d operations", took, len(a.Ops))
	}
}
