package nemesis

import (
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/netfault"
	"github.com/jepsen-lite/jepsen-lite/target/process"
	"github.com/jepsen-lite/jepsen-lite/target/process/processtest"
	"github.com/jepsen-lite/jepsen-lite/target/topology"
)

// arrange returns servers that are arranged so; they run if they are started.
func arrange(t *testing.T, c topology.Config, isStarted bool) *topology.Target {
	t.Helper()
	processtest.Require(t)
	p, err := target.ParsePersistence(target.None)
	if err != nil {
		t.Fatal(err)
	}
	fabric, dir := netfault.New(1), filepath.Join(t.TempDir(), "servers")
	tg, err := topology.New(c, fabric, func(specs []target.Spec) (target.Target, error) {
		return process.New(process.Config{Dir: dir, Persistence: p, Specs: specs})
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = tg.Close(), fabric.Close() })
	if isStarted {
		if err := tg.Start(testContext(t)); err != nil {
			t.Fatal(err)
		}
	}
	return tg
}

// callOn makes a fault of a target, as a plan calls it.
func callOn(t *testing.T, text string, tg target.Target) Fault {
	t.Helper()
	items, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	kind, err := Find(items[0].Fault)
	if err != nil {
		t.Fatal(err)
	}
	args, err := kind.ReadArgs(items[0].Arguments)
	if err != nil {
		t.Fatal(err)
	}
	if err := kind.Available(tg, args); err != nil {
		t.Fatal(err)
	}
	return kind.make(Env{Target: tg, Clock: target.Wall(), Rand: rand.New(rand.NewPCG(1, 1))}, args)
}

func TestFaultsOfAClusterAsAWhole(t *testing.T) {
	tg := arrange(t, topology.Config{Kind: topology.Cluster, Spares: 1}, true)
	if e := inject(t, callOn(t, "move-slots(50)", tg), true); e.Figures["moved_slots"] != 50 || len(e.Where) != 2 {
		t.Errorf("got %+v", e)
	}
	if err := tg.Settle(testContext(t)); err != nil {
		t.Fatal(err)
	}
	e := inject(t, callOn(t, "failover(force)", tg), true)
	roles, err := tg.Roles(testContext(t))
	if err != nil || len(e.Where) != 1 || roles[e.Where[0]] != target.Primary {
		t.Errorf("got %+v, and then %v, %v", e, roles, err)
	}
}

func TestFaultsOfShardsAsAWhole(t *testing.T) {
	tg := arrange(t, topology.Config{Kind: topology.Sharded, Shards: 2, Spares: 1, Hash: topology.Host}, true)
	add := callOn(t, "scale-out", tg)
	inject(t, add, true)
	inject(t, add, false) // there is no other spare
	rename := callOn(t, "rename(all)", tg)
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
		tg := arrange(t, test.config, false)
		kind, err := Find(test.call)
		if err != nil {
			t.Fatal(err)
		}
		if err := kind.Available(tg, newArgs(kind)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s in %q: got %v, want it to say %q", test.call, test.config.Kind, err, test.want)
		}
	}
}
