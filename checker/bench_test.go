package checker

import (
	"fmt"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model/modeltest"
)

// BenchmarkLinearizable judges what a run leaves: keys of 200 operations by ten
// clients that never pause, one in a hundred of unknown outcome. A FIFO queue can
// be too hard for the search: the number of such keys is reported.
func BenchmarkLinearizable(b *testing.B) {
	for _, name := range []string{"register", "cas-register", "counter", "fifo-queue", "unordered-queue", "mutex", "set"} {
		b.Run(name, func(b *testing.B) {
			c, err := Parse("linearizable(" + name + ")")
			if err != nil {
				b.Fatal(err)
			}
			h := &history.History{}
			const keys = 10
			for k := range keys {
				for _, op := range modeltest.Large(uint64(k), modeltest.Load{Model: name}, 200, 10) {
					op.Key = fmt.Sprint("k", k)
					op.Process += history.Process(100 * k)
					h.Ops = append(h.Ops, op)
				}
			}
			indexed(h.Ops)
			b.ReportAllocs()
			var r Result
			for b.Loop() {
				r, err = c.Check(b.Context(), h, Options{MemoryBytes: 256 << 20}.withDefaults())
				if err != nil || r.Verdict == Invalid {
					b.Fatalf("got %s %v %v", r.Verdict, r.Anomalies, err)
				}
			}
			unknown, _ := r.Statistics["unknown_keys"].(int)
			b.ReportMetric(float64(unknown), "unknown-keys")
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(h.Ops)), "ns/operation")
		})
	}
}

// BenchmarkCounting judges a history of 100,000 operations by the checks that
// need no search.
func BenchmarkCounting(b *testing.B) {
	for _, test := range []struct{ check, kind string }{
		{"delivery", "fifo-queue"}, {"durability", "set"}, {"exclusion", "mutex"}, {"stats", "register"},
	} {
		b.Run(test.check, func(b *testing.B) {
			c, err := Parse(test.check)
			if err != nil {
				b.Fatal(err)
			}
			var ops []history.Op
			for k := range 500 {
				for _, op := range modeltest.Large(uint64(k), modeltest.Load{Model: test.kind}, 200, 10) {
					op.Key = fmt.Sprint("k", k)
					op.Process += history.Process(100 * k)
					ops = append(ops, op)
				}
			}
			h := &history.History{Ops: indexed(ops)}
			for b.Loop() {
				if _, err := c.Check(b.Context(), h, Options{}.withDefaults()); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(h.Ops)), "ns/operation")
		})
	}
}
