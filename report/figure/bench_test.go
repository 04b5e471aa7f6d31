package figure

import (
	"testing"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/report/series"
)

// BenchmarkFigures draws all pictures of a run over time; its series is made before.
func BenchmarkFigures(b *testing.B) {
	h := &history.History{}
	for i := range 200_000 {
		op := history.Op{F: []string{"read", "write"}[i%2], Call: int64(i) * 1e5, Outcome: history.OK, Invoked: 2 * i, Completed: 2*i + 1}
		op.Return = op.Call + int64(i*7919%100_000)
		h.Ops = append(h.Ops, op)
	}
	s := series.Of(h, nil)
	b.ReportAllocs()
	for b.Loop() {
		n := len(Latency(s, Options{}).File()) + len(Throughput(s, Options{}).File()) + len(Histogram(s, Options{}).File()) + len(Availability(s, Options{}).File())
		b.ReportMetric(float64(n), "bytes")
	}
}
