package docker

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/port"
	"github.com/jepsen-lite/jepsen-lite/target/redisconf"
	"github.com/jepsen-lite/jepsen-lite/target/starter"
)

// tailLines is how much of the log a StartError shows.
const tailLines = 10

var errStranger = errors.New("another server answers on its port")

// Start starts the server on its old data and returns when it has loaded them
// and answers. It reports false if the server was already running, or was
// started meanwhile. If the server exits first, or ctx ends, nothing is left
// running and the error is a [*target.StartError].
func (n *Node) Start(ctx context.Context) (started bool, err error) {
	drop := func() { _ = n.discard() } // a container left over is removed by Clean
	return n.starter.Start(ctx, starter.Steps{Running: n.Running, Once: n.startOnce, DropPort: drop})
}

// startOnce makes one attempt with the node's container, or with a new one on a new
// port if it has none.
func (n *Node) startOnce(ctx context.Context) error {
	e, server, err := n.target.reach(ctx)
	if err == nil {
		err = n.ensureContainer(ctx, e, server)
	}
	if err != nil {
		return fmt.Errorf("start %s: %w", n.name, err)
	}
	l, err := n.launch(ctx, e)
	if err != nil {
		return fmt.Errorf("start %s: %w", n.name, err)
	}
	n.mu.Lock()
	n.life = l
	n.mu.Unlock()
	err = n.clock.Begin() // again: its engine took a while to start it
	if err == nil {
		err = n.awaitReady(ctx, l)
	}
	if err == nil {
		err = n.checkDisk(l)
	}
	if err == nil {
		return nil
	}
	if killErr := l.kill(context.Background()); killErr != nil {
		err = fmt.Errorf("%w; then %w", err, killErr)
	}
	tail := l.log.Tail(tailLines)
	inUse := func(line string) bool { return strings.Contains(line, "Address already in use") }
	if slices.ContainsFunc(tail, inUse) {
		err = fmt.Errorf("%w: %w", port.ErrTaken, err)
	}
	return &target.StartError{Node: n.name, Err: err, LogTail: tail, Dir: n.dir}
}

// ensureContainer gives the node a port, a configuration and a container, if it has
// none yet. A restart leaves them alone: the server may have rewritten its
// configuration.
func (n *Node) ensureContainer(ctx context.Context, e *engine, server string) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.id != "" {
		return nil
	}
	if err := os.MkdirAll(n.DataDir(), 0o755); err != nil {
		return err
	}
	// Before the container is made, which takes along what is mounted there.
	if err := n.under.Mount(); err != nil {
		return err
	}
	if err := n.choosePorts(); err != nil {
		return err
	}
	n.container = containerName(n.name)
	bind := port.Loopback
	if e.network == Bridge {
		bind = "0.0.0.0" // of the container; from outside it is reached on loopback alone
	}
	conf := redisconf.Server{
		Bind: bind, Port: n.port.Number, Open: e.network == Bridge,
		Dir: n.inside("data"), Log: n.inside("redis.log"),
		Persistence: n.config.Persistence, Args: n.config.Args, Spec: n.spec,
	}
	if n.bus != nil {
		conf.Bus = n.bus.Number
	}
	if err := conf.Write(n.configPath()); err != nil {
		return err
	}
	call, cancel := unhurried(ctx)
	defer cancel()
	id, err := e.create(call, n.request(e, server))
	n.id = id
	return err
}

// choosePorts gives the node the ports that it lacks. It wants n.mu held.
func (n *Node) choosePorts() (err error) {
	if n.port == nil {
		if n.port, err = n.config.ports(); err != nil {
			return err
		}
	}
	if n.spec.Bus && n.bus == nil {
		n.bus, err = n.config.ports()
	}
	return err
}

// asTaken marks a refusal to start a container whose port another program has.
func asTaken(err error) error {
	for _, words := range []string{"port is already allocated", "address already in use"} {
		if strings.Contains(err.Error(), words) {
			return fmt.Errorf("%w: %w", port.ErrTaken, err)
		}
	}
	return err
}

// awaitReady returns nil once the server is ready, or why it will not be.
func (n *Node) awaitReady(ctx context.Context, l *life) error {
	err := target.WaitReadyOrGone(ctx, l.gone, n.Addr(), n.recognize)
	if errors.Is(err, errStranger) {
		// Ours cannot have got the port: it is about to say so and exit.
		_ = l.wait(ctx, killLimit)
	}
	if l.isGone() {
		return fmt.Errorf("its container exited (%s)", l.exit())
	}
	return err
}

// recognize returns an error if INFO server comes from another server.
func (n *Node) recognize(info map[string]string) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if info["config_file"] != n.inside("redis.conf") {
		return fmt.Errorf("%w: one with the configuration %q", errStranger, info["config_file"])
	}
	return nil
}
