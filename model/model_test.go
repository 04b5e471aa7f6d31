package model_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/anishathalye/porcupine"
	"pgregory.net/rapid"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/history/sketch"
	"github.com/jepsen-lite/jepsen-lite/model"
	"github.com/jepsen-lite/jepsen-lite/model/modeltest"
)

// legal judges a drawing with porcupine, and with a brute force that tries
// every order; the two must agree.
func legal(t *testing.T, name string, ops []history.Op) bool {
	t.Helper()
	m, err := model.Parse(name)
	if err != nil {
		t.Fatal(err)
	}
	prepared, err := m.Prepare(ops)
	if err != nil {
		t.Fatal(err)
	}
	byPorcupine := porcupine.CheckOperations(m.Porcupine(), m.Operations(prepared))
	if byForce := bruteForce(m, prepared); byForce != byPorcupine {
		t.Fatalf("porcupine says %v, brute force %v", byPorcupine, byForce)
	}
	return byPorcupine
}

// bruteForce tries every order that respects real time, and for an operation of
// unknown outcome also that it never happened.
func bruteForce(m model.Model, ops []model.Op) bool {
	pm := m.Porcupine()
	var try func(state any, left []model.Op) bool
	try = func(state any, left []model.Op) bool {
		if !slices.ContainsFunc(left, func(op model.Op) bool { return op.Certain }) {
			return true
		}
		for i := range left {
			first := true
			for j := range left {
				first = first && left[j].Return >= left[i].Call
			}
			if !first {
				continue
			}
			if ok, next := pm.Step(state, &left[i], nil); ok && try(next, slices.Delete(slices.Clone(left), i, i+1)) {
				return true
			}
		}
		return false
	}
	return try(pm.Init(), ops)
}

// On small random histories porcupine and brute force agree, whatever the model,
// and steps leave states as they were.
func TestModelsAgreeWithBruteForce(t *testing.T) {
	for _, name := range modeltest.Names() {
		t.Run(name, func(t *testing.T) {
			kind, _, _ := strings.Cut(name, "(")
			verdicts := map[bool]int{}
			rapid.Check(t, func(rt *rapid.T) {
				// So many that both verdicts are sure to come.
				for _, ops := range rapid.SliceOfN(modeltest.History(kind, 6), 1, 40).Draw(rt, "histories") {
					verdicts[legal(t, name, ops)]++
				}
			})
			if verdicts[true] < 2 || verdicts[false] < 2 {
				t.Fatalf("the histories do not try the model: %v", verdicts)
			}
		})
	}
}

// Leaving out units never makes a linearizable history illegal.
func TestUnitsAreSound(t *testing.T) {
	for _, name := range modeltest.Names() {
		t.Run(name, func(t *testing.T) {
			kind, _, _ := strings.Cut(name, "(")
			m, err := model.Parse(name)
			if err != nil {
				t.Fatal(err)
			}
			pm := m.Porcupine()
			rapid.Check(t, func(rt *rapid.T) {
				ops, err := m.Prepare(modeltest.History(kind, 10).Draw(rt, "history"))
				if err != nil {
					rt.Fatal(err)
				}
				if !porcupine.CheckOperations(pm, m.Operations(ops)) {
					return
				}
				var out []model.Unit
				for _, u := range m.Units(ops) {
					if rapid.Bool().Draw(rt, "leave out") {
						out = append(out, u)
					}
				}
				rest := m.Without(ops, out)
				if !porcupine.CheckOperations(pm, m.Operations(rest)) {
					rt.Fatalf("legal: %v\nillegal without %v: %v", describe(ops), out, describe(rest))
				}
			})
		})
	}
}

// What some first state allows, the unknown first state allows: a history cut
// at any moment, with the operations open at that moment loosened.
func TestAnyStateIsSound(t *testing.T) {
	for _, name := range modeltest.Names() {
		m, err := model.Parse(name)
		if err != nil {
			t.Fatal(err)
		}
		open, ok := m.PorcupineFromAnyState()
		if !ok {
			continue
		}
		t.Run(name, func(t *testing.T) {
			kind, _, _ := strings.Cut(name, "(")
			rapid.Check(t, func(rt *rapid.T) {
				ops, err := m.Prepare(modeltest.History(kind, 10).Draw(rt, "history"))
				if err != nil {
					rt.Fatal(err)
				}
				if !porcupine.CheckOperations(m.Porcupine(), m.Operations(ops)) {
					return
				}
				cut := rapid.Int64Range(0, 40).Draw(rt, "cut")
				var window []model.Op
				for _, op := range ops {
					keep := op.Return >= cut
					if keep && op.Call < cut {
						op, keep = m.Loosen(op)
					}
					if keep {
						window = append(window, op)
					}
				}
				if !porcupine.CheckOperations(open, m.Operations(window)) {
					rt.Fatalf("legal: %v\nillegal from %d on: %v", describe(ops), cut, describe(window))
				}
			})
		})
	}
}

