package search_test

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"

	"github.com/anishathalye/porcupine"

	"github.com/jepsen-lite/jepsen-lite/checker/search"
	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model"
)

// unit is the grain of the histories' time.
const unit = 1_000_000

// draw makes a small history: intervals with many ties, results at random, or as
// one order of execution gives them and then some of them changed.
func draw(r *rand.Rand, s scenario, m model.Model, n int) []model.Op {
	clients, idle, length := 1+r.IntN(5), 1+r.Int64N(4), 1+r.Int64N(8)
	unknown := []int{0, 20, 30, 40, 50, 60}[r.IntN(6)] // in a hundred
	ops := make([]history.Op, n/2+r.IntN(n/2)+1)
	clock := make([]int64, clients)
	for i := range ops {
		c := r.IntN(clients)
		call := clock[c] + r.Int64N(idle)
		end := call + r.Int64N(length)
		clock[c] = end + r.Int64N(2)
		ops[i] = history.Op{Process: history.Process(c), Call: call * unit, Return: end * unit, Outcome: history.OK, Input: history.NullValue}
	}
	if r.IntN(3) == 0 {
		for i := range ops {
			s.fill(r, &ops[i])
			if r.IntN(100) < unknown {
				forget(&ops[i])
			}
		}
	} else {
		execute(r, s, m, ops, unknown)
		for range r.IntN(7) {
			op := &ops[r.IntN(len(ops))]
			was := *op
			*op = history.Op{Process: op.Process, Call: op.Call, Return: op.Return, Outcome: history.OK, Input: history.NullValue}
			if s.fill(r, op); was.Outcome == history.Info {
				forget(op)
			}
		}
	}
	retire(ops, clients)
	slices.SortStableFunc(ops, func(a, b history.Op) int { return cmp.Compare(a.Call, b.Call) })
	for i := range ops {
		ops[i].Invoked = i
	}
	prepared, err := m.Prepare(ops)
	if err != nil {
		panic(err)
	}
	return prepared
}

func forget(op *history.Op) {
	if op.Outcome == history.OK {
		op.Outcome, op.Return, op.Output = history.Info, history.Never, history.Value{}
	}
}

// execute gives the operations results that the model allows at random points of
// their intervals.
func execute(r *rand.Rand, s scenario, m model.Model, ops []history.Op, unknown int) {
	type point struct{ at, op int64 }
	points := make([]point, len(ops))
	for i, op := range ops {
		points[i] = point{op.Call + r.Int64N(op.Return-op.Call+1), int64(i)}
	}
	slices.SortFunc(points, func(a, b point) int { return cmp.Compare(a.at, b.at) })
	state := m.Init()
	for _, p := range points {
		op := &ops[p.op]
		blank := *op
		for range 30 {
			*op = blank
			s.fill(r, op)
			prepared, err := m.Prepare([]history.Op{*op})
			if err != nil {
				panic(err)
			}
			if len(prepared) == 0 {
				break
			}
			ok, next := m.Step(state, &prepared[0])
			if !ok {
				continue
			}
			lost := r.IntN(100) < unknown
			if !lost || r.IntN(2) == 0 {
				state = next
			}
			if lost {
				forget(op)
			}
			break
		}
	}
}

// retire makes a process that goes on after an unknown outcome another one.
func retire(ops []history.Op, next int) {
	for i := range ops {
		if ops[i].Outcome != history.Info {
			continue
		}
		p := ops[i].Process
		for j := i + 1; j < len(ops); j++ {
			if ops[j].Process == p {
				ops[j].Process = history.Process(next)
			}
		}
		next++
	}
}

// tally counts verdicts.
type tally struct{ histories, illegal, illegalUnknown int }

func (c *tally) count(illegal bool, ops []model.Op) {
	c.histories++
	if illegal {
		c.illegal++
		if slices.ContainsFunc(ops, func(op model.Op) bool { return !op.Certain }) {
			c.illegalUnknown++
		}
	}
}

