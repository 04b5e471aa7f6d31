package netfault

import (
	"context"
	"fmt"
	"net"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/process"
	"github.com/jepsen-lite/jepsen-lite/target/process/processtest"
)

// pair is a primary n1 and its replica n2, which reaches it by way of a fabric.
// On Linux all of 127.0.0.0/8 is loopback, so that each server has an address.
type pair struct {
	fabric           *Fabric
	proxy            *Proxy // in front of the primary
	node             *process.Node
	primary, replica *redis.Client // not by way of the fabric
}

func newPair(t *testing.T) pair {
	t.Helper()
	f := newFabric(t)
	proxy, err := f.Listen("n1", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Name("127.0.1.2", "n2"); err != nil {
		t.Fatal(err)
	}
	node := processtest.Start(t, target.None, "repl-diskless-sync-delay 0", "repl-ping-replica-period 1").Nodes()[0].(*process.Node)
	proxy.Forward(node.Addr())
	host, port, _ := net.SplitHostPort(proxy.Addr())
	replica := processtest.Start(t, target.None, "bind-source-addr 127.0.1.2", "replicaof "+host+" "+port).Nodes()[0]
	p := pair{f, proxy, node, client(t, node.Addr()), client(t, replica.Addr())}
	eventually(t, "the replica is in step", func() bool { return p.info(t, p.replica)["master_link_status"] == "up" })
	return p
}

func client(t *testing.T, addr string) *redis.Client {
	t.Helper()
	c := redis.NewClient(target.ClientOptions(addr, patience))
	t.Cleanup(func() { c.Close() })
	return c
}

func (p pair) info(t *testing.T, c *redis.Client) map[string]string {
	t.Helper()
	fields, err := target.Info(testContext(t), c, "replication")
	if err != nil {
		t.Fatal(err)
	}
	return fields
}

// set writes to the primary.
func (p pair) set(t *testing.T, value string) {
	t.Helper()
	if err := p.primary.Set(testContext(t), "k", value, 0).Err(); err != nil {
		t.Fatal(err)
	}
}

// has reports whether the replica has the value.
func (p pair) has(t *testing.T, value string) bool {
	t.Helper()
	got, err := p.replica.Get(testContext(t), "k").Result()
	if err != nil && err != redis.Nil {
		t.Fatal(err)
	}
	return got == value
}

// acknowledged is how many replicas say within a short time that they have all
// that was written on the primary's connection.
func (p pair) acknowledged(t *testing.T, within time.Duration) int64 {
	t.Helper()
	n, err := p.primary.Wait(testContext(t), 1, within).Result()
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// offset is what the primary knows of the replica's progress.
func (p pair) offset(t *testing.T) string {
	t.Helper()
	return regexp.MustCompile(`offset=\d+`).FindString(p.info(t, p.primary)["slave0"])
}

func fromPrimary() Links { return OneWay(Only("n1"), Only("n2")) }
func toPrimary() Links   { return OneWay(Only("n2"), Only("n1")) }

func TestReplicaLags(t *testing.T) {
	const latency = 50 * time.Millisecond
	p := newPair(t)
	h := apply(t, p.fabric, fromPrimary(), Rule{Latency: latency})
	var longest time.Duration
	for i := range 10 {
		value := fmt.Sprint(i)
		began := time.Now()
		p.set(t, value)
		eventually(t, "the replica has it", func() bool { return p.has(t, value) })
		took := time.Since(began)
		if longest = max(longest, took); took < latency {
			t.Errorf("the replica had it after %v", took)
		}
	}
	t.Logf("the replica was at most %v behind", longest)
	if h.Effect().HeldBytes == 0 {
		t.Error("nothing was held back")
	}
}

// What a primary says reaches nobody: the replica stands still, and both believe
// that they are connected.
func TestPrimaryUnheard(t *testing.T) {
	p := newPair(t)
	p.set(t, "old")
	eventually(t, "the replica has it", func() bool { return p.has(t, "old") })
	h := apply(t, p.fabric, fromPrimary(), Rule{Cut: true})
	p.set(t, "new")
	if n := p.acknowledged(t, 10*glance); n != 0 {
		t.Errorf("%d replicas acknowledge", n)
	}
	primary, replica := p.info(t, p.primary), p.info(t, p.replica)
	if !p.has(t, "old") || !strings.Contains(primary["slave0"], "state=online") || replica["master_link_status"] != "up" {
		t.Errorf("primary says %v, replica says %v", primary["slave0"], replica["master_link_status"])
	}
	h.Heal()
	if n := p.acknowledged(t, patience); n != 1 || !p.has(t, "new") {
		t.Errorf("%d replicas acknowledge after healing", n)
	}
}

// What a replica says reaches nobody: it has everything, and the primary cannot
// know.
func TestReplicaUnheard(t *testing.T) {
	p := newPair(t)
	p.set(t, "old")
	if n := p.acknowledged(t, patience); n != 1 {
		t.Fatalf("%d replicas acknowledge", n)
	}
	h := apply(t, p.fabric, toPrimary(), Rule{Cut: true})
	before := p.offset(t)
	p.set(t, "new")
	eventually(t, "the replica has it", func() bool { return p.has(t, "new") })
	if n := p.acknowledged(t, 10*glance); n != 0 || p.offset(t) != before {
		t.Errorf("%d replicas acknowledge, %s after %s", n, p.offset(t), before)
	}
	h.Heal()
	if n := p.acknowledged(t, patience); n != 1 {
		t.Errorf("%d replicas acknowledge after healing", n)
	}
}

// A replica that was cut off for good comes back by itself after healing.
func TestReplicaComesBack(t *testing.T) {
	p := newPair(t)
	h := apply(t, p.fabric, BothWays(Only("n1"), Except("n1")), Rule{Drop: true})
	p.set(t, "new")
	h.Heal()
	eventually(t, "the replica has it", func() bool { return p.has(t, "new") })
	if got := h.Effect(); got.Resets != 1 {
		t.Errorf("%+v", got)
	}
}

// dialled returns a go-redis client by way of the fabric.
func (p pair) dialled(t *testing.T) *redis.Client {
	t.Helper()
	options := target.ClientOptions(p.proxy.Addr(), patience)
	options.Dialer = func(ctx context.Context, _, addr string) (net.Conn, error) {
		return p.fabric.Dial(ctx, "c0", addr)
	}
	c := redis.NewClient(options)
	t.Cleanup(func() { c.Close() })
	return c
}

func TestSubscriberHearsLater(t *testing.T) {
	p := newPair(t)
	sub := p.dialled(t).Subscribe(testContext(t), "news")
	defer sub.Close()
	if _, err := sub.Receive(testContext(t)); err != nil {
		t.Fatal(err)
	}
	h := apply(t, p.fabric, BothWays(Except("n1", "n2"), Except("c0")), Rule{Cut: true})
	for i := range 3 {
		if n := p.primary.Publish(testContext(t), "news", i).Val(); n != 1 {
			t.Fatalf("%d subscribers", n)
		}
	}
	if m, err := sub.ReceiveTimeout(testContext(t), glance); err == nil {
		t.Fatalf("heard %v", m)
	}
	h.Heal()
	for i := range 3 {
		m, err := sub.ReceiveMessage(testContext(t))
		if err != nil || m.Payload != fmt.Sprint(i) {
			t.Fatalf("heard %v, %v; want %d", m, err, i)
		}
	}
}

// go-redis looks whether an idle connection is alive. While the way is cut a dead
// server looks alive; after that it does not.
func TestIdleConnectionLooksAsItIs(t *testing.T) {
	p := newPair(t)
	client := p.dialled(t)
	ping := func() error { return client.Ping(testContext(t)).Err() }
	if err := ping(); err != nil {
		t.Fatal(err)
	}
	h := apply(t, p.fabric, OneWay(Except("c0"), Only("c0")), Rule{Cut: true})
	if _, err := p.node.Kill(testContext(t)); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*glance)
	defer cancel()
	short := client.WithTimeout(10 * glance)
	if err := short.Ping(ctx).Err(); err == nil || !strings.Contains(err.Error(), "timeout") {
		t.Errorf("while the way is cut: %v; want a timeout", err)
	}
	h.Heal()
	if _, err := p.node.Start(testContext(t)); err != nil {
		t.Fatal(err)
	}
	if err := ping(); err != nil {
		t.Errorf("after healing: %v", err)
	}
}
