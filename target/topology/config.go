package topology

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Kinds of topologies.
const (
	Standalone = "standalone"
	Replicated = "replicated"
	Cluster    = "cluster"
	Sharded    = "sharded"
)

// Kinds lists the names of all topologies with what each is.
func Kinds() [][2]string {
	return [][2]string{
		{Standalone, "one server"},
		{Replicated, "a primary, its replicas and three Sentinels"},
		{Cluster, "a Redis Cluster: primaries with a replica each"},
		{Sharded, "servers that know nothing of each other; the clients choose by the key"},
	}
}

// Config says how servers are arranged.
type Config struct {
	// Kind is a name from [Kinds]. Empty: Standalone.
	Kind string
	// Replicas of each primary, of Replicated and Cluster. Zero: 2 and 1.
	Replicas int
	// Shards is the number of primaries of Cluster and Sharded. Zero: 3.
	Shards int
	// Spares are primaries that run beside those and have no keys until they are
	// given some, of Cluster and Sharded.
	Spares int
	// Hash is how clients choose among the shards of Sharded; see [Hashes].
	Hash string
	// DownAfter is after how long a silent server counts as down for Sentinels
	// and in a cluster. Zero: two seconds.
	DownAfter time.Duration
	// MinReplicas is how many replicas must follow a primary for it to accept
	// writes (min-replicas-to-write), of Replicated. Zero: none.
	MinReplicas int
	// Seed decides which of several replicas takes over when one is told to.
	Seed uint64
}

// sentinels is how many Sentinels watch a primary, and quorum how many of them
// have to agree that it is down.
const sentinels, quorum = 3, 2

// Complete returns the configuration with defaults filled in, or what is wrong with
// it.
func (c Config) Complete() (Config, error) {
	set := func(field *int, value int) {
		if *field == 0 {
			*field = value
		}
	}
	switch c.Kind {
	case "":
		c.Kind = Standalone
	case Standalone:
	case Replicated:
		set(&c.Replicas, 2)
	case Cluster:
		set(&c.Shards, 3)
		set(&c.Replicas, 1)
	case Sharded:
		set(&c.Shards, 3)
		if c.Hash == "" {
			c.Hash = Consistent
		}
	default:
		return c, fmt.Errorf("unknown topology %q: expected %s", c.Kind, names(Kinds()))
	}
	if c.DownAfter == 0 {
		c.DownAfter = 2 * time.Second
	}
	return c, c.check()
}

func (c Config) check() error {
	limits := func(what string, value, low, high int) error {
		if value < low || value > high {
			return fmt.Errorf("%d %s: expected %d to %d", value, what, low, high)
		}
		return nil
	}
	switch {
	case c.Kind != Sharded && c.Hash != "":
		return fmt.Errorf("a hash is for the topology %s: leave it out", Sharded)
	case c.Hash != "" && !slices.ContainsFunc(Hashes(), func(h [2]string) bool { return h[0] == c.Hash }):
		return fmt.Errorf("unknown hash %q: expected %s", c.Hash, names(Hashes()))
	case c.DownAfter < 100*time.Millisecond:
		return fmt.Errorf("servers are to count as down after %v: expected at least 100ms", c.DownAfter)
	case c.Spares != 0 && c.Kind != Cluster && c.Kind != Sharded:
		return fmt.Errorf("spare servers are for the topologies %s and %s: leave them out", Cluster, Sharded)
	case c.Spares < 0 || c.Spares > 3:
		return limits("spare servers", c.Spares, 0, 3)
	case c.MinReplicas != 0 && c.Kind != Replicated:
		return fmt.Errorf("a least number of replicas is for the topology %s: leave it out", Replicated)
	case c.Kind == Replicated:
		if err := limits("replicas to write", c.MinReplicas, 0, c.Replicas); err != nil {
			return err
		}
		return limits("replicas", c.Replicas, 1, 8)
	case c.Kind == Cluster:
		if err := limits("primaries of a cluster", c.Shards, 3, 12); err != nil {
			return err
		}
		return limits("replicas of each primary", c.Replicas, 0, 3)
	case c.Kind == Sharded:
		return limits("shards", c.Shards, 1, 12)
	}
	return nil
}

func names(table [][2]string) string {
	var all []string
	for _, row := range table {
		all = append(all, row[0])
	}
	last := len(all) - 1
	return strings.Join(all[:last], ", ") + " or " + all[last]
}
