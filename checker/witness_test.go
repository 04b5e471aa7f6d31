package checker

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/jepsen-lite/jepsen-lite/model"
	"github.com/jepsen-lite/jepsen-lite/model/modeltest"
)

// everyModel returns each model's name with the parameter its random histories
// need.
func everyModel() []string {
	names := model.Names()
	for i, name := range names {
		switch name {
		case "bounded-counter":
			names[i] = fmt.Sprintf("bounded-counter(%d)", modeltest.InitialStock)
		case "lease":
			names[i] = "lease(1h)"
		}
	}
	return names
}

const plenty = 1 << 30 // bytes

// drawIllegal draws histories of the model until one is illegal, and gives up
// after some.
func drawIllegal(t *rapid.T, m model.Model, operations int) ([]model.Op, bool) {
	for range 40 {
		ops, err := m.Prepare(modeltest.History(m.Kind().Name, operations).Draw(t, "history"))
		if err != nil {
			t.Fatal(err)
		}
		if search(t.Context(), m, m.Porcupine(), ops, plenty) == illegal {
			return ops, true
		}
	}
	return nil, false
}

func TestAWitnessIsIllegalAndMinimal(t *testing.T) {
	for _, name := range everyModel() {
		t.Run(name, func(t *testing.T) {
			m, err := model.Parse(name)
			if err != nil {
				t.Fatal(err)
			}
			illegals := 0
			rapid.Check(t, func(rt *rapid.T) {
				ops, ok := drawIllegal(rt, m, 12)
				if !ok {
					return
				}
				illegals++
				w := minimize(rt.Context(), m, ops, plenty)
				pm := m.Porcupine()
				if w.anyState {
					pm, _ = m.PorcupineFromAnyState()
				}
				z := minimizer{ctx: rt.Context(), model: m, bytes: plenty, own: pm}
				if !z.illegal(pm, w.ops) {
					rt.Fatalf("legal witness %v\nof %v", w.ops, ops)
				}
				if !z.isMinimal(pm, w.ops) {
					rt.Fatalf("not minimal: %v\nof %v", w.ops, ops)
				}
				for _, op := range w.ops {
					if !slices.ContainsFunc(ops, func(o model.Op) bool { return o.ID == op.ID && o.F == op.F && o.Arg == op.Arg }) {
						rt.Fatalf("%v is not of the history", &op)
					}
				}
				if a := explain(m, w); a.Explanation == "" || !isTrue(a, w.ops) {
					rt.Fatalf("not true: %s: %s\n%s", a.Type, a.Explanation, show(w.ops))
				}
			})
			if illegals < 2 {
				t.Fatal("the histories are nearly all legal")
			}
		})
	}
}

func show(ops []model.Op) string {
	var lines []string
	for i := range ops {
		lines = append(lines, fmt.Sprintf("%d [%d, %d] %v", ops[i].ID, ops[i].Call, ops[i].Return, &ops[i]))
	}
	return strings.Join(lines, "\n")
}

// isTrue checks what an anomaly of that type claims, by the witness alone.
func isTrue(a Anomaly, ops []model.Op) bool {
	anyPair := func(holds func(x, y *model.Op) bool) bool {
		for i := range ops {
			for j := range ops {
				if i != j && holds(&ops[i], &ops[j]) {
					return true
				}
			}
		}
		return false
	}
	switch a.Type {
	case "duplicate":
		return anyPair(func(x, y *model.Op) bool {
			return x.F == "dequeue" && y.F == "dequeue" && x.Certain && y.Certain && x.Result == y.Result &&
				strings.Contains(a.Explanation, x.Result.String())
		})
	case "never-enqueued":
		return slices.ContainsFunc(ops, func(op model.Op) bool {
			return op.F == "dequeue" && op.Certain && !slices.ContainsFunc(ops, func(e model.Op) bool {
				return e.F == "enqueue" && e.Arg == op.Result && e.Call <= op.Return
			})
		})
	case "out-of-order":
		return anyPair(func(x, y *model.Op) bool {
			return x.F == "enqueue" && y.F == "enqueue" && x.Return < y.Call
		})
	case "read-went-back":
		return anyPair(func(x, y *model.Op) bool {
			return x.Certain && x.Return < y.Call && y.Certain && x.F != "write" && y.F != "write"
		})
	case "token-repeated":
		return anyPair(func(x, y *model.Op) bool { return granted(x) && granted(y) && x.Result == y.Result })
	case "token-went-back":
		return anyPair(func(x, y *model.Op) bool {
			a, _ := x.Result.Int()
			b, _ := y.Result.Int()
			return granted(x) && granted(y) && x.Return < y.Call && b < a
		})
	case "two-holders", "lease-broken":
		return anyPair(func(x, y *model.Op) bool { return granted(x) && granted(y) })
	case "negative-stock":
		return slices.ContainsFunc(ops, func(op model.Op) bool { n, ok := op.Result.Int(); return ok && n < 0 })
	}
	return true
}

// A violation planted into a long legal history has a witness that fits on a
// screen.
func TestAWitnessIsSmall(t *testing.T) {
	for _, name := range everyModel() {
		t.Run(name, func(t *testing.T) {
			m, err := model.Parse(name)
			if err != nil {
				t.Fatal(err)
			}
			var sizes []int
			rapid.Check(t, func(rt *rapid.T) {
				if ops, ok := drawIllegal(rt, m, 25); ok {
					sizes = append(sizes, len(minimize(rt.Context(), m, ops, plenty).ops))
				}
			})
			slices.Sort(sizes)
			if len(sizes) < 5 || sizes[len(sizes)/2] > 5 || sizes[len(sizes)*9/10] > 12 {
				t.Errorf("sizes of %d witnesses: %v", len(sizes), sizes)
			}
		})
	}
}
