package monitor

import (
	"math/rand/v2"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model"
	"github.com/jepsen-lite/jepsen-lite/model/modeltest"
)

// outcome judges a history of the load, and returns what was judged.
func (l load) outcome(t *testing.T, ops []history.Op) (Outcome, model.Model, []model.Op) {
	t.Helper()
	m := parse(t, l.Model)
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
				ops := modeltest.Large(uint64(c), l.Load, 4000, c)
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
				ops := modeltest.Large(r.Uint64(), l.Load, 8+r.IntN(10), 2+r.IntN(4))
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

// The search makes no more states than it did when this was written: that what it
// leaves out is left out shows in nothing else. Raise a number only for a reason.
func TestTheSearchOfCountersPrunes(t *testing.T) {
	most := map[string]int{
		"increments": 4074, "amounts": 4800, "silent": 2177, "silent-amounts": 101010, "up-and-down": 18813,
		"silent-up-and-down": 3860, "stock": 4800, "sold-out": 3022, "restocked": 22841,
	}
	for _, l := range loads() {
		t.Run(l.name, func(t *testing.T) {
			m, made := parse(t, l.Model), 0
			for seed := range uint64(4) {
				c := newCounter(m, 0)
				prepared, err := m.Prepare(modeltest.Large(seed, l.Load, 1000, 4+3*int(seed)))
				if err != nil {
					t.Fatal(err)
				}
				for i := range prepared {
					c.Add(&prepared[i])
				}
				s := newSearch(c)
				if o := s.run(); o.Answer != Legal {
					t.Fatalf("seed %d: got %v (%s), want legal", seed, o.Answer, o.Reason)
				}
				made += firstWork + stepWork*s.farthest - s.work
			}
			if made > most[l.name] {
				t.Errorf("%d states were made, expected %d at most", made, most[l.name])
			}
		})
	}
}
