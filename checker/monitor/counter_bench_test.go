package monitor

import (
	"slices"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model/modeltest"
)

// load is what the clients of a large history of a counter do.
type load struct {
	name string
	modeltest.Load
	// spoil changes the history, from that operation on, into an illegal one.
	spoil func(ops []history.Op, from int)
	// hard: it takes a search, and no verdict is an answer too.
	hard bool
}

func loads() []load {
	total := []string{"read", "add-and-get", "add-and-get"}
	silent := []string{"read", "add", "add"}
	take := []string{"read", "take", "take"}
	one, several, both := []int64{1}, []int64{1, 2, 3}, []int64{1, -1}
	return []load{
		{"increments", modeltest.Load{Model: "counter", Names: total, Amounts: one}, repeatTotal, false},
		{"amounts", modeltest.Load{Model: "counter", Names: total, Amounts: several}, repeatTotal, false},
		{"silent", modeltest.Load{Model: "counter", Names: silent, Amounts: one}, staleRead, false},
		{"silent-amounts", modeltest.Load{Model: "counter", Names: silent, Amounts: several}, staleRead, true},
		{"up-and-down", modeltest.Load{Model: "counter", Names: total, Amounts: both}, farRead, true},
		{"silent-up-and-down", modeltest.Load{Model: "counter", Names: silent, Amounts: both}, farRead, true},
		{"stock", modeltest.Load{Model: "bounded-counter(1000000000)", Names: take, Amounts: several}, repeatTotal, false},
		{"sold-out", modeltest.Load{Model: "bounded-counter(1000)", Names: take, Amounts: several}, staleRead, false},
		{"restocked", modeltest.Load{Model: "bounded-counter(100)", Names: []string{"read", "take", "put"}, Amounts: several}, farRead, true},
	}
}

// BenchmarkCounters judges a million operations of 50 clients on one key, one in a
// hundred of unknown outcome, and says how many times sorting a shuffled copy of
// them that takes.
func BenchmarkCounters(b *testing.B) {
	const n = 1_000_000
	sorting := 0.0
	for _, l := range loads() {
		ops := modeltest.Large(1, l.Load, n, 50)
		if sorting == 0 {
			sorting = sortTime(ops)
		}
		b.Run(l.name+"/valid", func(b *testing.B) { l.judge(b, ops, sorting, false) })
		l.spoil(ops, n*3/4)
		b.Run(l.name+"/invalid", func(b *testing.B) { l.judge(b, ops, sorting, true) })
	}
}

func (l load) judge(b *testing.B, ops []history.Op, sorting float64, spoilt bool) {
	m := parse(b, l.Model)
	var o Outcome
	for b.Loop() {
		o = each(b, m, ops)
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
