package process

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
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
	return n.starter.Start(ctx, starter.Steps{Running: n.Running, Once: n.startOnce, DropPort: n.dropPort})
}

// startOnce makes one attempt on the node's port, or on a new one if it has none.
func (n *Node) startOnce(ctx context.Context) error {
	if err := n.ensureSetup(); err != nil {
		return fmt.Errorf("start %s: %w", n.name, err)
	}
	s, err := n.launch()
	if err != nil {
		return fmt.Errorf("start %s: %w", n.name, err)
	}
	n.mu.Lock()
	n.server = s
	n.mu.Unlock()
	err = n.awaitReady(ctx, s)
	if err == nil {
		return nil
	}
	if killErr := s.kill(context.Background()); killErr != nil {
		err = fmt.Errorf("%w; then %w", err, killErr)
	}
	tail := s.logs.Tail(tailLines)
	inUse := func(line string) bool { return strings.Contains(line, "Address already in use") }
	if slices.ContainsFunc(tail, inUse) {
		err = fmt.Errorf("%w: %w", port.ErrTaken, err)
	}
	return &target.StartError{Node: n.name, Err: err, LogTail: tail, Dir: n.dir}
}

// ensureSetup gives the node a port and a configuration, if it has none yet. A
// restart leaves the configuration alone: the server may have rewritten it.
func (n *Node) ensureSetup() error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.port != nil {
		return nil
	}
	if err := os.MkdirAll(n.DataDir(), 0o755); err != nil {
		return err
	}
	if err := n.under.Mount(); err != nil {
		return err
	}
	err := n.choosePorts()
	if err == nil {
		err = n.writeConfig()
	}
	if err != nil {
		n.releasePorts()
	}
	return err
}

func (n *Node) writeConfig() error {
	conf := redisconf.Server{
		Bind: port.Loopback, Port: n.port.Number, Dir: n.DataDir(), Log: n.logPath(),
		Persistence: n.config.Persistence, Args: n.config.Args, Spec: n.spec,
	}
	if n.bus != nil {
		conf.Bus = n.bus.Number
	}
	return conf.Write(n.configPath())
}

// choosePorts, writeConfig and releasePorts want n.mu held.
func (n *Node) choosePorts() (err error) {
	if n.port, err = n.config.ports(); err != nil {
		return err
	}
	if n.spec.Bus {
		n.bus, err = n.config.ports()
	}
	return err
}

func (n *Node) releasePorts() {
	for _, p := range []**port.Port{&n.port, &n.bus} {
		if *p != nil {
			(*p).Release()
			*p = nil
		}
	}
}

func (n *Node) dropPort() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.releasePorts()
}

// awaitReady returns nil once the server is ready, or why it will not be.
func (n *Node) awaitReady(ctx context.Context, s *server) error {
	err := target.WaitReadyOrGone(ctx, s.gone, n.Addr(), s.recognize)
	if errors.Is(err, errStranger) {
		// Ours cannot have got the port: it is about to say so and exit.
		_ = s.wait(ctx, killLimit)
	}
	if s.isGone() {
		return fmt.Errorf("%s exited (%s)", filepath.Base(n.config.Server), s.cmd.ProcessState)
	}
	return err
}
