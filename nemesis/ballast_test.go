package nemesis

import (
	"fmt"
	"slices"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/target/topology"
)

// Each primary of a cluster has as much to load as any other, each shard as well; a
// server without slots has nothing.
func TestEachPrimaryIsGivenItsData(t *testing.T) {
	const members = 20_000
	for _, test := range []struct {
		config topology.Config
		given  []string
		spare  string
	}{
		{topology.Config{Kind: topology.Cluster, Spares: 1}, []string{"n1", "n2", "n3"}, "n7"},
		{topology.Config{Kind: topology.Sharded, Shards: 2, Spares: 1}, []string{"n1", "n2", "n3"}, ""},
	} {
		t.Run(test.config.Kind, func(t *testing.T) {
			l := newNetLab(t, test.config)
			fault := l.fault(t, fmt.Sprintf("loading(%d, place=primary)", members))
			act(t, "preload", fault.(beginner).Begin, Effect{Where: test.given, Took: true})
			for _, node := range test.given {
				keys, _ := l.on(t, node, "KEYS", "*").([]any)
				if len(keys) != 1 || l.on(t, node, "ZCARD", keys[0]) != int64(members) {
					t.Errorf("%s has the keys %v", node, keys)
				}
				l.on(t, node, "CONFIG", "SET", "save", "3600 1") // so that it loads them
			}
			if test.spare != "" && l.on(t, test.spare, "DBSIZE") != int64(0) {
				t.Errorf("%s has keys, and no slots", test.spare)
			}
			if test.spare != "" {
				l.on(t, test.spare, "CONFIG", "SET", "save", "3600 1") // a primary, too
			}
			e, err := fault.Inject(testContext(t))
			if err != nil || !e.Took || len(e.Where) != 1 || e.Figures["restart_ns"] <= 0 {
				t.Fatalf("got %+v, %v", e, err)
			}
			if where := e.Where[0]; slices.Contains(test.given, where) && l.on(t, where, "DBSIZE") != int64(1) {
				t.Errorf("%s has lost its data", where)
			}
			if err := l.Settle(testContext(t)); err != nil {
				t.Error(err)
			}
		})
	}
}

// A primary that comes back without its data is told of.
func TestALostKeyOfAClusterIsToldOf(t *testing.T) {
	l := newNetLab(t, topology.Config{Kind: topology.Cluster})
	fault := l.fault(t, "loading(1000, place=n1)").(*loading)
	if _, err := fault.Begin(testContext(t)); err != nil {
		t.Fatal(err)
	}
	for _, n := range l.Nodes()[:3] {
		if err := fault.ballast.check(testContext(t), n); err != nil {
			t.Error(err)
		}
	}
	l.on(t, "n1", "FLUSHALL")
	if err := fault.ballast.check(testContext(t), l.Nodes()[0]); err == nil || err.Error() != "n1 has not loaded what it was given: it has no key "+fault.ballast.slotted[0].key {
		t.Errorf("got %v", err)
	}
}
