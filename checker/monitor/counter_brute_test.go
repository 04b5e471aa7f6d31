package monitor

import (
	"math/rand/v2"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model"
	"github.com/jepsen-lite/jepsen-lite/model/modeltest"
)

// What the monitor says of up to seven operations is what trying all their orders
// says, by rules written down a second time.
func TestCountersAgreeWithAllOrders(t *testing.T) {
	for _, kind := range []string{"counter", "bounded-counter"} {
		name, initial := kind, int64(0)
		if kind != "counter" {
			name, initial = "bounded-counter(3)", modeltest.InitialStock
		}
		m, err := model.Parse(name)
		if err != nil {
			t.Fatal(err)
		}
		seed, counts := rand.Uint64(), map[Answer]int{}
		for i := range uint64(rounds(t)) {
			ops := modeltest.Wild(rand.New(rand.NewPCG(seed, i)), kind, 7)
			prepared, err := m.Prepare(ops)
			if err != nil {
				t.Fatal(err)
			}
			mon, _ := New(m, len(prepared))
			o := judge(mon, prepared)
			counts[o.Answer]++
			b := brute{ops: ops, gone: make([]bool, len(ops))}
			if legal := b.legal(initial); o.Answer != Unfit && legal != (o.Answer == Legal) {
				t.Fatalf("%s, seed %d, history %d: all orders say legal=%v, the monitor %+v of\n%s", name, seed, i, legal, o, drawing(prepared))
			}
		}
		t.Logf("%s: %d legal, %d illegal, %d unfit", name, counts[Legal], counts[Illegal], counts[Unfit])
		if 5*counts[Illegal] < rounds(t) || 5*counts[Legal] < rounds(t) {
			t.Errorf("%s: too tame: %v", name, counts)
		}
		if 1000*counts[Unfit] > rounds(t) {
			t.Errorf("%s: gave up %d times on a few operations", name, counts[Unfit])
		}
	}
}

// brute tries all orders.
type brute struct {
	ops  []history.Op
	gone []bool
}

// certain reports whether the operation must have its place.
func (b *brute) certain(i int) bool {
	op := &b.ops[i]
	return op.Outcome == history.OK && !(op.Output.IsAbsent() && op.F != "add" && op.F != "add-and-get" && op.F != "put")
}

func (b *brute) legal(total int64) bool {
	left := false
	for i := range b.ops {
		left = left || !b.gone[i] && b.certain(i)
	}
	if !left {
		return true
	}
	for i := range b.ops {
		if b.gone[i] || !b.mayBeNext(i) {
			continue
		}
		if next, ok := b.apply(i, total); ok {
			b.gone[i] = true
			if b.legal(next) {
				return true
			}
			b.gone[i] = false
		}
	}
	return false
}

func (b *brute) mayBeNext(i int) bool {
	for j := range b.ops {
		if !b.gone[j] && b.certain(j) && b.ops[j].Return < b.ops[i].Call {
			return false
		}
	}
	return true
}

// apply returns the total after the operation, and whether it can be next.
func (b *brute) apply(i int, total int64) (int64, bool) {
	op := &b.ops[i]
	n, _ := op.Input.Int()
	result, counts := op.Output.Int()
	counts = counts && op.Outcome == history.OK && op.F != "add"
	switch op.F {
	case "read":
		return total, counts && result == total
	case "take":
		if op.Outcome == history.OK && op.Output.IsNull() {
			return total, total < n
		}
		if total < n {
			return total, false
		}
		total -= n
	default:
		total += n
	}
	return total, !counts || result == total
}
