package topology

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jepsen-lite/jepsen-lite/target"
)

// HasReplicas implements [target.Failoverer].
func (t *Target) HasReplicas() bool {
	return (t.config.Kind == Replicated || t.config.Kind == Cluster) && t.config.Replicas > 0
}

// Spares implements [target.Resharder].
func (t *Target) Spares() int { return t.config.Spares }

// HasSlots implements [target.SlotMover].
func (t *Target) HasSlots() bool { return t.config.Kind == Cluster }

// LooksAtHosts implements [target.Renamer].
func (t *Target) LooksAtHosts() bool { return t.config.Kind == Sharded && t.config.Hash == Host }

// ScaleOut implements [target.Resharder].
func (t *Target) ScaleOut(ctx context.Context) (node string, done bool, err error) {
	switch s := t.shape.(type) {
	case *cluster:
		return s.scaleOut(ctx)
	case *sharded:
		name, done := s.scaleOut()
		return name, done, nil
	}
	return "", false, fmt.Errorf("scale out: the topology %s has no shards", t.config.Kind)
}

// scaleOut tells the clients of a spare. Nothing is moved to it: that is how it is
// with servers that know nothing of each other.
func (s *sharded) scaleOut() (name string, done bool) {
	s.shards.change(func(addrs, hosts map[string]string) {
		for _, m := range s.members {
			if addrs[m.spec.Name] == "" {
				name, done = m.spec.Name, true
				addrs[name], hosts[name] = m.front.Addr(), name+".here"
				return
			}
		}
	})
	return name, done
}

// Rename implements [target.Renamer]: clients that choose servers by their host
// names will choose others.
func (t *Target) Rename(_ context.Context, node string) (done bool, err error) {
	if t.config.Kind != Sharded {
		return false, fmt.Errorf("rename %s: no client looks at host names in the topology %s", node, t.config.Kind)
	}
	t.shards.change(func(_, hosts map[string]string) {
		if hosts[node] != "" {
			hosts[node] += ".moved"
			done = true
		}
	})
	return done, nil
}

// scaleOut gives the first primary without slots as many as the others then have.
func (c *cluster) scaleOut(ctx context.Context) (string, bool, error) {
	all, err := c.nodes(ctx, c.members[0])
	if err != nil {
		return "", false, err
	}
	var spare *member
	var donors []*member
	for _, k := range all {
		m := c.at(k.addr)
		switch {
		case m == nil || !strings.Contains(k.flags, "master"):
		case len(k.slots) > 0:
			donors = append(donors, m)
		case spare == nil:
			spare = m
		}
	}
	if spare == nil {
		return "", false, nil
	}
	share := slots / (len(donors) + 1)
	moved := 0
	for _, from := range donors {
		n, moveErr := c.MoveSlots(ctx, from.spec.Name, spare.spec.Name, share/len(donors))
		err = errors.Join(err, moveErr)
		moved += n
	}
	return spare.spec.Name, moved > 0, err
}

var (
	_ target.Roler      = (*Target)(nil)
	_ target.Failoverer = (*Target)(nil)
	_ target.Resharder  = (*Target)(nil)
	_ target.Renamer    = (*Target)(nil)
	_ target.SlotMover  = (*Target)(nil)
)
