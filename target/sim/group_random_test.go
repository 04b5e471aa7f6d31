package sim

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/jepsen-lite/jepsen-lite/target"
)

// Whatever is done to a group, some things are always so, and a group that was
// reset does as a new one.
func TestGroupsKeepTheirPromises(t *testing.T) {
	used := NewGroup(target.Persistence{}, 2)
	defer used.Close()
	rapid.Check(t, func(t *rapid.T) {
		preset := rapid.SampledFrom([]string{"none", "rdb:5/2", "aof-always", "aof-everysec"}).Draw(t, "persistence")
		p, err := target.ParsePersistence(preset)
		if err != nil {
			t.Fatal(err)
		}
		used.Reset(p)
		fresh := NewGroup(p, 2)
		defer fresh.Close()
		for _, g := range []*Group{used, fresh} {
			if err := g.Start(); err != nil {
				t.Fatal(err)
			}
		}
		for range rapid.IntRange(1, 40).Draw(t, "deeds") {
			deed := drawGroupDeed(t)
			if got, want := deed(used), deed(fresh); got != want {
				t.Fatalf("the group that was reset says %q, and a new one %q", got, want)
			}
			checkGroup(t, used)
		}
		used.Heal()
		for _, s := range used.servers {
			if _, err := s.Start(); err != nil {
				t.Fatal(err)
			}
		}
		used.ReplicateAll()
		for _, s := range used.servers {
			if got, want := contents(s), contents(used.Primary()); got != want {
				t.Fatalf("in the end %s holds\n%s\nand the primary\n%s", used.Name(s), got, want)
			}
		}
	})
}

func drawGroupDeed(t *rapid.T) func(*Group) string {
	i := rapid.IntRange(0, 2).Draw(t, "server")
	switch kind := rapid.SampledFrom([]string{"write", "write", "write", "write", "replicate", "to", "all", "advance", "failover", "partition", "heal", "kill", "power", "start", "start"}).Draw(t, "deed"); kind {
	case "write":
		args := command(t)
		return func(g *Group) string { return string(g.servers[i].Connect().Execute(args...)) }
	case "advance":
		d := time.Duration(rapid.IntRange(1, 600_000).Draw(t, "ms")) * time.Millisecond
		return func(g *Group) string { g.Advance(d); return "" }
	case "kill":
		return func(g *Group) string { return fmt.Sprint(g.servers[i].Kill()) }
	case "power":
		return func(g *Group) string { g.servers[i].PowerLoss(); return "" }
	case "start":
		return func(g *Group) string { did, err := g.servers[i].Start(); return fmt.Sprint(did, err) }
	case "to":
		return func(g *Group) string { return fmt.Sprint(g.ReplicateTo(i % 2)) }
	default:
		do := map[string]func(*Group) bool{"replicate": (*Group).Replicate, "all": (*Group).ReplicateAll, "failover": (*Group).Failover, "partition": (*Group).Partition, "heal": (*Group).Heal}[kind]
		return func(g *Group) string { return fmt.Sprint(do(g), shows(g)) }
	}
}

func contents(s *Server) string {
	if !s.Running() {
		return "down"
	}
	c := s.Connect()
	return dump(func(args ...string) string { return string(c.Execute(args...)) })
}

// checkGroup: the primary, and besides it only a server that is cut off, accepts
// writes; what a replica holds is what a new server would hold that executes the
// replica's log now; and the log of a replica that follows is a beginning of the
// primary's.
func checkGroup(t *rapid.T, g *Group) {
	for i, s := range g.servers {
		if s.replica == (i == g.primary || i == g.cut) {
			t.Fatalf("%s: replica %v, primary n%d, cut off n%d", g.Name(s), s.replica, g.primary+1, g.cut+1)
		}
		if !s.Running() {
			continue
		}
		if n := s.log.executed(); s.linked() && n > 0 && &s.log.entries[n-1].changes[0] != &g.Primary().log.entries[n-1].changes[0] {
			t.Fatalf("%s follows n%d, and has another history", g.Name(s), g.primary+1)
		}
		again := NewServer(s.persistence)
		again.Advance(s.now)
		again.log.entries = slices.Clone(s.log.entries)
		again.log.saved, again.log.written = s.log.executed(), s.log.executed()
		if _, err := again.Start(); err != nil {
			t.Fatal(err)
		}
		if got, want := contents(s), contents(again); got != want {
			t.Fatalf("%s holds\n%s\nbut its log makes\n%s", g.Name(s), got, want)
		}
		again.Close()
	}
}
