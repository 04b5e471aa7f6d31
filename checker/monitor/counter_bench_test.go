package monitor

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model"
)

// load is what the clients of a large history of a counter do.
type load struct {
	name, model string
	names       []string // of operations, drawn evenly
	amounts     []int64
	// spoil changes the history, from that operation on, into an illegal one.
	spoil func(ops []history.Op, from int)
	// hard: it takes a search, and no verdict is an answer too.
	hard bool
}

func loads() []load {
	return []load{
		{"increments", "counter", []string{"read", "add-and-get", "add-and-get"}, []int64{1}, repeatTotal, false},
		{"amounts", "counter", []string{"read", "add-and-get", "add-and-get"}, []int64{1, 2, 3}, repeatTotal, false},
		{"silent", "counter", []string{"read", "add", "add"}, []int64{1}, staleRead, false},
		{"silent-amounts", "counter", []string{"read", "add", "add"}, []int64{1, 2, 3}, staleRead, true},
		{"up-and-down", "counter", []string{"read", "add-and-get", "add-and-get"}, []int64{1, -1}, farRead, true},
		{"silent-up-and-down", "counter", []string{"read", "add", "add"}, []int64{1, -1}, farRead, true},
		{"stock", "bounded-counter(1000000000)", []string{"read", "take", "take"}, []int64{1, 2, 3}, repeatTotal, false},
		{"sold-out", "bounded-counter(1000)", []string{"read", "take", "take"}, []int64{1, 2, 3}, staleRead, false},
		{"restocked", "bounded-counter(100)", []string{"read", "take", "put"}, []int64{1, 2, 3}, farRead, true},
	}
}

// BenchmarkCounters judges a million operations of 50 clients on one key, one in a
// hundred of unknown outcome, and says how many times sorting a shuffled copy of
// them that takes.
func BenchmarkCounters(b *testing.B) {
	const n = 1_000_000
	sorting := 0.0
	for _, l := range loads() {
		ops := l.draw(1, n, 50)
		if sorting == 0 {
			sorting = sortTime(ops)
		}
		b.Run(l.name+"/valid", func(b *testing.B) { l.judge(b, ops, sorting, false) })
		l.spoil(ops, n*3/4)
		b.Run(l.name+"/invalid", func(b *testing.B) { l.judge(b, ops, sorting, true) })
	}
}

func (l load) judge(b *testing.B, ops []history.Op, sorting float64, spoilt bool) {
	m, err := model.Parse(l.model)
	if err != nil {
		b.Fatal(err)
	}
	var o Outcome
	for b.Loop() {
		mon, _ := New(m, len(ops))
		if err := m.Each(ops, places(ops), mon.Add); err != nil {
			b.Fatal(err)
		}
		o = mon.Judge()
	}
	want := Legal
	if spoilt {
		want = Illegal
	}
	switch {
	case o.Answer == Unfit && l.hard:
		b.Logf("no verdict: %s", o.Reason)
	case o.Answer != want && (!spoilt || !l.hard):
		b.Errorf("got %v (%s)", o.Answer, o.Reason)
	}
	b.ReportMetric(float64(len(o.Core)), "core")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/sorting, "sorts/op")
}

// draw returns a history that is legal.
func (l load) draw(seed uint64, n, clients int) []history.Op {
	r := rand.New(rand.NewPCG(seed, 0))
	m, err := model.Parse(l.model)
	if err != nil {
		panic(err)
	}
	total, _ := m.Initial().Int()
	ops, at := make([]history.Op, n), make([]moment, n)
	clocks := make([]int64, clients)
	for i := range ops {
		// The client that is ready first goes next, so that calls ascend.
		c := 0
		for j := range clocks {
			if clocks[j] < clocks[c] {
				c = j
			}
		}
		op := &ops[i]
		op.Process, op.F, op.Input, op.Outcome = history.Process(c), l.names[r.IntN(len(l.names))], history.NullValue, history.OK
		if op.F != "read" {
			op.Input = history.Int(l.amounts[r.IntN(len(l.amounts))])
		}
		op.Call = clocks[c]
		op.Return = op.Call + 200 + r.Int64N(800)
		at[i] = moment{op.Call + r.Int64N(op.Return-op.Call+1), int32(i)}
		clocks[c] = op.Return + 1 + r.Int64N(50)
	}
	for _, m := range order(at) {
		total = l.apply(r, &ops[m.row], total)
	}
	return l.number(ops)
}

// apply executes an operation and returns the total after it.
func (l load) apply(r *rand.Rand, op *history.Op, total int64) int64 {
	lost := r.IntN(100) == 0
	n, _ := op.Input.Int()
	switch {
	case lost && r.IntN(2) == 0: // it never took effect
	case op.F == "take" && total < n:
		op.Output = history.NullValue
	case op.F == "take":
		total -= n
		op.Output = history.Int(total)
	default:
		total += n
		op.Output = history.Int(total)
	}
	if lost {
		op.Output, op.Outcome, op.Return = history.Value{}, history.Info, history.Never
	}
	return total
}

// number gives the events of operations their indexes.
func (load) number(ops []history.Op) []history.Op {
	slices.SortStableFunc(ops, func(a, b history.Op) int { return cmp.Compare(a.Call, b.Call) })
	for i := range ops {
		ops[i].Invoked, ops[i].Completed = i, len(ops)+i
	}
	return ops
}

// repeatTotal makes two changes, one after the other, return the same total.
func repeatTotal(ops []history.Op, from int) {
	changed := func(op *history.Op) bool {
		_, counts := op.Output.Int()
		return op.Outcome == history.OK && op.F != "read" && counts
	}
	first := from + slices.IndexFunc(ops[from:], func(op history.Op) bool { return changed(&op) })
	for i := first + 1; ; i++ {
		if op := &ops[i]; changed(op) && op.F == ops[first].F && op.Call > ops[first].Return {
			op.Output = ops[first].Output
			return
		}
	}
}

// staleRead makes a read return what one saw a thousand operations before.
func staleRead(ops []history.Op, from int) {
	read := func(op history.Op) bool { return op.Outcome == history.OK && op.F == "read" }
	first := from + slices.IndexFunc(ops[from:], read)
	later := first + 1000 + slices.IndexFunc(ops[first+1000:], read)
	total, _ := ops[first].Output.Int()
	if now, _ := ops[later].Output.Int(); now == total { // sold out, or back again
		total += 500
	}
	ops[later].Output = history.Int(total)
}

// farRead makes a read return what nobody could have made of the total.
func farRead(ops []history.Op, from int) {
	op := &ops[from+slices.IndexFunc(ops[from:], func(op history.Op) bool { return op.Outcome == history.OK && op.F == "read" })]
	total, _ := op.Output.Int()
	op.Output = history.Int(total + int64(len(ops)))
}
