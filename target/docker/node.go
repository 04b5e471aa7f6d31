package docker

import (
	"context"
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"sync"

	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/diskfault"
	"github.com/jepsen-lite/jepsen-lite/target/faketime"
	"github.com/jepsen-lite/jepsen-lite/target/port"
	"github.com/jepsen-lite/jepsen-lite/target/starter"
)

// Node is one server. It implements [target.Node], [target.Killer],
// [target.Pauser], [target.Stopper], [target.Pider], [target.Commander],
// [target.Storer] and [target.ClockSetter]. All methods are safe for concurrent use;
// Kill, Stop and Pause also reach a server that is still loading its data.
type Node struct {
	target.Local
	spec    target.Spec
	name    string
	dir     string
	config  Config
	target  *Target
	clock   *faketime.Clock
	under   *diskfault.Under
	starter *starter.Starter

	mu        sync.Mutex
	port      *port.Port // nil before the first start
	bus       *port.Port // likewise, and nil if it has none
	container string     // the name of the node's container
	id        string     // and its id; empty until it has been made
	life      *life      // the present or last one, nil before the first
}

var (
	_ target.Target  = (*Target)(nil)
	_ target.Node    = (*Node)(nil)
	_ target.Killer  = (*Node)(nil)
	_ target.Pauser  = (*Node)(nil)
	_ target.Stopper = (*Node)(nil)
	_ target.Pider   = (*Node)(nil)
)

func newNode(spec target.Spec, t *Target) *Node {
	n := &Node{
		spec:    spec,
		name:    spec.Name,
		dir:     filepath.Join(t.config.Dir, spec.Name),
		config:  t.config,
		target:  t,
		clock:   faketime.NewClock(spec.Name, filepath.Join(t.config.Dir, spec.Name, "clock"), t.config.Faketime != ""),
		under:   diskfault.NewUnder(spec.Name, filepath.Join(t.config.Dir, spec.Name), t.config.Disk),
		starter: starter.New(spec.Name, t.closing),
	}
	n.Local = target.Locally(n.Addr, filepath.Join(n.dir, "data"))
	return n
}

// Name returns n1, n2, …
func (n *Node) Name() string { return n.name }

// Addr returns 127.0.0.1:PORT. It is empty before the first start, and the same
// ever after the first start that succeeded: the port is one that we chose, while a
// port that Docker chooses is another one after each start.
func (n *Node) Addr() string { return n.addrOf(&n.port) }

// BusAddr returns the address of the cluster bus, likewise. It is empty if the
// server has none.
func (n *Node) BusAddr() string { return n.addrOf(&n.bus) }

func (n *Node) addrOf(p **port.Port) string {
	n.mu.Lock()
	defer n.mu.Unlock()
	if *p == nil {
		return ""
	}
	return (*p).Addr()
}

// Running tells whether the server's process exists: starting, ready or paused.
// It is false once a server has ended, also by itself.
func (n *Node) Running() bool { return n.alive() != nil }

// PID returns the server's process id on this machine. It is 0 while the server is
// down, and where Docker runs in a machine of its own.
func (n *Node) PID() int {
	if l := n.alive(); l != nil {
		return l.pid
	}
	return 0
}

// LogTail returns the last lines, at most count and none of them empty, that the
// present or last life of the server wrote: its log, then its standard output and
// error. It is nil before the first start.
func (n *Node) LogTail(count int) []string {
	if l := n.lastLife(); l != nil {
		return l.log.Tail(count)
	}
	return nil
}

// alive returns the server's life if it goes on, else nil.
func (n *Node) alive() *life {
	if l := n.lastLife(); l != nil && !l.isGone() {
		return l
	}
	return nil
}

func (n *Node) lastLife() *life {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.life
}

// inside returns where the container has a file of the node's folder. The path is
// another one in every container, so that a server can be told from others.
func (n *Node) inside(file string) string { return path.Join("/jepsen-lite", n.container, file) }

func (n *Node) configPath() string { return filepath.Join(n.dir, "redis.conf") }
func (n *Node) logPath() string    { return filepath.Join(n.dir, "redis.log") }
func (n *Node) outputPath() string { return filepath.Join(n.dir, "output.log") }

// shutdown ends the server for good. The target's closing has been announced, so
// that a start under way ends soon and no other one begins.
func (n *Node) shutdown() error {
	return n.starter.Shutdown(func() error {
		err := n.discard()
		if err != nil {
			err = fmt.Errorf("close %s: %w", n.name, err)
		}
		return errors.Join(err, n.under.Unmount())
	})
}

// discard removes the node's container, if it has one, running or not, waits for
// the end of its server, and gives up its port.
func (n *Node) discard() error {
	n.mu.Lock()
	id, l := n.id, n.life
	n.mu.Unlock()
	var err error
	if id != "" {
		err = n.target.engine.remove(context.Background(), id)
	}
	if l != nil {
		l.release()
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.id = ""
	for _, p := range []**port.Port{&n.port, &n.bus} {
		if *p != nil {
			(*p).Release()
			*p = nil
		}
	}
	return err
}
