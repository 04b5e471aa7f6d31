package promise

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model"
)

// kinds are those whose histories have session guarantees.
var kinds = []string{"register", "cas-register", "set"}

func mustRead(t testing.TB, kind string, ops []history.Op) *tape {
	t.Helper()
	m, err := model.Parse(kind)
	if err != nil {
		t.Fatal(err)
	}
	tape, reason, err := read(m, ops)
	if err != nil || reason != "" {
		t.Fatalf("read: %v, %q", err, reason)
	}
	return tape
}

// What each guarantee says of a history is what its definition says.
func TestGuaranteesAgreeWithTheirDefinitions(t *testing.T) {
	for _, kind := range kinds {
		for g := range guarantees {
			t.Run(kind+"/"+g.kind(), func(t *testing.T) {
				held, violated := 0, 0
				rapid.Check(t, func(rt *rapid.T) {
					ops := wild(kind, 7, true).Draw(rt, "history")
					f := g.judge(t.Context(), mustRead(t, kind, ops))
					want := keepsGuarantee(g, acts(ops))
					if f.open != "" || (f.breach == nil) != want {
						rt.Fatalf("open %q, breach %+v, by its definition %v", f.open, f.breach, want)
					}
					if want {
						held++
						return
					}
					violated++
					if proof := only(ops, f.breach, mustRead(t, kind, ops)); keepsGuarantee(g, acts(proof)) {
						rt.Fatalf("the witness proves nothing: %+v", f.breach)
					}
				})
				if held == 0 || violated == 0 {
					t.Errorf("%d held, %d violated: nothing was tried", held, violated)
				}
			})
		}
	}
}

// only returns the operations of a breach.
func only(ops []history.Op, b *breach, t *tape) []history.Op {
	in := map[int32]bool{}
	for _, n := range b.rows {
		in[t.rows[n].at] = true
	}
	var some []history.Op
	for i := range ops {
		if in[int32(i)] {
			some = append(some, ops[i])
		}
	}
	return some
}

// Whether there is a sequential order is what trying all of them says.
func TestSequentialAgreesWithAllOrders(t *testing.T) {
	for _, test := range []struct {
		kind   string
		unique bool
	}{{"register", true}, {"cas-register", true}, {"set", true}, {"register", false}, {"cas-register", false}, {"set", false}} {
		t.Run(test.kind, func(t *testing.T) {
			held, violated := 0, 0
			rapid.Check(t, func(rt *rapid.T) {
				ops := wild(test.kind, 7, test.unique).Draw(rt, "history")
				f := mustRead(t, test.kind, ops).sequential(t.Context())
				want := isSequential(acts(ops))
				open := f.open != ""
				if (test.unique || test.kind != "set") && open || !open && (f.breach == nil) != want || open && f.breach != nil {
					rt.Fatalf("open %q, breach %+v, by all orders %v", f.open, f.breach, want)
				}
				switch {
				case want:
					held++
				case f.breach != nil:
					violated++
					if proof := only(ops, f.breach, mustRead(t, test.kind, ops)); test.kind != "set" && isSequential(acts(proof)) {
						rt.Fatalf("the witness proves nothing: %+v", f.breach)
					}
				}
			})
			if held == 0 || violated == 0 {
				t.Errorf("%d held, %d violated: nothing was tried", held, violated)
			}
		})
	}
}

// Where values repeat, what is found wrong is wrong all the same: no sequential
// history is said to break a guarantee.
func TestRepeatedValuesAreNotHeldAgainstAnybody(t *testing.T) {
	for _, kind := range kinds {
		for g := range guarantees {
			t.Run(kind+"/"+g.kind(), func(t *testing.T) {
				violated := 0
				rapid.Check(t, func(rt *rapid.T) {
					ops := wild(kind, 7, false).Draw(rt, "history")
					f := g.judge(t.Context(), mustRead(t, kind, ops))
					if f.breach == nil {
						return
					}
					violated++
					if proof := only(ops, f.breach, mustRead(t, kind, ops)); isSequential(acts(ops)) || isSequential(acts(proof)) {
						rt.Fatalf("the history, or its witness, is sequential: %+v", f.breach)
					}
				})
				if violated == 0 {
					t.Error("nothing was violated: nothing was tried")
				}
			})
		}
	}
}
