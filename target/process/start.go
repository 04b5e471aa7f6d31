package process

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/jepsen-lite/jepsen-lite/target"
)

const (
	// startLimit bounds a start whose context has no deadline.
	startLimit = 2 * time.Minute
	// portTries is how many ports a first start tries.
	portTries = 4
	// tailLines is how much of the log a StartError shows.
	tailLines = 10
)

var (
	errClosed    = errors.New("the target is closed")
	errPortTaken = errors.New("its port is taken by another program")
	errStranger  = errors.New("another server answers on its port")
)

// StartError tells why a server did not become ready. The server is gone.
type StartError struct {
	Node string
	Err  error
	// LogTail is what the server last wrote in this attempt, at most ten lines.
	LogTail []string
	// Dir is where to look further: the node's folder.
	Dir string
}

// Error returns one message of several lines, the last lines of the log in it.
func (e *StartError) Error() string {
	var text strings.Builder
	fmt.Fprintf(&text, "start %s: %v\n", e.Node, e.Err)
	for _, line := range e.LogTail {
		fmt.Fprintf(&text, "    %s\n", line)
	}
	fmt.Fprintf(&text, "look into %s (redis.conf, redis.log, output.log)", e.Dir)
	return text.String()
}

// Unwrap returns the cause.
func (e *StartError) Unwrap() error { return e.Err }

// Start starts the server on its old data and returns when it has loaded them
// and answers. It reports false if the server was already running, or was
// started meanwhile. If the server exits first, or ctx ends, nothing is left
// running and the error is a [*StartError].
func (n *Node) Start(ctx context.Context) (started bool, err error) {
	select {
	case n.starting <- struct{}{}:
	case <-ctx.Done():
		return false, fmt.Errorf("start %s: %w", n.name, ctx.Err())
	}
	defer func() { <-n.starting }()
	if n.closing.Err() != nil {
		return false, fmt.Errorf("start %s: %w", n.name, errClosed)
	}
	if n.Running() {
		return false, nil
	}
	ctx, cancel := limitStart(ctx)
	defer cancel()
	defer context.AfterFunc(n.closing, cancel)()
	for try := 1; ; try++ {
		err := n.startOnce(ctx)
		if err == nil {
			n.settled = true
			return true, nil
		}
		if n.settled || try == portTries || !errors.Is(err, errPortTaken) {
			return false, err
		}
		n.dropPort()
	}
}

func limitStart(ctx context.Context) (context.Context, context.CancelFunc) {
	if _, ok := ctx.Deadline(); ok {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, startLimit)
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
	tail := s.logs.tail(tailLines)
	inUse := func(line string) bool { return strings.Contains(line, "Address already in use") }
	if slices.ContainsFunc(tail, inUse) {
		err = fmt.Errorf("%w: %w", errPortTaken, err)
	}
	return &StartError{Node: n.name, Err: err, LogTail: tail, Dir: n.dir}
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
	p, err := n.config.ports()
	if err != nil {
		return err
	}
	if err := n.writeConfig(p.number); err != nil {
		p.release()
		return err
	}
	n.port = p
	return nil
}

func (n *Node) dropPort() {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.port != nil {
		n.port.release()
		n.port = nil
	}
}

// awaitReady returns nil once the server is ready, or why it will not be.
func (n *Node) awaitReady(ctx context.Context, s *server) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	answered := make(chan error, 1)
	go func() { answered <- target.WaitReady(ctx, n.Addr(), s.recognize) }()
	var err error
	select {
	case err = <-answered:
	case <-s.gone:
		cancel()
		<-answered
	}
	if errors.Is(err, errStranger) {
		// Ours cannot have got the port: it is about to say so and exit.
		_ = s.wait(ctx, killLimit)
	}
	if s.isGone() {
		return fmt.Errorf("%s exited (%s)", filepath.Base(n.config.Server), s.cmd.ProcessState)
	}
	return err
}
