package docker

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/jepsen-lite/jepsen-lite/target"
)

// Target is servers, each in a container. It implements [target.Target].
type Target struct {
	config   Config
	nodes    []*Node
	closing  context.Context
	shutting context.CancelFunc
	close    func() error

	mu     sync.Mutex
	engine *engine // nil before the first start
	server string  // the program in the image; likewise empty
}

// New prepares a target; no engine is asked and nothing runs before Start. The
// caller must Close it.
func New(config Config) (*Target, error) {
	config, err := config.checked()
	if err != nil {
		return nil, fmt.Errorf("prepare servers: %w", err)
	}
	t := &Target{config: config, server: config.Server}
	t.closing, t.shutting = context.WithCancel(context.Background())
	t.close = sync.OnceValue(t.shutdown)
	for _, spec := range config.Specs {
		t.nodes = append(t.nodes, newNode(spec, t))
	}
	return t, nil
}

// Start starts every node, all at the same time, and returns when all of them are
// ready. After an error, Close ends those that did start.
func (t *Target) Start(ctx context.Context) error {
	if _, _, err := t.reach(ctx); err != nil {
		return fmt.Errorf("start servers: %w", err)
	}
	errs := make([]error, len(t.nodes))
	var starts sync.WaitGroup
	for i, n := range t.nodes {
		starts.Go(func() { _, errs[i] = n.Start(ctx) })
	}
	starts.Wait()
	return errors.Join(errs...)
}

// reach returns the engine and the name of the server in the image, which is pulled
// if need be.
func (t *Target) reach(ctx context.Context) (*engine, string, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closing.Err() != nil {
		return nil, "", target.ErrClosed
	}
	if t.engine == nil {
		e, err := open(ctx, t.config.Network)
		if err != nil {
			return nil, "", err
		}
		t.engine = e
	}
	if t.server == "" {
		server, err := t.engine.findServer(ctx, t.config.Image)
		if err != nil {
			return nil, "", err
		}
		t.server = server.Name
	}
	return t.engine, t.server, nil
}

// Nodes returns the servers; each is a [*Node].
func (t *Target) Nodes() []target.Node {
	nodes := make([]target.Node, len(t.nodes))
	for i, n := range t.nodes {
		nodes[i] = n
	}
	return nodes
}

// Close kills every server, removes its container and gives up its port. It returns
// what went wrong, and again the same if called again. Nodes cannot be started any
// more.
func (t *Target) Close() error { return t.close() }

func (t *Target) shutdown() error {
	t.shutting()
	errs := make([]error, len(t.nodes))
	var ends sync.WaitGroup
	for i, n := range t.nodes {
		ends.Go(func() { errs[i] = n.shutdown() })
	}
	ends.Wait()
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.engine != nil {
		errs = append(errs, t.engine.close())
	}
	return errors.Join(errs...)
}
