package series

import (
	"testing"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/history"
)

func BenchmarkOf(b *testing.B) {
	const n = 1_000_000
	h := &history.History{Ops: make([]history.Op, n)}
	chance := uint64(1)
	for i := range h.Ops {
		chance = chance*6364136223846793005 + 1442695040888963407
		op := &h.Ops[i]
		*op = history.Op{F: []string{"read", "write", "cas"}[i%3], Call: int64(i) * 100_000, Outcome: history.OK, Invoked: 2 * i, Completed: 2*i + 1}
		op.Return = op.Call + int64(chance>>44)
	}
	var incidents []checker.Incident
	for i := range int64(20) {
		incidents = append(incidents, checker.Incident{TimeNS: i * 5e9, F: "kill", Where: "n1"}, checker.Incident{TimeNS: i*5e9 + 2e9, F: "start", Heals: "kill", Where: "n1"})
	}
	b.ReportAllocs()
	for b.Loop() {
		if s := Of(h, incidents); s.Counts.OK != n {
			b.Fatal(s.Counts)
		}
	}
}
