package monitor

import (
	"math/rand/v2"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model/modeltest"
)

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
