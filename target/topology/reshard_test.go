package topology

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/jepsen-lite/jepsen-lite/target"
)

// plainClient is go-redis' own client of a cluster, as an application has it.
func plainClient(t *testing.T, tg *Target) *redis.ClusterClient {
	t.Helper()
	c := redis.NewClusterClient(&redis.ClusterOptions{Addrs: tg.Access("test").Addrs})
	t.Cleanup(func() { c.Close() })
	return c
}

// Slots move to a spare with all keys that are in them.
func TestClusterScaleOut(t *testing.T) {
	tg, _ := start(t, Config{Kind: Cluster, Spares: 1, Replicas: 1})
	ctx := testContext(t)
	c := plainClient(t, tg)
	const keys = 500
	for k := range keys {
		if err := c.Set(ctx, fmt.Sprint("k", k), k, 0).Err(); err != nil {
			t.Fatal(err)
		}
	}
	node, done, err := tg.ScaleOut(ctx)
	if node != "n7" || !done || err != nil {
		t.Fatal(node, done, err)
	}
	if err := tg.Settle(ctx); err != nil {
		t.Error(err)
	}
	for k := range keys {
		if got, err := c.Get(ctx, fmt.Sprint("k", k)).Int(); err != nil || got != k {
			t.Errorf("k%d is %d, %v", k, got, err)
		}
	}
	size, err := tg.members[6].ask(ctx, []any{"DBSIZE"})
	if err != nil {
		t.Fatal(err)
	}
	if n, _ := size.(int64); n < keys/8 || n > keys/2 {
		t.Errorf("the new server has %d of %d keys, want about a quarter", n, keys)
	}
	if _, done, err := tg.ScaleOut(ctx); done || err != nil {
		t.Errorf("without a spare: %v, %v", done, err)
	}
}

func TestShardedScaleOutAndRename(t *testing.T) {
	tg, _ := start(t, Config{Kind: Sharded, Shards: 2, Spares: 1, Hash: Host})
	access := tg.Access("c0")
	before, version := access.Shards()
	if len(before) != 2 {
		t.Fatalf("got shards %v", before)
	}
	if node, done, err := tg.ScaleOut(testContext(t)); node != "n3" || !done || err != nil {
		t.Error(node, done, err)
	}
	after, next := access.Shards()
	if len(after) != 3 || next == version {
		t.Errorf("got %v, version %d after %d", after, next, version)
	}
	place := func() string {
		names := []string{"n1", "n2", "n3"}
		where := ""
		for k := range 64 {
			where += access.Hash(names).Get(fmt.Sprint(k))
		}
		return where
	}
	old := place()
	if done, err := tg.Rename(testContext(t), "n1"); !done || err != nil {
		t.Error(done, err)
	}
	if place() == old {
		t.Error("no key has another place")
	}
	if done, err := tg.Rename(testContext(t), "n9"); done || err != nil {
		t.Error(done, err)
	}
}

// failOver has a replica take over. Why more than once: an
// agreed failover is given up after five seconds (CLUSTER_MF_TIMEOUT of cluster.h),
// which a busy machine may need.
func failOver(t *testing.T, tg *Target, way target.FailoverWay) {
	t.Helper()
	for range 3 {
		node, done, err := tg.Failover(testContext(t), way)
		if done && err == nil && roles(t, tg)[node] == target.Primary {
			return
		}
		t.Logf("%s failover: %q, %v, %v", way, node, done, err)
		if err := tg.Settle(testContext(t)); err != nil {
			t.Fatal(err)
		}
	}
	t.Fatalf("%s failover: none of three took effect", way)
}

func TestFailoverOnDemand(t *testing.T) {
	for _, test := range []struct {
		kind string
		ways []target.FailoverWay
	}{
		{Replicated, []target.FailoverWay{target.Agreed}},
		{Cluster, []target.FailoverWay{target.Agreed, target.Forced, target.Takeover}},
	} {
		t.Run(test.kind, func(t *testing.T) {
			tg, _ := start(t, Config{Kind: test.kind})
			for _, way := range test.ways {
				failOver(t, tg, way)
				if err := tg.Settle(testContext(t)); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// What a topology cannot do it says.
func TestImpossible(t *testing.T) {
	tg, _ := start(t, Config{})
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	_, _, failover := tg.Failover(ctx, target.Agreed)
	_, _, scale := tg.ScaleOut(ctx)
	_, rename := tg.Rename(ctx, "n1")
	_, move := tg.MoveSlots(ctx, "n1", "n2", 1)
	for what, err := range map[string]error{"failover": failover, "scale": scale, "rename": rename, "move": move} {
		if err == nil {
			t.Errorf("%s: got no error", what)
		}
	}
}
