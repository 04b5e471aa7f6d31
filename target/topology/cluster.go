package topology

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/jepsen-lite/jepsen-lite/target"
)

// cluster is a Redis Cluster. See
// https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/.
//
// Its first members are primaries, then come their replicas, in turn one of each
// primary, then spares.
type cluster struct{ *Target }

// slots is how many a cluster has.
const slots = 16384

func (c *cluster) lines(m *member) []string {
	host, port := m.announced()
	return append(outgoing(m),
		"cluster-enabled yes",
		"cluster-config-file nodes.conf",
		fmt.Sprintf("cluster-node-timeout %d", c.config.DownAfter.Milliseconds()),
		"cluster-announce-ip "+host,
		"cluster-announce-port "+port,
		"cluster-announce-bus-port "+m.busPort(),
		"repl-diskless-sync-delay 0",
		"repl-ping-replica-period 1",
	)
}

// unite makes a cluster of servers that know nothing of each other. Where they
// know each other from an earlier run, it leaves them as they are.
func (c *cluster) unite(ctx context.Context) error {
	known, err := c.nodes(ctx, c.members[0])
	if err != nil || len(known) > 1 {
		return err
	}
	for i, m := range c.members[:c.config.Shards] {
		from, to := i*slots/c.config.Shards, (i+1)*slots/c.config.Shards-1
		// Epochs that differ from the start: else the first failover waits until the
		// primaries have settled who is the younger (cluster-spec, configEpoch).
		if _, err := m.ask(ctx, []any{"CLUSTER", "SET-CONFIG-EPOCH", i + 1}, []any{"CLUSTER", "ADDSLOTSRANGE", from, to}); err != nil {
			return err
		}
	}
	for _, m := range c.members[1:] {
		if err := c.meet(ctx, m); err != nil {
			return err
		}
	}
	for i, m := range c.members[c.config.Shards : c.config.Shards*(1+c.config.Replicas)] {
		if err := c.replicate(ctx, m, c.members[i%c.config.Shards]); err != nil {
			return err
		}
	}
	return nil
}

// meet makes the first member know another one.
func (c *cluster) meet(ctx context.Context, m *member) error {
	host, port := m.announced()
	_, err := c.members[0].ask(ctx, []any{"CLUSTER", "MEET", host, port, m.busPort()})
	return err
}

// replicate makes a member the replica of another, once it has heard of it.
func (c *cluster) replicate(ctx context.Context, m, primary *member) error {
	id, err := primary.ask(ctx, []any{"CLUSTER", "MYID"})
	if err != nil {
		return err
	}
	for {
		_, err := m.ask(ctx, []any{"CLUSTER", "REPLICATE", id})
		if err == nil || !strings.Contains(err.Error(), "Unknown node") {
			return err
		}
		if !target.Wall().Sleep(ctx, 10*time.Millisecond) {
			return errors.Join(ctx.Err(), err)
		}
	}
}

// settled asks every member, as each has a mind of its own, also of who is whose
// replica.
func (c *cluster) settled(ctx context.Context) error {
	primaries := 0
	for _, m := range c.members {
		replica, err := c.linked(ctx, m)
		if err != nil {
			return err
		}
		if !replica {
			primaries++
		}
	}
	for _, m := range c.members {
		if err := c.content(ctx, m, primaries); err != nil {
			return err
		}
	}
	return nil
}

// linked reports whether a member is a replica; it is an error if that one has no
// link to its primary.
func (c *cluster) linked(ctx context.Context, m *member) (replica bool, err error) {
	info, err := m.info(ctx, "replication")
	if err != nil {
		return false, err
	}
	if replica = info["role"] == "slave"; replica && info["master_link_status"] != "up" {
		return true, fmt.Errorf("%s, a replica, has no link to its primary", m.spec.Name)
	}
	return replica, nil
}

// content returns what a member misses in the cluster as it sees it, which has so
// many primaries.
func (c *cluster) content(ctx context.Context, m *member, primaries int) error {
	state, err := m.ask(ctx, []any{"CLUSTER", "INFO"})
	if err != nil {
		return err
	}
	if text, _ := state.(string); !strings.Contains(text, "cluster_state:ok") {
		return fmt.Errorf("%s does not say that the cluster is ok", m.spec.Name)
	}
	all, err := c.nodes(ctx, m)
	if err != nil {
		return err
	}
	if len(all) != len(c.members) {
		return fmt.Errorf("%s knows %d of %d servers", m.spec.Name, len(all), len(c.members))
	}
	seen := 0
	for _, n := range all {
		if n.fails() {
			return fmt.Errorf("%s holds %s for down", m.spec.Name, n.addr)
		}
		if strings.Contains(n.flags, "master") {
			seen++
		}
	}
	if seen != primaries {
		return fmt.Errorf("%s knows of %d primaries, and there are %d", m.spec.Name, seen, primaries)
	}
	return nil
}

// known is a line of CLUSTER NODES: what one member thinks of another.
type known struct {
	id, addr, flags, primary string
	self                     bool
	slots                    []string
}

func (k known) fails() bool {
	return strings.Contains(k.flags, "fail") || strings.Contains(k.flags, "handshake")
}

// nodes returns what a member knows of all, itself among them.
func (c *cluster) nodes(ctx context.Context, m *member) ([]known, error) {
	reply, err := m.ask(ctx, []any{"CLUSTER", "NODES"})
	if err != nil {
		return nil, err
	}
	text, _ := reply.(string)
	return parseNodes(text)
}

// parseNodes reads CLUSTER NODES. See
// https://redis.io/docs/latest/commands/cluster-nodes/.
func parseNodes(text string) ([]known, error) {
	var all []known
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		if len(words) < 8 {
			return nil, fmt.Errorf("read CLUSTER NODES: %d words in %q: expected at least 8", len(words), strings.TrimSpace(line))
		}
		addr, _, _ := strings.Cut(words[1], "@")
		if _, _, err := net.SplitHostPort(addr); err != nil {
			return nil, fmt.Errorf("read CLUSTER NODES: %w", err)
		}
		all = append(all, known{
			id: words[0], addr: addr, flags: words[2], primary: words[3],
			self: strings.Contains(words[2], "myself"), slots: words[8:],
		})
	}
	return all, nil
}

// roles tells what each member says of itself.
func (c *cluster) roles(ctx context.Context) (map[string]target.Role, error) {
	roles := map[string]target.Role{}
	var silent error
	answers := 0
	for _, m := range c.members {
		info, err := m.info(ctx, "replication")
		switch {
		case err != nil:
			silent = err
		case info["role"] == "master":
			m.role = target.Primary
			answers++
		default:
			m.role = target.Replica
			answers++
		}
		roles[m.spec.Name] = m.role
	}
	if answers == 0 {
		return nil, silent
	}
	if silent != nil {
		c.demote(ctx, roles)
	}
	return roles, nil
}

// demote makes replicas of primaries whose slots others have taken, as some server
// knows: one that is down cannot tell.
func (c *cluster) demote(ctx context.Context, roles map[string]target.Role) {
	for _, m := range c.members {
		all, err := c.nodes(ctx, m)
		if err != nil {
			continue
		}
		for _, k := range all {
			if of := c.at(k.addr); of != nil && k.fails() && len(k.slots) == 0 {
				roles[of.spec.Name] = target.Replica
			}
		}
		return
	}
}

func (c *cluster) access() target.Access {
	return target.Access{Client: target.Cluster, Addrs: c.fronts(isServer)}
}