// TestAgreement compares the search with porcupine, and short histories with an
// enumeration of all orders. JEPSEN_LITE_AGREE is how many histories per model.
func TestAgreement(t *testing.T) {
	n := 1000
	if text := os.Getenv("JEPSEN_LITE_AGREE"); text != "" {
		var err error
		if n, err = strconv.Atoi(text); err != nil {
			t.Fatalf("JEPSEN_LITE_AGREE: %v", err)
		}
	}
	for _, s := range scenarios() {
		t.Run(s.model, func(t *testing.T) {
			t.Parallel()
			m, err := model.Parse(s.model)
			if err != nil {
				t.Fatal(err)
			}
			var count, open tally
			for seed := range uint64(n) {
				r := rand.New(rand.NewPCG(seed, 4))
				size := 7
				if seed%2 == 0 {
					size = 14
				}
				ops := draw(r, s, m, size)
				count.count(compare(t, m, ops, false, seed), ops)
				if s.open && seed%4 == 0 {
					open.count(compare(t, m, ops, true, seed), ops)
				}
				if t.Failed() {
					return
				}
			}
			t.Logf("%+v, from any state %+v", count, open)
			if count.illegal*5 < n || count.illegalUnknown*2 < count.illegal || count.illegal*5 > n*4 {
				t.Errorf("the histories do not try the search: %+v", count)
			}
		})
	}
}

// compare returns whether the history is illegal.
func compare(t *testing.T, m model.Model, ops []model.Op, anyState bool, seed uint64) bool {
	t.Helper()
	pm, start := m.Porcupine(), m.Init()
	if anyState {
		pm, _ = m.PorcupineFromAnyState()
		start, _ = m.Open()
	}
	want := search.Illegal
	if porcupine.CheckOperations(pm, raw(ops)) {
		want = search.Legal
	}
	got := search.Check(context.Background(), m, ops, search.Options{FromAnyState: anyState})
	if got.Answer != want {
		t.Errorf("seed %d: %s, porcupine: %s\n%s", seed, got.Answer, want, listing(ops))
	}
	for _, pass := range []string{"exact", "rewound", "hasty", "relaxed"} {
		if seed%8 != 0 {
			break // it takes long
		}
		got := search.Pass(pass, m, start, ops)
		isProof := pass == "exact" || pass == "rewound" || got != search.Exhausted && (pass == "hasty" || got == search.Illegal)
		if isProof && got != want {
			t.Errorf("seed %d: %s alone: %s, porcupine: %s\n%s", seed, pass, got, want, listing(ops))
		}
	}
	if len(ops) <= 7 {
		if some := someOrder(m, start, ops); some != (want == search.Legal) {
			t.Errorf("seed %d: porcupine: %s, an order: %v\n%s", seed, want, some, listing(ops))
		}
	}
	return want == search.Illegal
}

// raw returns the operations for porcupine as they are, not refined.
func raw(ops []model.Op) []porcupine.Operation {
	out := make([]porcupine.Operation, len(ops))
	for i := range ops {
		out[i] = porcupine.Operation{ClientId: int(ops[i].Process), Input: &ops[i], Call: ops[i].Call, Return: ops[i].Return}
	}
	return out
}

// someOrder tries every order that respects real time.
func someOrder(m model.Model, state any, left []model.Op) bool {
	if !slices.ContainsFunc(left, func(op model.Op) bool { return op.Certain }) {
		return true
	}
	for i := range left {
		if slices.ContainsFunc(left, func(other model.Op) bool { return other.Return < left[i].Call }) {
			continue
		}
		ok, next := m.Step(state, &left[i])
		if ok && someOrder(m, next, slices.Delete(slices.Clone(left), i, i+1)) {
			return true
		}
	}
	return false
}

func listing(ops []model.Op) (text string) {
	for i := range ops {
		op := &ops[i]
		end := "?"
		if op.Certain {
			end = fmt.Sprint(op.Return / unit)
		}
		text += fmt.Sprintf("%d: %d..%s process %d %s\n", op.ID, op.Call/unit, end, op.Process, op.String())
	}
	return text
}
