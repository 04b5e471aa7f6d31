package harness

import (
	"errors"
	"fmt"

	"github.com/jepsen-lite/jepsen-lite/target/topology"
)

// Where clients read.
const (
	readPrimary  = "primary"
	readReplicas = "replica"
)

// topology returns how the servers of the run stand together.
func (c Config) topology() topology.Config {
	return topology.Config{
		Kind: c.Topology, Replicas: c.Replicas, Shards: c.Shards, Spares: c.Spares, Hash: c.Hash,
		DownAfter: c.DownAfter, MinReplicas: c.MinReplicas, Seed: c.Seed,
	}
}

// checkTopology returns what is wrong with the topology, or with what depends on it.
func (c Config) checkTopology() error {
	t, err := c.topology().Complete()
	if err != nil {
		return err
	}
	hasReplicas := t.Kind == topology.Replicated || t.Kind == topology.Cluster
	switch {
	case c.Target == simTarget && t.Kind != topology.Standalone:
		return fmt.Errorf("the target sim has one server: leave --topology %s out, or use --target process", t.Kind)
	case c.Reads != "" && c.Reads != readPrimary && c.Reads != readReplicas:
		return fmt.Errorf("--reads %q: expected primary or replica", c.Reads)
	case c.Reads == readReplicas && !hasReplicas:
		return errors.New("--reads replica: there are no replicas; try --topology replicated or cluster")
	case c.Wait < 0:
		return errors.New("--wait must not be negative (0 means that nobody waits for replicas)")
	case c.isExternal(): // how many replicas there are, WAIT tells
	case c.Wait > 0 && !hasReplicas:
		return errors.New("--wait: there are no replicas; try --topology replicated or cluster")
	case c.Wait > t.Replicas:
		return fmt.Errorf("--wait %d: there are only %d replicas; try --replicas %d", c.Wait, t.Replicas, c.Wait)
	}
	return nil
}
