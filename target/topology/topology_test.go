package topology

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/netfault"
	"github.com/jepsen-lite/jepsen-lite/target/process"
	"github.com/jepsen-lite/jepsen-lite/target/process/processtest"
)

func count(roles map[string]target.Role) map[target.Role]int {
	n := map[target.Role]int{}
	for _, role := range roles {
		n[role]++
	}
	return n
}

func roles(t *testing.T, tg *Target) map[string]target.Role {
	t.Helper()
	all, err := tg.Roles(testContext(t))
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// primaries returns the names of those that are primaries now.
func primaries(t *testing.T, tg *Target) []string {
	t.Helper()
	var names []string
	for name, role := range roles(t, tg) {
		if role == target.Primary {
			names = append(names, name)
		}
	}
	return slices.Sorted(slices.Values(names))
}

func TestStart(t *testing.T) {
	for _, test := range []struct {
		name   string
		config Config
		want   map[target.Role]int
	}{
		{"standalone", Config{}, map[target.Role]int{target.Primary: 1}},
		{"replicated", Config{Kind: Replicated}, map[target.Role]int{target.Primary: 1, target.Replica: 2, target.Sentinel: 3}},
		{"cluster", Config{Kind: Cluster}, map[target.Role]int{target.Primary: 3, target.Replica: 3}},
		{"cluster with a spare", Config{Kind: Cluster, Spares: 1}, map[target.Role]int{target.Primary: 4, target.Replica: 3}},
		{"sharded", Config{Kind: Sharded, Shards: 2}, map[target.Role]int{target.Primary: 2}},
	} {
		t.Run(test.name, func(t *testing.T) {
			tg, _ := start(t, test.config)
			if got := count(roles(t, tg)); !maps.Equal(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
			if got := tg.PlannedRoles(); !maps.Equal(got, roles(t, tg)) {
				t.Errorf("planned are %v, there are %v", got, roles(t, tg))
			}
			if err := tg.Settle(testContext(t)); err != nil {
				t.Error(err)
			}
		})
	}
}

// A primary that is killed is replaced, and when it comes back there are no more
// primaries than before.
func TestFailover(t *testing.T) {
	for _, kind := range []string{Replicated, Cluster} {
		t.Run(kind, func(t *testing.T) {
			tg, _ := start(t, Config{Kind: kind, DownAfter: 500 * time.Millisecond})
			before := primaries(t, tg)
			first := tg.Nodes()[0].(*process.Node)
			if killed, err := first.Kill(testContext(t)); !killed || err != nil {
				t.Fatal(killed, err)
			}
			processtest.Eventually(t, "another one is primary", func() bool {
				now, err := tg.Roles(testContext(t))
				return err == nil && now["n1"] != target.Primary && count(now)[target.Primary] == len(before)
			})
			short, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
			defer cancel()
			if err := tg.Settle(short); err == nil {
				t.Error("it is called whole although a server is down")
			}
			if _, err := first.Start(testContext(t)); err != nil {
				t.Fatal(err)
			}
			if err := tg.Settle(testContext(t)); err != nil {
				t.Error(err)
			}
			// Why not that n1 is no primary: on a machine that is busy enough, what
			// replaced it falls silent in turn, and n1 is chosen again.
			if now := primaries(t, tg); len(now) != len(before) {
				t.Errorf("primaries are %v, and were %v: the old one did not give way", now, before)
			}
		})
	}
}

// Servers reach each other by way of the fabric, which can tell them apart.
func TestRulesReachServers(t *testing.T) {
	tg, fabric := start(t, Config{Kind: Replicated})
	harm, err := fabric.Apply(netfault.BothWays(netfault.Only("n1"), netfault.Only("n2")), netfault.Rule{Drop: true})
	if err != nil {
		t.Fatal(err)
	}
	connected := func() string {
		info, err := tg.members[0].info(testContext(t), "replication")
		if err != nil {
			t.Fatal(err)
		}
		return info["connected_slaves"]
	}
	fabric.Reset(netfault.OneWay(netfault.Only("n2"), netfault.Only("n1")))
	processtest.Eventually(t, "one replica is gone, the other is not", func() bool { return connected() == "1" })
	harm.Heal()
	if err := tg.Settle(testContext(t)); err != nil {
		t.Error(err)
	}
	if got := connected(); got != "2" {
		t.Errorf("%s replicas after healing", got)
	}
}

func TestWrongConfigs(t *testing.T) {
	for _, test := range []struct {
		config Config
		want   string
	}{
		{Config{Kind: "ring"}, "standalone, replicated, cluster or sharded"},
		{Config{Kind: Standalone, Hash: Modulo}, "sharded"},
		{Config{Kind: Sharded, Hash: "md5"}, "consistent, modulo or host"},
		{Config{Kind: Sharded, Shards: 13}, "13 shards: expected 1 to 12"},
		{Config{Kind: Cluster, Shards: 2}, "2 primaries of a cluster: expected 3 to 12"},
		{Config{Kind: Replicated, Replicas: 9}, "9 replicas: expected 1 to 8"},
		{Config{Kind: Replicated, MinReplicas: 3}, "3 replicas to write: expected 0 to 2"},
		{Config{Kind: Cluster, MinReplicas: 1}, "replicated"},
		{Config{Kind: Replicated, Spares: 1}, "cluster and sharded"},
		{Config{Kind: Sharded, Spares: 4}, "4 spare servers: expected 0 to 3"},
		{Config{Kind: Replicated, DownAfter: time.Millisecond}, "at least 100ms"},
	} {
		if _, err := test.config.Complete(); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%+v: got %v, want it to say %q", test.config, err, test.want)
		}
	}
}
