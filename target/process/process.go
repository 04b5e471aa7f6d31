package process

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"

	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/port"
	"github.com/jepsen-lite/jepsen-lite/target/redisconf"
)

// Config says which servers to run.
type Config struct {
	// Server is the path of the server binary. Empty: the one that [Find] finds.
	Server string
	// Dir holds a folder for each node, made if missing. Dir/n1 has redis.conf,
	// redis.log, output.log (what the server printed before and beside its log)
	// and data. Data that is there already is loaded.
	Dir string
	// Persistence is how the servers keep their data. It must be set.
	Persistence target.Persistence
	// Args are further lines of redis.conf, written last: "maxmemory 100mb".
	// What this package decides itself (port, bind, dir, …) is refused.
	Args []string
	// Specs are the servers to run, by name. Nil: one, n1.
	Specs []target.Spec
	// Faketime is the path of libfaketime, through which a server then asks for
	// the time, so that its clock can be set. Empty: it is the machine's, and
	// asking costs nothing.
	Faketime string
	// Disk puts a disk of package diskfault under each server's data, which can be
	// harmed: Dir/n1/data then shows what the server wrote, and Dir/n1/disk has what
	// is durable, and after Close all.
	Disk bool

	// Tests take away one of the two ways in which a server dies with us, to
	// prove the other one.
	withoutGuard, withoutParentDeath bool
	// ports finds a port for a node's first start. Nil: port.Choose.
	ports func() (*port.Port, error)
}

// Target is servers as processes on this machine. It implements [target.Target].
type Target struct {
	nodes    []*Node
	spawner  *spawner
	shutting context.CancelFunc
	close    func() error
}

// New prepares a target; nothing runs before Start. The caller must Close it.
func New(config Config) (*Target, error) {
	config, err := config.checked()
	if err != nil {
		return nil, fmt.Errorf("prepare servers: %w", err)
	}
	closing, shutting := context.WithCancel(context.Background())
	t := &Target{spawner: newSpawner(), shutting: shutting}
	t.close = sync.OnceValue(t.shutdown)
	for _, spec := range config.Specs {
		t.nodes = append(t.nodes, newNode(spec, config, t.spawner, closing))
	}
	return t, nil
}

// checked returns the configuration with absolute paths and defaults filled in.
func (c Config) checked() (Config, error) {
	if c.Dir == "" {
		return c, errors.New("no folder given: set Config.Dir")
	}
	if c.Persistence.Preset() == "" {
		return c, errors.New("no persistence given: set Config.Persistence from target.ParsePersistence")
	}
	if err := redisconf.CheckArgs(c.Args); err != nil {
		return c, err
	}
	dir, err := filepath.Abs(c.Dir)
	if err != nil {
		return c, err
	}
	server, err := findServer(c.Server)
	if err != nil {
		return c, err
	}
	c.Dir, c.Server, c.Args = dir, server, slices.Clone(c.Args)
	if c.Specs == nil {
		c.Specs = target.Servers(1)
	}
	if c.ports == nil {
		c.ports = port.Choose
	}
	return c, nil
}

func findServer(path string) (string, error) {
	if path == "" {
		return Find("")
	}
	found, err := exec.LookPath(path)
	if err != nil {
		return "", fmt.Errorf("server %s: %w", path, err)
	}
	return filepath.Abs(found)
}

// Start starts every node, one after the other, and returns when all of them are
// ready. After an error, Close ends those that did start.
func (t *Target) Start(ctx context.Context) error {
	for _, n := range t.nodes {
		if _, err := n.Start(ctx); err != nil {
			return err
		}
	}
	return nil
}

// Nodes returns the servers; each is a [*Node].
func (t *Target) Nodes() []target.Node {
	nodes := make([]target.Node, len(t.nodes))
	for i, n := range t.nodes {
		nodes[i] = n
	}
	return nodes
}

// Close kills every server, waits until it is gone and gives up its port. It
// returns the first error, and again the same one if called again. Nodes cannot
// be started any more.
func (t *Target) Close() error { return t.close() }

func (t *Target) shutdown() error {
	t.shutting()
	var first error
	for _, n := range t.nodes {
		if err := n.shutdown(); err != nil && first == nil {
			first = err
		}
	}
	t.spawner.close() // last: its thread's end would kill the servers
	return first
}
