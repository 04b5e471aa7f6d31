package harness

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/process/processtest"
)

// BenchmarkRun compares the operations that a run without faults completes with
// those of a bare loop over go-redis, with the same number of connections, the
// same mix of commands, and a server of the same configuration. They take turns,
// so that a slow moment of the machine meets both.
func BenchmarkRun(b *testing.B) {
	const turn = 2 * time.Second
	c := Defaults()
	c.Workload, c.Persistence, c.Nemesis, c.Rate, c.TimeLimit, c.Seed = "counter", target.None, nil, 0, turn, 1
	c.Store = b.TempDir()
	server := processtest.Start(b, target.None)
	var ours, bare float64
	for b.Loop() {
		results, err := Run(b.Context(), c, nil)
		if err != nil {
			b.Fatal(err)
		}
		ours += float64(results.Ops.OK) / turn.Seconds()
		bare += float64(bareLoop(b, server.Nodes()[0].Addr(), c, turn)) / turn.Seconds()
	}
	b.ReportMetric(ours/float64(b.N), "run-ops/s")
	b.ReportMetric(bare/float64(b.N), "bare-ops/s")
	b.ReportMetric(100*ours/bare, "%of-bare")
}

// bareLoop returns how many commands clients complete that do nothing else.
func bareLoop(b *testing.B, addr string, c Config, limit time.Duration) int {
	ctx, cancel := context.WithTimeout(b.Context(), limit)
	defer cancel()
	done := make([]int, c.Concurrency)
	var wg sync.WaitGroup
	for i := range done {
		wg.Go(func() {
			client := redis.NewClient(target.ClientOptions(addr, c.OpTimeout))
			defer client.Close()
			rng := rand.New(rand.NewPCG(uint64(i), 0))
			for ctx.Err() == nil {
				key := fmt.Sprintf("k%d", rng.IntN(c.Keys))
				var err error
				if rng.IntN(10) < 3 {
					err = client.Get(context.Background(), key).Err()
				} else {
					err = client.IncrBy(context.Background(), key, 1+rng.Int64N(3)).Err()
				}
				if err != nil && err != redis.Nil {
					b.Error(err)
					return
				}
				done[i]++
			}
		})
	}
	wg.Wait()
	total := 0
	for _, n := range done {
		total += n
	}
	return total
}
