package monitor

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/history/sketch"
	"github.com/jepsen-lite/jepsen-lite/model"
	"github.com/jepsen-lite/jepsen-lite/model/modeltest"
)

func parse(t *testing.T, name string) model.Model {
	t.Helper()
	m, err := model.Parse(name)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// each judges a history given one operation at a time.
func each(t *testing.T, m model.Model, ops []history.Op) Outcome {
	t.Helper()
	mon, _ := New(m, len(ops))
	if err := m.Each(ops, places(ops), mon.Add); err != nil {
		t.Fatal(err)
	}
	return mon.Judge()
}

// It makes no difference what the elements are, nor whether reads were parsed
// before.
func TestSetElementsOfAnyKind(t *testing.T) {
	m := parse(t, "set")
	other := func(v history.Value) history.Value {
		switch n, _ := v.Int(); n % 4 {
		case 0:
			return history.Str("é\"" + v.String())
		case 1:
			return history.List(v, history.NullValue)
		case 2:
			return history.Int(-1_000_000_007 * n)
		}
		return v
	}
	r := rand.New(rand.NewPCG(3, 4))
	for range 20_000 {
		ops := modeltest.Wild(r, "set", 9)
		prepared, err := m.Prepare(ops)
		if err != nil {
			t.Fatal(err)
		}
		mon, _ := New(m, len(ops))
		want := judge(mon, prepared)
		for i := range ops {
			if ops[i].F == "add" {
				ops[i].Input = other(ops[i].Input)
			}
			if members, ok := ops[i].Output.Elements(); ok {
				for i := range members {
					members[i] = other(members[i])
				}
				ops[i].Output = history.List(members...)
			}
		}
		got := each(t, m, ops)
		if got.Answer != want.Answer || len(got.Core) > 4 || len(got.Elements) > 2 {
			t.Fatalf("got %+v, want as with integers: %+v", got, want)
		}
		if core, err := m.Prepare(ops); err != nil || got.Answer == Illegal && explainable(m.Porcupine(), m.Among(only(core, got.Core), got.Elements)) {
			t.Fatalf("the core %+v is not illegal by itself, or %v", got, err)
		}
	}
}

// The core of a violation among many is small, and about one or two elements.
func TestSetCores(t *testing.T) {
	m := parse(t, "set")
	for _, test := range []coreTest{
		{"read before it was added", `
0  |-add 1-|
1             |-read → [1,2]-|
2                                |-add 2-|`, []int{2, 4}, []history.Value{history.Int(2)}},
		{"never added", `
0  |-add 1-|
1             |-read → [1,2]-|`, []int{2}, []history.Value{history.Int(2)}},
		{"lost", `
0  |-add 1-|
1             |-add 2-|
2                        |-read → [2]-|`, []int{0, 4}, []history.Value{history.Int(1)}},
		{"seen and lost", `
0  |-add 1-----------------------------------------------|
1  |-add 2-------?
2                   |-read → [1]-|
3                                   |-read → [2]-|`, []int{0, 2, 4}, []history.Value{history.Int(1)}},
		{"reads that disagree", `
0  |-add 1-------------------|
1  |-add 2-------------------|
2     |-read → [1]-----------------|
3     |-read → [2]-----------------|`, []int{0, 1, 2, 3}, []history.Value{history.Int(1), history.Int(2)}},
		{"against the order of the adds", `
0  |-add 1-|
1             |-add 2-|
2    |-read → [2]-------------------|`, []int{0, 1, 3}, []history.Value{history.Int(1), history.Int(2)}},
		{"listed twice", `
0  |-add 1-|
1             |-add 2-|
2                        |-read → [1,2,1]-|`, []int{0, 4}, []history.Value{history.Int(1)}},
		{"added again and again, and read before", `
0                    |-add 1-|
1                       |-add 1-|
2  |-read → [1]-|
3                                  |-read → [1]-|`, []int{0, 2}, []history.Value{history.Int(1)}},
	} {
		test.check(t, m)
	}
}

// coreTest wants the core of a drawn violation.
type coreTest struct {
	name, drawing string
	core          []int // indexes of the invocations
	elements      []history.Value
}

func (test coreTest) check(t *testing.T, m model.Model) {
	t.Helper()
	ops := sketch.MustParse(test.drawing)
	o := each(t, m, ops)
	slices.Sort(o.Core)
	slices.SortFunc(o.Elements, history.Value.Compare)
	prepared, err := m.Prepare(ops)
	if err != nil {
		t.Fatal(err)
	}
	if o.Answer != Illegal || !slices.Equal(o.Elements, test.elements) || !slices.Equal(o.Core, test.core) {
		t.Errorf("%s: got %+v, want the core %v about %v of\n%s", test.name, o, test.core, test.elements, drawing(prepared))
	}
}
