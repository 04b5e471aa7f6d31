package search_test

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/jepsen-lite/jepsen-lite/checker/search"
	"github.com/jepsen-lite/jepsen-lite/model"
)

func BenchmarkRegisterRepeated(b *testing.B) { benchmark(b, "RegisterRepeated", 1_000_000) }
func BenchmarkLockReusedOwner(b *testing.B)  { benchmark(b, "LockReusedOwner", 1_000_000) }
func BenchmarkLockNameless(b *testing.B)     { benchmark(b, "LockNameless", 1_000_000) }
func BenchmarkLockBlind(b *testing.B)        { benchmark(b, "LockBlind", 1_000_000) }
func BenchmarkCounterUnit(b *testing.B)      { benchmark(b, "CounterUnit", 1_000_000) }
func BenchmarkCounterRead(b *testing.B)      { benchmark(b, "CounterRead", 2_000) }

// benchmark searches a history of n operations by ten clients, one in a hundred
// of unknown outcome: as it is, and with an impossible result nine tenths in.
func benchmark(b *testing.B, name string, n int) {
	l := loadNamed(name)
	for _, variant := range []struct {
		name string
		want search.Answer
	}{{"legal", search.Legal}, {"illegal", search.Illegal}} {
		b.Run(variant.name, func(b *testing.B) {
			h := l.draw(1, n, 1)
			if variant.want == search.Illegal {
				if l.spoil == nil {
					b.Skip("an operation of unknown outcome explains everything")
				}
				h = h[:len(h)/5] // to prove it takes longer
				l.spoil(h[len(h)*9/10:])
			}
			m, ops := mustPrepare(l.Model, h)
			b.ReportAllocs()
			for b.Loop() {
				if r := search.Check(b.Context(), m, ops, search.Options{}); r.Answer != variant.want {
					b.Fatalf("%s, %+v", r.Answer, r.Statistics)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(ops)), "ns/operation")
		})
	}
}

// TestReach prints how long a history each search manages in the time that
// JEPSEN_LITE_REACH gives, 10s for instance: histories of twice the length until
// one takes too long.
func TestReach(t *testing.T) {
	limit, err := time.ParseDuration(os.Getenv("JEPSEN_LITE_REACH"))
	if err != nil {
		t.Skip("set JEPSEN_LITE_REACH to a duration to measure")
	}
	for _, l := range loads() {
		for _, spoilt := range []bool{false, true} {
			if spoilt && l.spoil == nil {
				continue
			}
			ours := reach(l, spoilt, 1<<23, func(m model.Model, ops []model.Op) bool {
				ctx, cancel := context.WithTimeout(t.Context(), limit)
				defer cancel()
				return search.Check(ctx, m, ops, search.Options{MemoryBytes: 4 << 30}).Answer >= search.Legal
			})
			// Beyond this, porcupine takes more memory than machines have.
			theirs := reach(l, spoilt, 1<<17, func(m model.Model, ops []model.Op) bool {
				return porcupine.CheckOperationsTimeout(m.Porcupine(), m.Operations(ops), limit) != porcupine.Unknown
			})
			fmt.Printf("%-18s spoilt %-5v ours %8d porcupine %8d\n", l.name, spoilt, ours, theirs)
		}
	}
}

// reach returns the length of the longest history, of 250 operations or a power
// of two times that, that is decided; at most most.
func reach(l load, spoilt bool, most int, decide func(model.Model, []model.Op) bool) int {
	reached := 0
	for n := 250; n <= most; n *= 2 {
		h := l.draw(uint64(n), n, 1)
		if spoilt {
			l.spoil(h[len(h)*9/10:])
		}
		m, ops := mustPrepare(l.Model, h)
		if !decide(m, ops) {
			break
		}
		reached = n
	}
	return reached
}
