package search_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/jepsen-lite/jepsen-lite/checker/search"
)

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
