package harness

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jepsen-lite/jepsen-lite/nemesis"
	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/external"
	"github.com/jepsen-lite/jepsen-lite/target/topology"
)

// cleanLimit bounds the deletion of a run's keys from servers that are not ours.
const cleanLimit = 5 * time.Minute

func (c Config) isExternal() bool { return external.IsURL(c.Target) }

// ForURL returns the configuration with the defaults for servers that run already:
// faults that can happen to them, and no persistence that we chose.
func (c Config) ForURL() Config {
	c.Persistence, c.Nemesis = "", []string{"client-pause"}
	return c
}

// withURL returns the configuration with the topology that a URL says, or what is
// wrong with the URL or with what stands beside it.
func (c Config) withURL() (Config, error) {
	if !c.isExternal() {
		if c.AllowWrites || c.TLS != (external.TLS{}) {
			return c, errors.New("--allow-writes and --tls-… are for servers that run already: leave them out, or give a URL as --target")
		}
		return c, nil
	}
	address, err := external.Parse(c.Target)
	if err == nil {
		err = c.besideURL(address)
	}
	c.Topology = address.Topology()
	return c, err
}

func (c Config) besideURL(address external.Address) error {
	switch {
	case c.Persistence != "":
		return errors.New("--persistence is for servers that we start: leave it out")
	case c.RedisServer != "" || len(c.RedisArgs) > 0:
		return errors.New("--redis-server and --redis-arg are for servers that we start: leave them out")
	case c.Topology != topology.Standalone && c.Topology != address.Topology():
		return fmt.Errorf("--topology %s: how the servers stand together says the URL's scheme, redis, redis+sentinel or redis+cluster: leave it out", c.Topology)
	case c.Replicas+c.Shards+c.Spares+c.MinReplicas != 0 || c.Hash != "" || c.DownAfter != 0:
		return errors.New("--replicas, --shards, --spares, --hash, --down-after and --min-replicas-to-write are for servers that we start: leave them out")
	case c.TLS != (external.TLS{}) && !address.TLS():
		return errors.New("--tls-… are for TLS: write rediss:// in place of redis://")
	}
	return nil
}

// switches are the flags without a value that are on.
func (c Config) switches() (on []string) {
	if c.TLS.Insecure {
		on = append(on, "tls-insecure")
	}
	if c.AllowWrites {
		on = append(on, "allow-writes")
	}
	return on
}

// externalStage asks the servers at the URL who they are, and whether they may be
// written to.
func externalStage(ctx context.Context, c Config) (*stage, error) {
	address, err := external.Parse(c.Target)
	if err != nil {
		return nil, &UsageError{err}
	}
	t, err := openExternal(ctx, c, address, c.AllowWrites)
	if err != nil {
		return nil, err
	}
	plan, err := c.plan()
	if err == nil {
		err = nemesis.Check(plan, t)
	}
	if err != nil {
		return nil, &UsageError{err}
	}
	return &stage{
		backend: externalTarget, redis: t.Version(), external: t, topology: address.Topology(), shown: address.String(),
	}, nil
}

// externalWorld has servers that are not ours, and real time.
type externalWorld struct {
	target.Clock
	config Config
	target *external.Target
}

func (w *externalWorld) stamp() int64           { return int64(w.Now()) }
func (w *externalWorld) servers() target.Target { return w.target }
func (w *externalWorld) within(f func())        { f() }
func (w *externalWorld) crew() crew             { return &sync.WaitGroup{} }
func (w *externalWorld) gate() gate             { return &realGate{} }
func (w *externalWorld) sampled() bool          { return false }
func (w *externalWorld) prefix() string         { return w.target.Prefix() }

func (w *externalWorld) route(lane int) (target.Access, time.Duration) {
	return w.target.Access(fmt.Sprintf("c%d", lane)), w.config.OpTimeout
}

func (w *externalWorld) settle(ctx context.Context) error { return w.target.Settle(ctx) }

// ready leaves it to settle: there is nothing of ours to be waited for.
func (w *externalWorld) ready(context.Context, target.Node) error { return nil }

// close ends the clients' connections, and then deletes the run's keys.
func (w *externalWorld) close() (note string, err error) {
	err = w.target.Close()
	ctx, cancel := context.WithTimeout(context.Background(), cleanLimit)
	defer cancel()
	deleted, cleanErr := w.target.Clean(ctx)
	if cleanErr != nil {
		return "", errors.Join(err, cleanErr)
	}
	return fmt.Sprintf("deleted %d keys of the run, which began with %s", deleted, w.target.Prefix()), err
}
