package checker

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model"
	"github.com/jepsen-lite/jepsen-lite/model/modeltest"
)

// everyModel returns each model with the parameter its random histories need.
func everyModel(t *testing.T) []model.Model {
	t.Helper()
	var models []model.Model
	for _, name := range modeltest.Names() {
		m, err := model.Parse(name)
		if err != nil {
			t.Fatal(err)
		}
		models = append(models, m)
	}
	return models
}

// Witnesses of random histories are illegal by themselves, nothing can be left
// out of them, and what is said of them is true of the whole history.
func TestWitnessesAreProofs(t *testing.T) {
	for _, m := range everyModel(t) {
		t.Run(m.Name(), func(t *testing.T) {
			said := map[string]int{}
			rapid.Check(t, func(rt *rapid.T) {
				for range 5 {
					ops := modeltest.History(m.Kind().Name, 10).Draw(rt, "history")
					for _, engine := range []Engine{Auto, BySearch} {
						if a, ok := checkWitness(rt, m, ops, engine); ok {
							said[a.Type]++
						}
					}
				}
			})
			t.Log(said)
		})
	}
}

// witnessOf returns the witness that the check makes of a history of one key,
// and false if it is legal.
func witnessOf(t *rapid.T, m model.Model, ops []history.Op, engine Engine) (witness, bool) {
	j := &judging{model: m.Survey(ops), ops: ops, options: Options{Engine: engine}.withDefaults(), bytes: 1 << 30, every: 1}
	k := split(ops)[0]
	j.key(t.Context(), k)
	if k.err != nil || k.panicked != nil || !k.decided() || k.conflict != "" {
		t.Fatalf("%+v of\n%s", k, listing(ops))
	}
	if k.answer == legal {
		return witness{}, false
	}
	guilty, aside, err := j.guilty(k)
	if err != nil {
		t.Fatal(err)
	}
	z := newMinimizer(t.Context(), m, 1<<30)
	w := z.minimize(grounds{guilty, aside, k.anyState, k.last})
	if z.denied(w) {
		t.Fatalf("porcupine denies the witness %v of\n%s", w, listing(ops))
	}
	return w, true
}

func checkWitness(t *rapid.T, m model.Model, ops []history.Op, engine Engine) (Anomaly, bool) {
	prepared, err := m.Prepare(ops)
	if err != nil {
		return Anomaly{}, false
	}
	const bytes = 1 << 30
	w, isIllegal := witnessOf(t, m, ops, engine)
	if isIllegal != (tryPorcupine(t.Context(), m, m.Porcupine(), prepared, bound{bytes: bytes}) == illegal) {
		t.Fatalf("porcupine does not agree that illegal is %v:\n%s", isIllegal, listing(ops))
	}
	if !isIllegal {
		return Anomaly{}, false
	}
	pm := m.Porcupine()
	if w.anyState {
		pm, _ = m.PorcupineFromAnyState()
	}
	shown := listing(ops) + "witness:\n"
	for i := range w.ops {
		shown += fmt.Sprintln(w.ops[i].ID, w.ops[i].String())
	}
	if got := tryPorcupine(t.Context(), m, pm, w.ops, bound{bytes: bytes}); got != illegal {
		t.Fatalf("the witness is not illegal: %d\n%s", got, shown)
	}
	for _, u := range m.Units(w.ops) {
		if tryPorcupine(t.Context(), m, pm, m.Without(w.ops, []model.Unit{u}), bound{bytes: bytes}) == illegal {
			t.Fatalf("%v can be left out\n%s", u, shown)
		}
	}
	for i := range w.ops {
		if !slices.ContainsFunc(prepared, func(op model.Op) bool { return op.ID == w.ops[i].ID && op.Call == w.ops[i].Call }) {
			t.Fatalf("operation %d is not of the history\n%s", w.ops[i].ID, shown)
		}
	}
	a := tell(m, w)
	if wrong := untrue(m, a, ops); wrong != "" {
		t.Fatalf("%s: %s\n%s", wrong, a.Explanation, shown)
	}
	return a, true
}

// A result made wrong in a long history that was right leaves a small witness.
func TestWitnessesOfPlantedViolationsAreSmall(t *testing.T) {
	for _, test := range []struct {
		model            string
		operations, most int
		f                string
		wrong            func(op *history.Op, earlier []history.Op) bool
	}{
		{"register", 200, 3, "read", stale},
		{"cas-register", 200, 4, "read", stale},
		{"counter", 200, 6, "add-and-get", resultAgain},
		{"fifo-queue", 60, 3, "dequeue", resultAgain},
		{"unordered-queue", 200, 3, "dequeue", resultAgain},
		{"set", 200, 2, "read", truncated},
	} {
		t.Run(test.model, func(t *testing.T) {
			sizes, said := map[int]int{}, map[string]int{}
			for seed := range uint64(6) {
				ops := modeltest.Large(seed, modeltest.Load{Model: test.model}, test.operations, 5)
				at := len(ops) / 2
				for ops[at].F != test.f || ops[at].Outcome != history.OK || !test.wrong(&ops[at], ops[:at-20]) {
					at++
				}
				c, err := Parse("linearizable(" + test.model + ")")
				if err != nil {
					t.Fatal(err)
				}
				r, err := c.Check(t.Context(), &history.History{Ops: ops}, Options{}.withDefaults())
				if err != nil || r.Verdict != Invalid {
					t.Fatalf("seed %d: the planted violation was missed: %s %s %v", seed, r.Verdict, r.Reason, err)
				}
				a := r.Anomalies[0]
				sizes[len(a.Ops)]++
				said[a.Type]++
				if len(a.Ops) > test.most {
					t.Errorf("seed %d: %d operations, want at most %d: %s", seed, len(a.Ops), test.most, a.Explanation)
				}
				if wrong := untrue(c.(linearizable).model, a, ops); wrong != "" {
					t.Errorf("seed %d: %s: %s", seed, wrong, a.Explanation)
				}
			}
			t.Logf("sizes of witnesses: %v, types: %v", sizes, said)
		})
	}
}

// stale gives a read what was written long before.
func stale(op *history.Op, earlier []history.Op) bool {
	for _, old := range earlier {
		if old.F == "write" && old.Outcome == history.OK {
			op.Output = old.Input
			return true
		}
	}
	return false
}

// resultAgain gives an operation the result that another had long before.
func resultAgain(op *history.Op, earlier []history.Op) bool {
	for _, old := range earlier {
		if old.F == op.F && old.Outcome == history.OK && !old.Output.IsNull() {
			op.Output = old.Output
			return true
		}
	}
	return false
}

// truncated takes the first member from what a read saw.
func truncated(op *history.Op, _ []history.Op) bool {
	members, _ := op.Output.Elements()
	if len(members) == 0 {
		return false
	}
	op.Output = history.List(members[1:]...)
	return true
}

func TestWitnessListing(t *testing.T) {
	d := drawn{check: "linearizable(unordered-queue)", drawing: `
0  |-enqueue 7 → 7-|
1                     |-enqueue 8 → 8-|
2                                        |-dequeue-?
1                                                     |-dequeue → null-|`}
	var text strings.Builder
	for _, op := range d.result(t).Anomalies[0].Witness {
		fmt.Fprintln(&text, op.Index, op.Process, op.Operation, op.CallNS, op.ReturnNS)
	}
	want := "0 0 enqueue(7) → 7 3 19\n2 1 enqueue(8) → 8 22 38\n4 2 dequeue → ? 41 0\n5 1 dequeue → null 54 71\n"
	if text.String() != want {
		t.Errorf("got\n%swant\n%s", text.String(), want)
	}
}
