package workloads

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/netfault"
	"github.com/jepsen-lite/jepsen-lite/target/process"
	"github.com/jepsen-lite/jepsen-lite/target/process/processtest"
	"github.com/jepsen-lite/jepsen-lite/target/topology"
	"github.com/jepsen-lite/jepsen-lite/target/topology/topologytest"
)

func connectTo(t *testing.T, tg *topology.Target, o ConnOptions) *Conn {
	t.Helper()
	o.Gate = func() {}
	c := Connect(tg.Access("c0"), o)
	t.Cleanup(c.Close)
	return c
}

// owner returns the primary that has the key, by asking all.
func owner(t *testing.T, tg *topology.Target, key string) *process.Node {
	t.Helper()
	for _, node := range tg.Nodes() {
		n := node.(*process.Node)
		c := connect(t, n, patience)
		if outcome, _ := ask(t, c, "SET", key, "0"); outcome == history.OK {
			return n
		}
	}
	t.Fatalf("nobody takes %s", key)
	return nil
}

// A command whose reply does not come is sent once. go-redis by itself would send
// it to a cluster up to four times, and count four times.
func TestLostReplyIsNotSentAgain(t *testing.T) {
	for _, kind := range []string{topology.Cluster, topology.Sharded, topology.Replicated} {
		t.Run(kind, func(t *testing.T) {
			// A frozen server must not be replaced meanwhile.
			tg, _ := topologytest.Start(t, topology.Config{Kind: kind, DownAfter: time.Minute})
			c := connectTo(t, tg, ConnOptions{Timeout: 200 * time.Millisecond})
			if outcome, word := ask(t, c, "INCR", "k"); outcome != history.OK {
				t.Fatalf("got %v %q", outcome, word)
			}
			var frozen []*process.Node
			for _, node := range tg.Nodes() {
				if n := node.(*process.Node); !strings.HasPrefix(n.Name(), "s") {
					do(t, "pause", n.Pause)
					frozen = append(frozen, n)
				}
			}
			if outcome, word := ask(t, c, "INCR", "k"); outcome != history.Info || word != "timeout" {
				t.Errorf("got %v %q, want info timeout", outcome, word)
			}
			for _, n := range frozen {
				do(t, "resume", n.Resume)
			}
			processtest.Eventually(t, "it counts again", func() bool {
				outcome, _ := ask(t, c, "GET", "k")
				return outcome == history.OK
			})
			if got := must(t, c, "GET", "k"); got != "2" {
				t.Errorf("k is %v, want 2: the request was sent more than once, or never", got)
			}
		})
	}
}

// A refused dial is a definite failure also where a client has several servers to
// try, and a redirection is followed.
func TestClusterConn(t *testing.T) {
	tg, _ := topologytest.Start(t, topology.Config{Kind: topology.Cluster, DownAfter: time.Minute})
	c := connectTo(t, tg, ConnOptions{Timeout: patience})
	if outcome, word := ask(t, c, "SET", "k", 1); outcome != history.OK {
		t.Fatalf("got %v %q", outcome, word)
	}
	do(t, "kill", owner(t, tg, "k").Kill)
	if outcome, word := ask(t, c, "SET", "k", 2); outcome != history.Fail && (outcome != history.Info || word != "eof") {
		t.Errorf("into the old socket: got %v %q", outcome, word)
	}
	if outcome, word := ask(t, c, "SET", "k", 2); outcome != history.Fail {
		t.Errorf("got %v %q, want fail: nobody was there to hear it", outcome, word)
	}
}

// After a failover the clients find the new primary, by asking.
func TestConnsFollowAFailover(t *testing.T) {
	for _, kind := range []string{topology.Replicated, topology.Cluster} {
		t.Run(kind, func(t *testing.T) {
			tg, _ := topologytest.Start(t, topology.Config{Kind: kind, DownAfter: 300 * time.Millisecond})
			c := connectTo(t, tg, ConnOptions{Timeout: time.Second})
			must(t, c, "SET", "k", 1)
			do(t, "kill", tg.Nodes()[0].(*process.Node).Kill)
			processtest.Eventually(t, "writes succeed again", func() bool {
				outcome, _ := ask(t, c, "SET", "k", 2)
				return outcome == history.OK
			})
		})
	}
}

// A write that no replica acknowledges has an unknown outcome, with the reason.
func TestAcknowledgedWrites(t *testing.T) {
	tg, fabric := topologytest.Start(t, topology.Config{Kind: topology.Replicated, Replicas: 1, DownAfter: time.Minute})
	c := connectTo(t, tg, ConnOptions{Timeout: time.Second, Acks: 1})
	if outcome, word := ask(t, c, "SET", "k", 1); outcome != history.OK {
		t.Fatalf("got %v %q", outcome, word)
	}
	harm, err := fabric.Apply(netfault.BothWays(netfault.Only("n1"), netfault.Only("n2")), netfault.Rule{Cut: true})
	if err != nil {
		t.Fatal(err)
	}
	defer harm.Heal()
	if outcome, word := ask(t, c, "SET", "k", 2); outcome != history.Info || word != "few-replicas: acknowledged by 0 of 1 replicas" {
		t.Errorf("got %v %q, want info few-replicas", outcome, word)
	}
	if outcome, word := ask(t, c, "GET", "k"); outcome != history.OK {
		t.Errorf("reading: got %v %q", outcome, word)
	}
}

// A client that reads from replicas reads there, and there only.
func TestReplicaConn(t *testing.T) {
	for _, kind := range []string{topology.Replicated, topology.Cluster} {
		t.Run(kind, func(t *testing.T) {
			tg, _ := topologytest.Start(t, topology.Config{Kind: kind})
			c := connectTo(t, tg, ConnOptions{Timeout: patience})
			must(t, c, "SET", "k", 1)
			reader := connectTo(t, tg, ConnOptions{Timeout: patience, Replica: true})
			processtest.Eventually(t, "the replica has it", func() bool {
				text, err := reader.Redis.Get(testContext(t), "k").Result()
				return err == nil && text == "1"
			})
			text, err := reader.Redis.Info(context.Background(), "replication").Result()
			if kind == topology.Replicated && (err != nil || !strings.Contains(text, "role:slave")) {
				t.Errorf("it reads from %q, %v", text, err)
			}
		})
	}
}

// A ring whose shards have changed asks the new one.
func TestRingFollowsItsShards(t *testing.T) {
	nodes := []*process.Node{newServer(t, "none"), newServer(t, "none")}
	addrs, version := map[string]string{"n1": nodes[0].Addr()}, 1
	c := Connect(target.Access{
		Client: target.Ring, Dial: dialAddr, Hash: topology.Hasher(topology.Modulo, nil),
		Shards: func() (map[string]string, int) { return addrs, version },
	}, ConnOptions{Timeout: patience, Gate: func() {}})
	defer c.Close()
	for range 2 {
		if outcome, word := ask(t, c, "SET", "k", version); outcome != history.OK {
			t.Fatalf("got %v %q", outcome, word)
		}
		addrs, version = map[string]string{"n2": nodes[1].Addr()}, 2
	}
	for i, node := range nodes {
		if got := must(t, connect(t, node, patience), "GET", "k"); got != []any{"1", "2"}[i] {
			t.Errorf("%s has %v", node.Name(), got)
		}
	}
}
