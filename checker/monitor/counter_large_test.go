package monitor

import (
	"math/rand/v2"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model"
)

// outcome judges a history of the load, and returns what was judged.
func (l load) outcome(t *testing.T, ops []history.Op) (Outcome, model.Model, []model.Op) {
	t.Helper()
	m, err := model.Parse(l.model)
	if err != nil {
		t.Fatal(err)
	}
	prepared, err := m.Prepare(ops)
	if err != nil {
		t.Fatal(err)
	}
	mon, _ := New(m, len(prepared))
	return judge(mon, prepared), m, prepared
}

// A counter of thousands of operations is judged, not given up. The histories are
// always the same: a search that prunes less than it could gives up some of them.
func TestCountersOfThousandsOfOperationsAreJudged(t *testing.T) {
	for _, l := range loads() {
		t.Run(l.name, func(t *testing.T) {
			t.Parallel()
			clients := []int{4, 12, 24}
			if l.hard {
				clients = []int{4, 8, 12}
			}
			for _, c := range clients {
				ops := l.draw(uint64(c), 4000, c)
				if o, _, _ := l.outcome(t, ops); o.Answer != Legal {
					t.Errorf("%d clients: got %v (%s), want legal", c, o.Answer, o.Reason)
				}
				l.spoil(ops, 1000)
				if o, _, _ := l.outcome(t, ops); o.Answer != Illegal || len(o.Core) == 0 {
					t.Errorf("%d clients, one result wrong: got %v (%s)", c, o.Answer, o.Reason)
				}
			}
		})
	}
}

// Porcupine and the monitor agree where more happens at the same time than in
// histories that are wild throughout; in most, one result is wrong.
func TestBusyCountersAgreeWithPorcupine(t *testing.T) {
	for _, l := range loads() {
		t.Run(l.name, func(t *testing.T) {
			t.Parallel()
			seed := rand.Uint64()
			for i := range uint64(rounds(t) / 20) {
				r := rand.New(rand.NewPCG(seed, i))
				ops := l.draw(r.Uint64(), 8+r.IntN(10), 2+r.IntN(4))
				if op := &ops[r.IntN(len(ops))]; op.F != "add" {
					if total, ok := op.Output.Int(); ok {
						op.Output = history.Int(max(total+r.Int64N(7)-3, 0))
					}
				}
				o, m, prepared := l.outcome(t, ops)
				legal := explainable(m.Porcupine(), prepared)
				if o.Answer == Unfit || legal != (o.Answer == Legal) {
					t.Fatalf("seed %d, history %d: porcupine says legal=%v, the monitor %+v of\n%s", seed, i, legal, o, drawing(prepared))
				}
			}
		})
	}
}
