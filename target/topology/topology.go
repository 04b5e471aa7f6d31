package topology

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"

	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/netfault"
)

// Target is an arrangement of servers. It implements [target.Target] and
// [target.Roler].
type Target struct {
	target.Target // the servers, as the backend made them
	config        Config
	fabric        *netfault.Fabric
	members       []*member
	shape         shape
	shards        shards
	random        *rand.Rand // of the nemesis' goroutine
}

// shape is what one kind of topology does in its own way.
type shape interface {
	// lines are what the configuration of a member says of the others.
	lines(m *member) []string
	// unite makes one system of servers that run.
	unite(ctx context.Context) error
	// settled returns nil once all follow whom they should, and what is missing
	// otherwise.
	settled(ctx context.Context) error
	// roles tells who is what at present, by name.
	roles(ctx context.Context) (map[string]target.Role, error)
	// access is how clients get there.
	access() target.Access
}

// member is a server and the addresses at which the others reach it.
type member struct {
	spec   target.Spec
	number int // from 1
	front  *netfault.Proxy
	bus    *netfault.Proxy // of a cluster
	node   target.Node
	role   target.Role // when it was last asked
}

// New prepares a target; nothing runs before Start. make gets what each server is
// to be and makes the servers. The caller must Close the target, and then the
// fabric.
func New(c Config, fabric *netfault.Fabric, make func([]target.Spec) (target.Target, error)) (*Target, error) {
	c, err := c.Complete()
	if err != nil {
		return nil, err
	}
	t := &Target{config: c, fabric: fabric, random: rand.New(rand.NewPCG(c.Seed, 0))}
	if err := t.appoint(); err != nil {
		return nil, fmt.Errorf("prepare %s: %w", c.Kind, err)
	}
	if t.Target, err = make(t.specs()); err != nil {
		return nil, err
	}
	for i, node := range t.Target.Nodes() {
		t.members[i].node = node
	}
	return t, nil
}

// appoint decides which servers there are and gives each its proxies.
func (t *Target) appoint() error {
	switch t.config.Kind {
	case Standalone:
		t.shape = &standalone{t}
		t.add(1, "n", target.Spec{})
	case Replicated:
		t.shape = &replicated{t}
		t.add(1+t.config.Replicas, "n", target.Spec{})
		t.add(sentinels, "s", target.Spec{Sentinel: true})
	case Cluster:
		t.shape = &cluster{t}
		t.add(t.config.Shards*(1+t.config.Replicas)+t.config.Spares, "n", target.Spec{Bus: true})
	case Sharded:
		t.shape = &sharded{t}
		t.add(t.config.Shards+t.config.Spares, "n", target.Spec{})
	}
	for _, m := range t.members {
		if err := t.connect(m); err != nil {
			return err
		}
	}
	return nil
}

func (t *Target) add(n int, prefix string, spec target.Spec) {
	for i := range n {
		spec.Name = fmt.Sprint(prefix, i+1)
		t.members = append(t.members, &member{spec: spec, number: len(t.members) + 1})
	}
}

// connect makes the ways to a member.
func (t *Target) connect(m *member) (err error) {
	const anyPort = "127.0.0.1:0"
	if m.front, err = t.fabric.Listen(m.spec.Name, anyPort); err != nil {
		return err
	}
	if m.spec.Bus {
		if m.bus, err = t.fabric.Listen(m.spec.Name, anyPort); err != nil {
			return err
		}
	}
	if source, ok := m.source(); ok {
		return t.fabric.Name(source, m.spec.Name)
	}
	return nil
}

// source is the address from which a member connects to others.
func (m *member) source() (addr string, ok bool) {
	return fmt.Sprintf("127.0.1.%d", m.number), runtime.GOOS == "linux"
}

func (t *Target) specs() []target.Spec {
	var specs []target.Spec
	for _, m := range t.members {
		spec := m.spec
		spec.Lines = t.shape.lines(m)
		specs = append(specs, spec)
	}
	return specs
}

// Start brings up every server, makes one system of them, and returns when every
// replica follows its primary, every Sentinel knows the others and every slot is
// served.
func (t *Target) Start(ctx context.Context) error {
	if err := t.Target.Start(ctx); err != nil {
		return err
	}
	for _, m := range t.members {
		m.forward()
	}
	if err := t.shape.unite(ctx); err != nil {
		return fmt.Errorf("unite %s: %w", t.config.Kind, err)
	}
	return t.Settle(ctx)
}

// buser is a node with a port for the bus of a cluster.
type buser interface{ BusAddr() string }

// forward tells the member's proxies where it is.
func (m *member) forward() {
	m.front.Forward(m.node.Addr())
	if m.bus != nil {
		m.bus.Forward(m.node.(buser).BusAddr())
	}
}

// Settle waits until the system is whole again: all its servers run, every replica
// follows its primary, every slot is served.
func (t *Target) Settle(ctx context.Context) error {
	var last error
	for {
		err := t.shape.settled(ctx)
		if err == nil {
			return nil
		}
		if ctx.Err() == nil || last == nil {
			last = err
		}
		if !target.Wall().Sleep(ctx, settlePause) {
			return fmt.Errorf("wait for %s: %w (%w)", t.config.Kind, ctx.Err(), last)
		}
	}
}

// Roles tells who is what at present. It asks the servers, and says of one that does
// not answer what it was last known to be.
func (t *Target) Roles(ctx context.Context) (map[string]target.Role, error) {
	return t.shape.roles(ctx)
}

// Network is what all traffic goes through. It is for whoever made it to close.
func (t *Target) Network() *netfault.Fabric { return t.fabric }

// ServerTraffic tells whether its servers send each other anything, and why that
// cannot be harmed, or nil.
func (t *Target) ServerTraffic() (sent bool, err error) {
	if t.config.Kind == Standalone || t.config.Kind == Sharded {
		return false, nil
	}
	for _, m := range t.members {
		if _, ok := m.source(); !ok {
			return true, errors.New("who of the servers sends something can only be told on Linux")
		}
	}
	return true, nil
}

// Access is how a client gets there, which is an endpoint of the fabric of that
// name.
func (t *Target) Access(client string) target.Access {
	a := t.shape.access()
	a.Dial = t.dialer(client)
	return a
}

// Close ends every server and waits until it is gone. The fabric is for whoever
// made it to close.
func (t *Target) Close() error {
	err := t.Target.Close()
	for _, m := range t.members {
		err = errors.Join(err, m.front.Close())
		if m.bus != nil {
			err = errors.Join(err, m.bus.Close())
		}
	}
	return err
}
