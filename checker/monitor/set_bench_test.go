package monitor

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// BenchmarkSet judges a million adds by 50 clients, 1 % of them of unknown
// outcome, and 500 reads, which list 250 million members in the order of a hash
// table. It reports the time as a multiple of scanning the members of all reads
// once ([history.Value.Each]).
func BenchmarkSet(b *testing.B) {
	const adds, reads = 1_000_000, 500
	for _, lost := range []bool{false, true} {
		name, want := "valid", Legal
		if lost {
			name, want = "invalid", Illegal
		}
		b.Run(name, func(b *testing.B) {
			ops := largeSet(adds, reads, lost)
			start, members := time.Now(), int64(0)
			for i := range ops {
				for v := range ops[i].Output.Each {
					n, _ := v.Int()
					members += min(n, 1)
				}
			}
			scan, m := time.Since(start), parse(b, "set")
			for b.Loop() {
				if o := each(b, m, ops); o.Answer != want || len(o.Core) > 8 {
					b.Fatalf("got %+v, want the answer %d", o, want)
				}
			}
			b.ReportMetric(float64(members), "members")
			b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(scan), "scans")
		})
	}
}

// largeSet returns what a set did whose reads list their members in the order of
// a hash; if lost, with one element missing from the last read.
//
// Why not [modeltest.Large]: half a million members a read, of a third of a million
// reads, are more than fit anywhere. Here reads are few, are made last, and list
// members in no order of theirs.
func largeSet(adds, reads int, lost bool) []history.Op {
	r := rand.New(rand.NewPCG(1, 2))
	ops := make([]history.Op, 0, adds+reads)
	inside := make([]int64, adds) // since when
	for i := range adds {
		v, call := history.Int(int64(i)), int64(i)*100
		op := history.Op{Process: history.Process(i % 50), F: "add", Input: v, Output: v, Outcome: history.OK, Call: call, Return: call + 1 + r.Int64N(5000)}
		inside[i] = call + r.Int64N(op.Return-call)
		if r.IntN(100) == 0 {
			op.Outcome, op.Output, op.Return = history.Info, history.Value{}, history.Never
			inside[i] += r.Int64N(2) * history.Never / 2
		}
		ops = append(ops, op)
	}
	if lost {
		inside[adds/2] = history.Never
	}
	byHash := r.Perm(adds)
	for i := range reads {
		at := int64(adds) * 100 * int64(i+1) / int64(reads)
		text := []byte{'['}
		for _, n := range byHash {
			if inside[n] <= at {
				text = append(strconv.AppendInt(text, int64(n), 10), ',')
			}
		}
		text[len(text)-1] = ']'
		list, err := history.ParseValue(text)
		if err != nil {
			panic(err)
		}
		ops = append(ops, history.Op{Process: 50, F: "read", Input: history.NullValue, Output: list, Outcome: history.OK, Call: at - r.Int64N(90), Return: at + r.Int64N(1000)})
	}
	slices.SortStableFunc(ops, func(a, b history.Op) int { return cmp.Compare(a.Call, b.Call) })
	for i := range ops {
		ops[i].Invoked = i
	}
	return ops
}
