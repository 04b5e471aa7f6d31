package harness

import (
	"context"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"sync"
	"time"

	"github.com/jepsen-lite/jepsen-lite/nemesis"
	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/docker"
	"github.com/jepsen-lite/jepsen-lite/target/netfault"
	"github.com/jepsen-lite/jepsen-lite/target/process"
	"github.com/jepsen-lite/jepsen-lite/target/sim"
	"github.com/jepsen-lite/jepsen-lite/target/topology"
	"github.com/jepsen-lite/jepsen-lite/target/virtual"
)

// world is what a run needs of where it takes place: servers, time, ways to them,
// and waiting for each other.
type world interface {
	target.Clock
	// stamp is the time of an event that is recorded now.
	stamp() int64
	servers() target.Target
	// within calls what takes time in this world.
	within(func())
	// crew returns a group of goroutines; all those of a run are of one.
	crew() crew
	gate() gate
	// route returns a client's way to the servers, and how long it is to wait there
	// for itself.
	route(lane int) (target.Access, time.Duration)
	// ready waits until a server that was started answers.
	ready(ctx context.Context, node target.Node) error
	// settle waits until servers that run are one system again.
	settle(ctx context.Context) error
	// prefix is what every key in Redis begins with.
	prefix() string
	// close ends the servers, if they are ours, and what leads to them. note is what
	// a reader should know about that; empty: nothing.
	close() (note string, err error)
	// sampled reports whether the servers are asked for figures meanwhile.
	sampled() bool
}

// crew is a group of goroutines.
type crew interface {
	Go(func())
	Wait()
}

// live makes the world of a run on the stage. What servers leave behind goes to
// the run folder.
func (s *stage) live(c Config, folder string) (world, error) {
	if s.external != nil {
		return &externalWorld{target.Wall(), c, s.external}, nil
	}
	persistence, err := target.ParsePersistence(c.Persistence)
	if err != nil {
		return nil, &UsageError{err}
	}
	if s.backend == simTarget {
		return newVirtualWorld(c, persistence), nil
	}
	fabric := netfault.New(c.Seed)
	servers, err := topology.New(c.topology(), fabric, func(specs []target.Spec) (target.Target, error) {
		return s.realServers(c, persistence, filepath.Join(folder, serversFolder), specs)
	})
	if err != nil {
		return nil, errors.Join(err, fabric.Close())
	}
	return &realWorld{target.Wall(), c, fabric, servers}, nil
}

// realServers prepares servers with their files in that folder.
func (s *stage) realServers(c Config, p target.Persistence, dir string, specs []target.Spec) (target.Target, error) {
	if s.backend == dockerTarget {
		return docker.New(docker.Config{
			Image: c.Image, Server: s.binary, Dir: dir, Persistence: p, Args: c.RedisArgs, Specs: specs,
			Faketime: c.faketime(), Disk: c.needs(nemesis.Disks),
		})
	}
	return process.New(process.Config{
		Server: s.binary, Dir: dir, Persistence: p, Args: c.RedisArgs, Specs: specs,
		Faketime: c.faketime(), Disk: c.needs(nemesis.Disks),
	})
}

// realWorld has real servers, and real time.
type realWorld struct {
	target.Clock
	config   Config
	fabric   *netfault.Fabric
	topology *topology.Target
}

func (w *realWorld) stamp() int64           { return int64(w.Now()) }
func (w *realWorld) servers() target.Target { return w.topology }
func (w *realWorld) within(f func())        { f() }
func (w *realWorld) crew() crew             { return &sync.WaitGroup{} }
func (w *realWorld) gate() gate             { return &realGate{} }
func (w *realWorld) sampled() bool          { return true }

func (w *realWorld) route(lane int) (target.Access, time.Duration) {
	return w.topology.Access(fmt.Sprintf("c%d", lane)), w.config.OpTimeout
}

func (w *realWorld) settle(ctx context.Context) error { return w.topology.Settle(ctx) }

func (w *realWorld) prefix() string { return ownPrefix }

func (w *realWorld) close() (string, error) {
	return "", errors.Join(w.topology.Close(), w.fabric.Close())
}

func (w *realWorld) ready(ctx context.Context, node target.Node) error {
	return target.WaitReady(ctx, node.Addr(), func(map[string]string) error { return nil })
}

// virtualWorld has a simulated server in virtual time. All that happens there
// follows from the seed.
type virtualWorld struct {
	*virtual.Time
	config    Config
	simulated *sim.Target
}

func newVirtualWorld(c Config, p target.Persistence) *virtualWorld {
	t := virtual.New(c.rand(turnStream))
	return &virtualWorld{t, c, sim.NewTarget(p, t)}
}

// stamp is another one for each event: checks take what has the same time for
// concurrent.
func (w *virtualWorld) stamp() int64           { return int64(w.Tick()) }
func (w *virtualWorld) servers() target.Target { return w.simulated }
func (w *virtualWorld) within(f func())        { w.Run(f) }
func (w *virtualWorld) crew() crew             { return w.Group() }
func (w *virtualWorld) gate() gate             { return &virtualGate{time: w.Time} }
func (w *virtualWorld) sampled() bool          { return false }

// unhurried is longer than a virtual run takes: a client's own timeouts would
// count real time.
const unhurried = 24 * time.Hour

func (w *virtualWorld) route(lane int) (target.Access, time.Duration) {
	r := sim.Route{
		Node: w.simulated.Nodes()[0].(*sim.Node), Time: w.Time,
		Rand: w.config.rand(routeStream + uint64(lane)), Timeout: w.config.OpTimeout,
	}
	dial := func(ctx context.Context, _ string) (net.Conn, error) { return r.Dial(ctx) }
	return target.Access{Dial: dial}, unhurried
}

func (w *virtualWorld) settle(context.Context) error { return nil }
func (w *virtualWorld) prefix() string               { return ownPrefix }
func (w *virtualWorld) close() (string, error)       { return "", w.simulated.Close() }

func (w *virtualWorld) ready(context.Context, target.Node) error { return nil }
