package external

import (
	"context"
	"fmt"
	"maps"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/process"
	"github.com/jepsen-lite/jepsen-lite/target/process/processtest"
	"github.com/jepsen-lite/jepsen-lite/target/topology"
	"github.com/jepsen-lite/jepsen-lite/target/topology/topologytest"
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

func TestBehindSentinels(t *testing.T) {
	servers, _ := topologytest.Start(t, topology.Config{Kind: topology.Replicated})
	seeds := servers.Access("c0").Addrs
	url := fmt.Sprintf("redis+sentinel://%s?master_name=main&addr=%s&addr=%s", seeds[0], seeds[1], seeds[2])
	tg := open(t, Config{Address: parse(t, url)})
	want := map[target.Role]int{target.Primary: 1, target.Replica: 2, target.Sentinel: 3}
	if got := count(roles(t, tg)); !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if !strings.HasPrefix(tg.Version(), "redis ") || !strings.HasSuffix(tg.Version(), ", replicated") {
		t.Errorf("the version is %q", tg.Version())
	}
	refused(t, Config{Address: parse(t, strings.Replace(url, "main", "other", 1))}, true, `the Sentinel knows no primary named "other"`)
	refused(t, Config{Address: parse(t, "redis://"+seeds[0])}, true, "is a Sentinel: write redis+sentinel://")

	// One Sentinel and the primary die; roles and primaries follow.
	before := roles(t, tg)
	for _, name := range []string{"s1", "n1"} {
		for _, n := range servers.Nodes() {
			if n.Name() != name {
				continue
			}
			if killed, err := n.(*process.Node).Kill(testContext(t)); !killed || err != nil {
				t.Fatal(killed, err)
			}
		}
	}
	processtest.Eventually(t, "another one is primary", func() bool {
		now, err := tg.Roles(testContext(t))
		return err == nil && before["n1"] == target.Primary && now["n1"] != target.Primary
	})
	if err := tg.Settle(testContext(t)); err != nil {
		t.Error(err)
	}
}

// awaitReplicas waits until a server of a cluster tells its clients of a replica for
// every slot: it leaves out those that have copied nothing yet, as far as it has heard
// (cluster.c of Redis 7.0, isReplicaAvailable).
func awaitReplicas(t *testing.T, addr string) {
	t.Helper()
	c := redis.NewClient(target.ClientOptions(addr, time.Minute))
	defer c.Close()
	processtest.Eventually(t, addr+" tells of all replicas", func() bool {
		//lint:ignore SA1019 the question that the package itself asks
		ranges, err := c.ClusterSlots(testContext(t)).Result()
		return err == nil && !slices.ContainsFunc(ranges, func(r redis.ClusterSlot) bool { return len(r.Nodes) < 2 })
	})
}

func TestClusterIsCleanedOnEveryPrimary(t *testing.T) {
	servers, _ := topologytest.Start(t, topology.Config{Kind: topology.Cluster})
	addrs := servers.Access("c0").Addrs
	awaitReplicas(t, addrs[0])
	tg := open(t, Config{Address: parse(t, "redis+cluster://"+addrs[0]+"?addr="+addrs[1])})
	want := map[target.Role]int{target.Primary: 3, target.Replica: 3}
	if got := count(roles(t, tg)); !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	refused(t, Config{Address: parse(t, "redis://"+addrs[0])}, true, "belongs to a Redis Cluster: write redis+cluster://")
	if err := tg.Start(testContext(t)); err != nil {
		t.Fatal(err)
	}
	a := tg.Access("c0")
	c := redis.NewClusterClient(&redis.ClusterOptions{Addrs: a.Addrs, Dialer: func(_ context.Context, _, addr string) (net.Conn, error) {
		return a.Dial(testContext(t), addr)
	}})
	defer c.Close()
	for i := range 300 {
		for _, key := range []string{fmt.Sprintf("%s{k%d}", tg.Prefix(), i), fmt.Sprintf("theirs{k%d}", i)} {
			if err := c.Set(testContext(t), key, "1", 0).Err(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if n, err := tg.Clean(testContext(t)); n != 300 || err != nil {
		t.Errorf("deleted %d, %v; want 300", n, err)
	}
	left := int64(0)
	for _, addr := range addrs[:3] {
		n, err := target.Command(testContext(t), addr, "DBSIZE")
		if err != nil {
			t.Fatal(err)
		}
		left += n.(int64)
	}
	if left != 300 {
		t.Errorf("%d keys are left, want theirs, 300", left)
	}
	refused(t, Config{Address: parse(t, "redis+cluster://"+addrs[0])}, true, "keys that are not ours")
}

func TestClusterThatServesTooFewSlots(t *testing.T) {
	addr, command := server(t, "cluster-enabled yes")
	command("CLUSTER", "ADDSLOTSRANGE", 0, 99)
	refused(t, Config{Address: parse(t, "redis+cluster://"+addr)}, false, "serves 100 of 16384 slots: repair it first")
}
