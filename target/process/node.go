package process

import (
	"context"
	"errors"
	"path/filepath"
	"sync"

	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/diskfault"
	"github.com/jepsen-lite/jepsen-lite/target/faketime"
	"github.com/jepsen-lite/jepsen-lite/target/port"
	"github.com/jepsen-lite/jepsen-lite/target/starter"
)

// Node is one server. It implements [target.Node], [target.Killer],
// [target.Pauser], [target.Stopper], [target.Pider], [target.Commander] and
// [target.Storer]. All methods are safe for concurrent use; Kill, Stop and Pause
// also reach a server that is still starting.
type Node struct {
	target.Local
	spec    target.Spec
	name    string
	dir     string
	config  Config
	clock   *faketime.Clock
	spawner *spawner
	under   *diskfault.Under
	starter *starter.Starter

	mu     sync.Mutex
	port   *port.Port // nil before the first start
	bus    *port.Port // likewise, and nil if it has none
	server *server    // the present or last life, nil before the first
}

var (
	_ target.Target  = (*Target)(nil)
	_ target.Node    = (*Node)(nil)
	_ target.Killer  = (*Node)(nil)
	_ target.Pauser  = (*Node)(nil)
	_ target.Stopper = (*Node)(nil)
	_ target.Pider   = (*Node)(nil)
)

func newNode(spec target.Spec, config Config, spawner *spawner, closing context.Context) *Node {
	dir := filepath.Join(config.Dir, spec.Name)
	n := &Node{
		spec:    spec,
		name:    spec.Name,
		dir:     dir,
		config:  config,
		clock:   faketime.NewClock(spec.Name, filepath.Join(dir, "clock"), config.Faketime != ""),
		spawner: spawner,
		under:   diskfault.NewUnder(spec.Name, dir, config.Disk),
		starter: starter.New(spec.Name, closing),
	}
	n.Local = target.Locally(n.Addr, filepath.Join(dir, "data"))
	return n
}

// Name returns n1, n2, …
func (n *Node) Name() string { return n.name }

// Addr returns 127.0.0.1:PORT. It is empty before the first start, and the same
// ever after the first start that succeeded.
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

// PID returns the process id of the server, or 0 while it is down.
func (n *Node) PID() int {
	if s := n.alive(); s != nil {
		return s.pid()
	}
	return 0
}

// LogTail returns the last lines, at most count and none of them empty, that the
// present or last life of the server wrote: its log, then its standard output and
// error. It is nil before the first start.
func (n *Node) LogTail(count int) []string {
	if s := n.lastLife(); s != nil {
		return s.logs.Tail(count)
	}
	return nil
}

func (n *Node) configPath() string { return filepath.Join(n.dir, "redis.conf") }
func (n *Node) logPath() string    { return filepath.Join(n.dir, "redis.log") }
func (n *Node) outputPath() string { return filepath.Join(n.dir, "output.log") }
func (n *Node) clockPath() string  { return filepath.Join(n.dir, "clock") }

// alive returns the server if it is running, else nil.
func (n *Node) alive() *server {
	if s := n.lastLife(); s != nil && !s.isGone() {
		return s
	}
	return nil
}

func (n *Node) lastLife() *server {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.server
}

// shutdown ends the server for good. The target's closing has been announced, so
// that a start under way ends soon and no other one begins.
func (n *Node) shutdown() error {
	return n.starter.Shutdown(func() error {
		_, err := n.Kill(context.Background())
		err = errors.Join(err, n.under.Unmount())
		n.dropPort()
		return err
	})
}
