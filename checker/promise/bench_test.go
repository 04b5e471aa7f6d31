package promise

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/history"
)

// load says what a large history is like.
type load struct {
	processes, keys int
	// each key is used for so many operations of all, and then another.
	perKey int
	// unknown is how many in ten thousand end without an answer, late how many
	// writes that others see take effect after they have returned.
	unknown, late int
}

// large returns n operations on registers, sequential by construction, and with
// late writes hardly linearizable.
func (l load) large(n int) []history.Op {
	r := rand.New(rand.NewPCG(1, 2))
	process, state := make([]history.Process, l.processes), map[string]history.Value{}
	for i := range process {
		process[i] = history.Process(i)
	}
	ops := make([]history.Op, n)
	for i := range ops {
		p, key := r.IntN(l.processes), fmt.Sprint("r", i/(l.perKey*l.keys)*l.keys+r.IntN(l.keys))
		call := int64(i+1000) * 100
		if _, ok := state[key]; !ok {
			state[key] = history.NullValue
		}
		op := history.Op{
			Process: process[p], Key: key, F: "read", Call: call, Return: call + 50,
			Outcome: history.OK, Output: state[key], Invoked: 2 * i, Completed: 2*i + 1,
		}
		if r.IntN(10) < 4 {
			op.F, op.Input = "write", history.Int(int64(i))
			op.Output = op.Input
			state[key] = op.Input
			if r.IntN(10_000) < l.late {
				op.Call -= 100 * 1000
				op.Return -= 100 * 1000
			}
		}
		if r.IntN(10_000) < l.unknown {
			op.Outcome, op.Return, op.Output = history.Info, history.Never, history.Value{}
			process[p] += history.Process(l.processes)
		}
		ops[i] = op
	}
	return ops
}

func BenchmarkMillion(b *testing.B) {
	for name, l := range map[string]load{
		"ten-sessions-one-key":       {10, 1, 1_000_000, 0, 10},
		"thousand-sessions-one-key":  {10, 1, 1_000_000, 10, 10},
		"thousand-sessions-rotating": {10, 10, 500, 10, 10},
		"hundred-processes-rotating": {100, 50, 500, 5, 10},
	} {
		ops := l.large(1_000_000)
		b.Run(name, func(b *testing.B) {
			h := &history.History{Ops: ops}
			given := Given{
				Checks: []string{"linearizable(register)"},
				Known:  []checker.Result{{Name: "linearizable(register)", Verdict: checker.Invalid, Anomalies: []checker.Anomaly{{Ops: []int{0}}}}},
			}
			b.ReportAllocs()
			for b.Loop() {
				rungs, err := Ladder(b.Context(), h, given)
				if err != nil {
					b.Fatal(err)
				}
				for _, r := range rungs[1:6] {
					if r.Standing != Held {
						b.Fatalf("%+v", r)
					}
				}
			}
		})
	}
}

// One session reads once more what it saw long before.
func BenchmarkMillionViolated(b *testing.B) {
	ops := load{10, 10, 500, 10, 10}.large(1_000_000)
	for i := 700_000; ; i++ {
		at := slices.IndexFunc(ops[i+2000:i+3000], func(op history.Op) bool {
			return op.Key == ops[i].Key && op.Process == ops[i].Process && op.F == "read" && op.Outcome == history.OK
		})
		if ops[i].F == "read" && ops[i].Outcome == history.OK && at >= 0 && ops[i+2000+at].Output != ops[i].Output {
			ops[i+2000+at].Output = ops[i].Output
			break
		}
	}
	h := &history.History{Ops: ops}
	given := Given{
		Checks: []string{"linearizable(register)"},
		Known:  []checker.Result{{Name: "linearizable(register)", Verdict: checker.Invalid, Anomalies: []checker.Anomaly{{Ops: []int{0}}}}},
	}
	b.ReportAllocs()
	for b.Loop() {
		rungs, err := Ladder(b.Context(), h, given)
		if err != nil || rungs[1].Standing != Violated {
			b.Fatalf("%+v, %v", rungs, err)
		}
	}
}

func BenchmarkMillionSteps(b *testing.B) {
	ops := load{10, 10, 500, 10, 10}.large(1_000_000)
	b.Run("read", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			mustRead(b, "register", ops)
		}
	})
	t := mustRead(b, "register", ops)
	for g := range guarantees {
		b.Run(g.kind(), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				g.judge(b.Context(), t)
			}
		})
	}
	b.Run("sequential", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			t.sequential(b.Context())
		}
	})
}