func describe(ops []model.Op) string {
	var lines []string
	for i := range ops {
		lines = append(lines, fmt.Sprintf("\n[%d,%d] %s", ops[i].Call, ops[i].Return, &ops[i]))
	}
	return strings.Join(lines, "")
}

// A step neither changes its arguments nor depends on anything else, and equal
// states hash alike.
func TestStepsArePure(t *testing.T) {
	for _, name := range modeltest.Names() {
		t.Run(name, func(t *testing.T) {
			kind, _, _ := strings.Cut(name, "(")
			m, err := model.Parse(name)
			if err != nil {
				t.Fatal(err)
			}
			pm := m.Porcupine()
			rapid.Check(t, func(rt *rapid.T) {
				ops, err := m.Prepare(modeltest.History(kind, 8).Draw(rt, "history"))
				if err != nil {
					rt.Fatal(err)
				}
				state := pm.Init()
				for i := range ops {
					before, opBefore := pm.DescribeState(state), ops[i].String()
					ok1, next1 := pm.Step(state, &ops[i], nil)
					shown := pm.DescribeState(next1)
					ok2, next2 := pm.Step(state, &ops[i], nil)
					switch {
					case pm.DescribeState(state) != before || ops[i].String() != opBefore:
						rt.Fatalf("%s changed its arguments", opBefore)
					case ok1 != ok2 || !pm.Equal(next1, next2) || pm.Hash(next1) != pm.Hash(next2):
						rt.Fatalf("%s gives two answers", opBefore)
					case pm.DescribeState(next1) != shown:
						rt.Fatalf("%s shares memory with an earlier result", opBefore)
					case !ops[i].Certain && !ok1:
						rt.Fatalf("%s is of unknown outcome and yet illegal", opBefore)
					}
					if ok1 {
						state = next1
					}
				}
			})
		})
	}
}

func TestParse(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"registr", "unknown model"},
		{"counter(3)", "takes no parameter"},
		{"lease", "expected a duration"},
		{"lease(0s)", "expected a duration"},
		{"lease(300ms", "expected a closing bracket"},
		{"bounded-counter(-1)", "expected a number from 0"},
		{"register({)", "expected JSON"},
	} {
		if _, err := model.Parse(test.text); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %q", test.text, err, test.want)
		}
	}
	for _, text := range []string{"register", "register(0)", `cas-register("a")`, "bounded-counter(0)", "bounded-counter(100)", "lease(300ms)"} {
		if m, err := model.Parse(text); err != nil || m.Name() != text {
			t.Errorf("%s: got %v, %v", text, m.Name(), err)
		}
	}
}

func TestMisfit(t *testing.T) {
	for _, test := range []struct{ name, model, drawing, want string }{
		{"other object", "register", "0 |-enqueue 1-|", `it has no operation "enqueue" (only read, write); try --model with one of [fifo-queue unordered-queue]`},
		{"no object", "register", "0 |-frobnicate-|", "no model knows all operations"},
		{"amount", "counter", `0 |-add "x"-|`, `the amount of add is "x": expected an integer`},
		{"cas", "cas-register", "0 |-cas 5-|", "expected [old, new]"},
		{"members", "set", "0 |-read → 5-|", "expected the list of members"},
		{"fence", "fenced-mutex", `0 |-acquire → "a"-|`, "expected an integer"},
	} {
		t.Run(test.name, func(t *testing.T) {
			m, err := model.Parse(test.model)
			if err != nil {
				t.Fatal(err)
			}
			if _, err = m.Prepare(sketch.MustParse(test.drawing)); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("got %v, want %q", err, test.want)
			}
		})
	}
}

func ExampleModel_Prepare() {
	m, err := model.Parse("fifo-queue")
	if err != nil {
		fmt.Println(err)
		return
	}
	ops, err := m.Prepare(sketch.MustParse(`
0  |-enqueue 7-|
1                 |-dequeue → 7-|
2                                 |-dequeue → 7-|
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(porcupine.CheckOperations(m.Porcupine(), m.Operations(ops)))
	// Output: false
}
