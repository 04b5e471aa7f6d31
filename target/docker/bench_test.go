package docker

import (
	"context"
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/docker/dockertest"
	"github.com/jepsen-lite/jepsen-lite/target/process/processtest"
	"github.com/jepsen-lite/jepsen-lite/target/targettest"
)

// places are where the same server runs, for comparison: in a container reached
// through Docker's proxy, in one on the host's network, and as a process.
func places(b *testing.B, bench func(b *testing.B, n targettest.Node)) {
	for _, network := range []string{Bridge, Host} {
		b.Run(network, func(b *testing.B) {
			tg, err := New(Config{
				Image: dockertest.Require(b, Available), Dir: b.TempDir(), Network: network,
				Persistence: targettest.Persistence(b, "aof-everysec"),
			})
			if err != nil {
				b.Fatal(err)
			}
			defer tg.Close()
			if err := tg.Start(targettest.Context(b)); err != nil {
				b.Fatal(err)
			}
			bench(b, tg.nodes[0])
		})
	}
	b.Run("process", func(b *testing.B) {
		bench(b, processtest.Start(b, "aof-everysec").Nodes()[0].(targettest.Node))
	})
}

// BenchmarkSet is a SET of one client after another: what the way there costs.
func BenchmarkSet(b *testing.B) {
	places(b, func(b *testing.B, n targettest.Node) {
		client := redis.NewClient(target.ClientOptions(n.Addr(), targettest.Patience))
		defer client.Close()
		for b.Loop() {
			if err := client.Set(context.Background(), "k", "v", 0).Err(); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkKillAndStart is what a fault costs.
func BenchmarkKillAndStart(b *testing.B) {
	places(b, func(b *testing.B, n targettest.Node) {
		for b.Loop() {
			if killed, err := n.Kill(context.Background()); !killed || err != nil {
				b.Fatal(killed, err)
			}
			if started, err := n.Start(context.Background()); !started || err != nil {
				b.Fatal(started, err)
			}
		}
	})
}

// BenchmarkPauseAndResume likewise.
func BenchmarkPauseAndResume(b *testing.B) {
	places(b, func(b *testing.B, n targettest.Node) {
		for b.Loop() {
			if paused, err := n.Pause(context.Background()); !paused || err != nil {
				b.Fatal(paused, err)
			}
			if resumed, err := n.Resume(context.Background()); !resumed || err != nil {
				b.Fatal(resumed, err)
			}
		}
	})
}
