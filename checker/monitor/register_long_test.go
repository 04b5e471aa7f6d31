package monitor

import (
	"slices"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model/modeltest"
)

// A core is short however long the blocks are: mostly it is then illegal from any
// state.
func TestCoresOfLongBlocksAreShort(t *testing.T) {
	m := parse(t, "cas-register")
	for _, test := range []struct {
		name  string
		names []string
	}{
		{"one block", []string{"cas", "cas", "read"}},
		{"blocks of hundreds", append(slices.Repeat([]string{"cas", "cas", "read"}, 100), "write")},
	} {
		t.Run(test.name, func(t *testing.T) {
			anyState := 0
			for seed := range uint64(20) {
				ops := modeltest.Large(seed, modeltest.Load{Model: "cas-register", Names: test.names}, 3000, 8)
				readAgain(t, ops, 500+100*int(seed))
				prepared, err := m.Prepare(ops)
				if err != nil {
					t.Fatal(err)
				}
				o := each(t, m, ops)
				if o.Answer != Illegal || len(o.Core) > 12 {
					t.Fatalf("seed %d: got %v, a core of %d operations", seed, o.Answer, len(o.Core))
				}
				pm := m.Porcupine()
				if o.AnyState {
					anyState++
					pm, _ = m.PorcupineFromAnyState()
				}
				if core := only(prepared, o.Core); explainable(pm, core) {
					t.Fatalf("seed %d: the core is not illegal by itself:\n%s", seed, drawing(core))
				}
			}
			if anyState < 15 {
				t.Errorf("only %d cores are illegal from any state", anyState)
			}
		})
	}
}

// readAgain makes a read return what one returned hundreds of operations before.
func readAgain(t *testing.T, ops []history.Op, from int) {
	t.Helper()
	earlier := history.Value{}
	for i := from; i < len(ops); i++ {
		op := &ops[i]
		switch {
		case op.F != "read" || op.Outcome != history.OK:
		case earlier.IsAbsent():
			earlier = op.Output
		case i > from+400:
			op.Output = earlier
			return
		}
	}
	t.Fatal("nothing to spoil")
}
