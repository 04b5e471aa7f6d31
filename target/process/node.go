package process

import (
	"context"
	"net"
	"path/filepath"
	"strconv"
	"sync"

	"github.com/jepsen-lite/jepsen-lite/target"
)

// Node is one server. It implements [target.Node], [target.Killer],
// [target.Pauser], [target.Stopper] and [target.Pider]. All methods are safe for
// concurrent use; Kill, Stop and Pause also reach a server that is still
// starting.
type Node struct {
	name    string
	dir     string
	config  Config
	clock   wallClock
	spawner *spawner
	closing context.Context // ends when the target is closed
	// starting holds a token while a start is under way.
	starting chan struct{}
	settled  bool // the port may not change any more; belongs to the token's holder

	mu     sync.Mutex
	port   *port   // nil before the first start
	server *server // the present or last life, nil before the first
}

var (
	_ target.Target  = (*Target)(nil)
	_ target.Node    = (*Node)(nil)
	_ target.Killer  = (*Node)(nil)
	_ target.Pauser  = (*Node)(nil)
	_ target.Stopper = (*Node)(nil)
	_ target.Pider   = (*Node)(nil)
)

func newNode(name string, config Config, spawner *spawner, closing context.Context) *Node {
	dir := filepath.Join(config.Dir, name)
	return &Node{
		name:     name,
		dir:      dir,
		config:   config,
		clock:    wallClock{library: config.Faketime, path: filepath.Join(dir, "clock"), rate: 1},
		spawner:  spawner,
		closing:  closing,
		starting: make(chan struct{}, 1),
	}
}

// Name returns n1, n2, …
func (n *Node) Name() string { return n.name }

// Addr returns 127.0.0.1:PORT. It is empty before the first start, and the same
// ever after the first start that succeeded.
func (n *Node) Addr() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.port == nil {
		return ""
	}
	return net.JoinHostPort(loopback, strconv.Itoa(n.port.number))
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
		return s.logs.tail(count)
	}
	return nil
}

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
	n.starting <- struct{}{}
	defer func() { <-n.starting }()
	_, err := n.Kill(context.Background())
	n.dropPort()
	return err
}
