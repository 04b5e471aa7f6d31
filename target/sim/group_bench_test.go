package sim

import "testing"

// BenchmarkGroup is what a schedule of three servers costs at least: a reset, 15
// commands, their replication, a failover, and a read.
func BenchmarkGroup(b *testing.B) {
	g := group(b, "aof-always", 2)
	p := g.Primary().persistence
	for b.Loop() {
		g.Reset(p)
		if err := g.Start(); err != nil {
			b.Fatal(err)
		}
		incr(g.Primary(), 15)
		g.ReplicateAll()
		g.Primary().Kill()
		if !g.Failover() || get(g.Primary(), "n") == absent {
			b.Fatal("nothing was replicated")
		}
	}
}
