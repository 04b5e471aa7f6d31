package sim

import (
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/target/process"
	"github.com/jepsen-lite/jepsen-lite/target/process/processtest"
)

// couple is a real primary and a real replica, n1 and n2, for what a group of two
// does.
type couple struct {
	t       *testing.T
	nodes   [2]*process.Node
	primary int
	cut     bool // n1 does not hear what happens
}

func newCouple(t *testing.T, preset string) *couple {
	c := &couple{t: t}
	for i := range c.nodes {
		c.nodes[i] = processtest.Start(t, preset, "repl-diskless-sync-delay 0", "repl-ping-replica-period 1", "enable-debug-command local").Nodes()[0].(*process.Node)
	}
	c.follow(1, 0)
	c.settle()
	return c
}

// do asks a server over a connection of its own.
func (c *couple) do(i int, args ...string) string {
	c.t.Helper()
	w := dial(c.t, c.nodes[i].Addr())
	defer w.Close()
	return w.execute(c.t, args...)
}

func (c *couple) follow(replica, primary int) {
	c.t.Helper()
	host, port, err := net.SplitHostPort(c.nodes[primary].Addr())
	if err != nil {
		c.t.Fatal(err)
	}
	if reply := c.do(replica, "REPLICAOF", host, port); reply != "+OK\r\n" {
		c.t.Fatal(reply)
	}
}

// settle waits until the replica has all that the primary has, and its file too.
func (c *couple) settle() {
	replica := 1 - c.primary
	c.do(c.primary, "INCR", "marker")
	processtest.Eventually(c.t, "the replica follows", func() bool {
		file := c.do(replica, "INFO", "persistence")
		return strings.Contains(c.do(replica, "INFO", "replication"), "master_link_status:up") &&
			strings.Contains(file, "aof_rewrite_in_progress:0") && strings.Contains(file, "aof_rewrite_scheduled:0") &&
			c.do(replica, "GET", "marker") == c.do(c.primary, "GET", "marker")
	})
}

// deed does what [Group.deed] does, where a real server can be told so. A failover
// promotes n2.
func (c *couple) deed(text string) {
	name, rest, _ := strings.Cut(text, " ")
	i := 0
	if rest == "n2" {
		i = 1
	}
	switch name {
	case "incr":
		c.do(i, "INCR", "n")
	case "all":
		c.settle()
	case "kill":
		if did, err := c.nodes[i].Kill(c.t.Context()); !did || err != nil {
			c.t.Fatal(did, err)
		}
	case "start":
		if did, err := c.nodes[i].Start(c.t.Context()); !did || err != nil {
			c.t.Fatal(did, err)
		}
		if i != c.primary && c.nodes[c.primary].Running() {
			c.follow(i, c.primary)
		}
	case "partition":
		c.cut = true
	case "failover":
		c.do(1, "REPLICAOF", "NO", "ONE")
		if c.primary = 1; !c.cut && c.nodes[0].Running() {
			c.follow(0, 1)
		}
	case "heal":
		c.cut = false
		c.follow(0, 1)
		c.settle()
	default:
		c.t.Fatalf("no such deed: %q", text)
	}
}

func (c *couple) shows() string {
	all := make([]string, 0, 2)
	for i, n := range c.nodes {
		value := "-"
		if n.Running() {
			value = strings.TrimSpace(c.do(i, "GET", "n"))
		}
		all = append(all, value)
	}
	return strings.Join(all, " ")
}

// What two real servers hold in the end, two simulated ones do.
func TestSimulatedAndRealGroupsAgree(t *testing.T) {
	for _, test := range []struct{ name, preset, story string }{
		{"a promoted replica keeps what it had", "none", "incr n1, incr n1, all, kill n1, failover, incr n2, start n1, all, incr n2, all"},
		{"an empty primary empties its replica", "none", "incr n1, incr n1, all, kill n1, start n1, all"},
		{"a primary goes on from its own file", "aof-always", "incr n1, all, kill n1, start n1, all, incr n1, all"},
		{"what a full resynchronisation brought stays", "none", "incr n1, kill n2, start n2, all, incr n1, all, kill n2, kill n1, start n2"},
		{"and in the append-only file", "aof-always", "incr n1, kill n2, start n2, all, incr n1, all, kill n2, kill n1, start n2"},
		{"a promoted one that has such a file", "none", "incr n1, kill n2, start n2, all, incr n1, all, kill n1, failover, incr n2, kill n2, start n2"},
		{"two primaries", "aof-always", "incr n1, all, partition, failover, incr n1, incr n1, incr n2, heal, incr n2, all"},
	} {
		t.Run(test.name, func(t *testing.T) {
			g, real := group(t, test.preset, 1), newCouple(t, test.preset)
			for _, text := range strings.Split(test.story, ", ") {
				if text == "all" {
					g.ReplicateAll()
				} else {
					g.deed(t, text)
				}
				real.deed(text)
			}
			simulated := make([]string, 0, 2)
			for _, s := range g.Servers() {
				value := "-"
				if s.Running() {
					value = get(s, "n")
				}
				simulated = append(simulated, value)
			}
			if got, want := strings.Join(simulated, " "), real.shows(); got != want {
				t.Errorf("after %s: simulated %q, real %q", test.story, got, want)
			}
		})
	}
}

