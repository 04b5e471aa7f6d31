package monitor

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model"
	"github.com/jepsen-lite/jepsen-lite/model/modeltest"
)

// BenchmarkMonitors judges a million operations of 50 clients on one key, one in
// a hundred of unknown outcome, and says how much of the time it takes to sort a
// shuffled copy of them that is. With JEPSEN_LITE_TEN_MILLION it judges ten
// million.
func BenchmarkMonitors(b *testing.B) {
	n := 1_000_000
	if os.Getenv("JEPSEN_LITE_TEN_MILLION") != "" {
		n = 10_000_000
	}
	for _, kind := range []string{"fifo-queue", "cas-register", "mutex", "unordered-queue", "lease(2ms)"} {
		ops := modeltest.Large(1, modeltest.Load{Model: kind}, n, 50)
		sorting := sortTime(ops)
		m := parse(b, kind)
		b.Run(fmt.Sprintf("%s/%d/valid", kind, n), func(b *testing.B) { benchmark(b, m, ops, Legal, sorting) })
		plant(b, kind, ops)
		b.Run(fmt.Sprintf("%s/%d/invalid", kind, n), func(b *testing.B) { benchmark(b, m, ops, Illegal, sorting) })
	}
}

func benchmark(b *testing.B, m model.Model, ops []history.Op, want Answer, sorting float64) {
	for b.Loop() {
		if o := each(b, m, ops); o.Answer != want || len(o.Core) > 8 {
			b.Fatalf("got %v, %d operations (%s)", o.Answer, len(o.Core), o.Reason)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/sorting, "sorts/op")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(ops)), "ns/operation")
}

// places returns where operations stand that are all of one key.
func places(ops []history.Op) []int32 {
	all := make([]int32, len(ops))
	for i := range all {
		all[i] = int32(i)
	}
	return all
}

// sortTime returns how many nanoseconds sorting a shuffled copy takes: the least
// of three.
func sortTime(ops []history.Op) float64 {
	shuffled := slices.Clone(ops)
	least := 0.0
	for range 3 {
		rand.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		start := time.Now()
		slices.SortFunc(shuffled, func(x, y history.Op) int { return cmp.Compare(x.Call, y.Call) })
		if t := float64(time.Since(start)); least == 0 || t < least {
			least = t
		}
	}
	return least
}

// plant spoils a history three quarters in.
func plant(b *testing.B, kind string, ops []history.Op) {
	at := len(ops) * 3 / 4
	find := func(from int, want func(op *history.Op) bool) *history.Op {
		for i := from; i < len(ops); i++ {
			if ops[i].Outcome == history.OK && want(&ops[i]) {
				return &ops[i]
			}
		}
		b.Fatal("nothing to spoil")
		return nil
	}
	switch kind {
	case "fifo-queue":
		took := func(op *history.Op) bool { return op.F == "dequeue" && !op.Output.IsNull() }
		x, y := find(at, took), find(at+200, took)
		x.Output, y.Output = y.Output, x.Output
	case "cas-register":
		read := func(op *history.Op) bool { return op.F == "read" }
		find(at, read).Output = find(at-1000, read).Output
	case "unordered-queue":
		took := func(op *history.Op) bool { return op.F == "dequeue" && !op.Output.IsNull() }
		find(at, took).Output = find(at-1000, took).Output
	case "mutex", "lease(2ms)":
		granted := func(op *history.Op) bool { return op.F == "acquire" && op.Output == op.Input }
		refused := func(op *history.Op) bool {
			return op.Outcome == history.OK && op.F == "acquire" && op.Output != op.Input
		}
		x := find(at, granted)
		for i := range ops {
			if ops[i].Call > x.Return && refused(&ops[i]) {
				ops[i].Output = ops[i].Input
				return
			}
		}
	}
}
