package search_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/jepsen-lite/jepsen-lite/history"

	"github.com/jepsen-lite/jepsen-lite/checker/search"
)

// spoil gives observations results they cannot have had
func spoil(seed uint64, ops []history.Op, from float64, share int) {
	r := rand.New(rand.NewPCG(seed, 9))
	k := 0
	for i := int(from * float64(len(ops))); i < len(ops); i++ {
		op := &ops[i]
		if op.Outcome != history.OK {
			continue
		}
		if share > 0 && r.IntN(share) != 0 {
			continue
		}
		switch op.F {
		case "read":
			if share == 0 {
				op.Output = history.Int(77)
			} else {
				op.Output = few(r)
			}
		case "acquire":
			if _, held := op.Output.Field("held_by"); held || op.Output.IsFalse() {
				op.Output = op.Input
			} else {
				continue
			}
		default:
			continue
		}
		k++
		if share == 0 || k == 3 {
			return
		}
	}
}

func TestInvalid(t *testing.T) {
	for _, l := range loads()[:4] {
		for _, from := range []float64{0.05, 0.9} {
			for _, share := range []int{0, 3} {
				for n := 1000; n <= 100_000; n *= 10 {
					h := simulate(1, l, 10, n, 1)
					spoil(1, h, from, share)
					m, ops := mustPrepare(l.model, h)
					ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
					start := time.Now()
					r := search.Check(ctx, m, ops, search.Options{MemoryBytes: 4 << 30})
					took := time.Since(start)
					cancel()
					fmt.Printf("%s from %v share %d %d(%d): %v %v %+v\n", l.name, from, share, n, len(ops), r.Answer, took, r.Statistics)
					if n <= 1000 {
						start = time.Now()
						res := porcupine.CheckOperationsTimeout(m.Porcupine(), m.Operations(ops), 3*time.Second)
						fmt.Printf("   porcupine %v %v\n", res, time.Since(start))
					}
					if r.Answer < search.Legal {
						break
					}
				}
			}
		}
	}
}

func TestScratch(t *testing.T) {
	for _, l := range loads() {
		for n := 1000; n <= 1_000_000; n *= 10 {
			m, ops := mustPrepare(l.model, simulate(1, l, 10, n, 1))
			ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
			start := time.Now()
			r := search.Check(ctx, m, ops, search.Options{MemoryBytes: 4 << 30})
			took := time.Since(start)
			cancel()
			fmt.Printf("%s %d(%d): %v %v %+v\n", l.name, n, len(ops), r.Answer, took, r.Statistics)
			if n <= 0 {
				start = time.Now()
				res := porcupine.CheckOperationsTimeout(m.Porcupine(), m.Operations(ops), 10*time.Second)
				fmt.Printf("   porcupine %v %v\n", res, time.Since(start))
			}
			if r.Answer != search.Legal {
				break
			}
		}
	}
}