// What a replica says to writes, and what it shows of keys that have expired and
// that its primary has not deleted.
func TestReplicasAnswerAsThoseOfRedis(t *testing.T) {
	real, g := newCouple(t, "none"), group(t, "none", 1)
	primary := g.Primary().Connect()
	both := func(args ...string) {
		t.Helper()
		if got, want := string(primary.Execute(args...)), real.do(0, args...); got != want {
			t.Fatalf("%q: simulated %q, real %q", args, got, want)
		}
	}
	real.do(0, "DEBUG", "SET-ACTIVE-EXPIRE", "0")
	both("SET", "k", "v")
	both("SADD", "s", "a")
	both("SET", "short", "v", "PX", "100")
	both("RPUSH", "list", "v")
	both("PEXPIRE", "list", "100")
	g.ReplicateAll()
	real.settle()
	g.Advance(200 * time.Millisecond)
	time.Sleep(200 * time.Millisecond)

	replica, wire := g.Replica(0).Connect(), dial(t, real.nodes[1].Addr())
	for _, text := range []string{
		"SET k w", "SET k", "SPOP s", "FLUSHALL", "EXPIRE k 1", "GET k", "SRANDMEMBER s", "PING", "SCRIPT LOAD return(1)",
		"EVAL return(redis.call('GET','k')) 0", "EVAL return(redis.call('SET','k','w')) 0", "EVAL return(redis.pcall('SET','k','w').err) 0",
		"EVAL return(redis.pcall('SPOP','s')) 0",
		"MULTI", "GET k", "SET k w", "EXEC", "MULTI", "GET k", "EVAL return(redis.call('SET','k','w')) 0", "GET k", "EXEC", "MULTI", "GET k", "EXEC", "GET k",
		"GET short", "EXISTS short list", "TTL short", "PTTL list", "TYPE list", "STRLEN short", "LRANGE list 0 -1", "MGET short k", "KEYS *t*",
		"EVAL return(redis.call('GET','short')) 0", "EVAL return(redis.call('EXISTS','list')) 0",
	} {
		args := strings.Fields(text)
		got, want := string(replica.Execute(args...)), wire.execute(t, args...)
		if got != want {
			t.Errorf("%s: simulated %q, real %q", text, got, want)
		}
	}
}

// As TestLateEntriesAndExpiry: the replica stands still while its primary writes.
func TestLateEntriesAndExpiryAreThoseOfRedis(t *testing.T) {
	real, g := newCouple(t, "none"), group(t, "none", 1)
	replica := real.nodes[1]
	primary := g.Primary().Connect()
	lates := []string{"PERSIST k", "PEXPIRE k 60000", "APPEND k x", "PEXPIRE k 20", "SETNX k w", "SET k w", "SET k w KEEPTTL", "SET k w XX"}
	const life = 1500 * time.Millisecond
	began := time.Now()
	for i := range lates {
		set := fmt.Sprintf("SET k%d v PX %d", i, life.Milliseconds())
		ask(primary, set)
		real.do(0, strings.Fields(set)...)
	}
	g.ReplicateAll()
	real.settle()
	if did, err := replica.Pause(t.Context()); !did || err != nil {
		t.Fatal(did, err)
	}
	var replies [2]string
	for i, late := range lates {
		args := strings.Fields(late)
		args[1] = fmt.Sprint("k", i)
		replies[0] += string(primary.Execute(args...))
		replies[1] += real.do(0, args...)
	}
	if time.Since(began) > life {
		t.Skip("this machine is too slow just now: the keys expired too early")
	}
	if replies[0] != replies[1] {
		t.Errorf("simulated %q, real %q", replies[0], replies[1])
	}
	g.Advance(life + 200*time.Millisecond)
	time.Sleep(life + 200*time.Millisecond)
	if did, err := replica.Resume(t.Context()); !did || err != nil {
		t.Fatal(did, err)
	}
	g.ReplicateAll()
	real.settle()
	for i, late := range lates {
		key := fmt.Sprint("k", i)
		if got, want := get(g.Replica(0), key), strings.TrimSpace(real.do(1, "GET", key)); got != want {
			t.Errorf("%s: simulated %q, real %q", late, got, want)
		}
	}
}
