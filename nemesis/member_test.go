package nemesis

import (
	"strings"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/process/processtest"
	"github.com/jepsen-lite/jepsen-lite/target/topology"
	"github.com/jepsen-lite/jepsen-lite/target/topology/topologytest"
)

func TestFaultsOfAClusterAsAWhole(t *testing.T) {
	tg := newNetLab(t, topology.Config{Kind: topology.Cluster, Spares: 1})
	if e := inject(t, tg.fault(t, "move-slots(50)"), true); e.Figures["moved_slots"] != 50 || len(e.Where) != 2 {
		t.Errorf("got %+v", e)
	}
	if err := tg.Settle(testContext(t)); err != nil {
		t.Fatal(err)
	}
	// An election can fail where the primaries have just been told of other slots.
	var e Effect
	processtest.Eventually(t, "a replica has taken over", func() bool {
		e, _ = tg.fault(t, "failover(force)").Inject(testContext(t))
		return e.Took
	})
	roles, err := tg.Roles(testContext(t))
	if err != nil || len(e.Where) != 1 || roles[e.Where[0]] != target.Primary {
		t.Errorf("got %+v, and then %v, %v", e, roles, err)
	}
}

func TestFaultsOfShardsAsAWhole(t *testing.T) {
	tg := newNetLab(t, topology.Config{Kind: topology.Sharded, Shards: 2, Spares: 1, Hash: topology.Host})
	add := tg.fault(t, "scale-out")
	inject(t, add, true)
	inject(t, add, false) // there is no other spare
	rename := tg.fault(t, "rename(all)")
	if e := inject(t, rename, true); len(e.Where) != 3 {
		t.Errorf("got %+v", e)
	}
	if e := heal(t, rename); e.Took {
		t.Errorf("got %+v: a server keeps its name", e)
	}
}

// What a topology does not have cannot be harmed, and the error says what it takes.
func TestFaultsThatATopologyDoesNotHave(t *testing.T) {
	for _, test := range []struct {
		config     topology.Config
		call, want string
	}{
		{topology.Config{}, "failover", "--topology replicated or cluster"},
		{topology.Config{Kind: topology.Sharded}, "failover", "--topology replicated or cluster"},
		{topology.Config{Kind: topology.Sharded}, "scale-out", "--spares 1"},
		{topology.Config{Kind: topology.Replicated}, "move-slots", "--topology cluster"},
		{topology.Config{Kind: topology.Sharded}, "rename", "--hash host"},
		{topology.Config{}, "powerloss", "the nearest that works there is kill"},
	} {
		tg, _ := topologytest.Prepare(t, test.config)
		kind, err := Find(test.call)
		if err != nil {
			t.Fatal(err)
		}
		if err := kind.Available(tg, newArgs(kind)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s in %q: got %v, want it to say %q", test.call, test.config.Kind, err, test.want)
		}
	}
}
