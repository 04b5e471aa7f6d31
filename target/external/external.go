package external

import (
	"context"
	"fmt"
	"maps"

	"github.com/redis/go-redis/v9"

	"github.com/jepsen-lite/jepsen-lite/target"
)

// Target is servers that run already. It implements [target.Target] and
// [target.Roler].
type Target struct {
	address Address
	who     identity
	nodes   []target.Node
	roles   map[string]target.Role // as last told
	prefix  string
	// written: clients may have written below the prefix.
	written bool
	ways    *ways
}

// Open asks the servers who they are, and returns a target of them. It refuses
// servers that the URL does not fit, and servers that hold keys unless those may
// be written to, both with an *[AskedError]. Nothing is written. The caller must
// Close the target, and then Clean it.
func Open(ctx context.Context, c Config) (*Target, error) {
	address, err := c.complete()
	if err != nil {
		return nil, err
	}
	t := &Target{address: address, roles: map[string]target.Role{}}
	if err := t.identify(ctx); err != nil {
		return nil, err
	}
	now, err := address.members(ctx)
	if err != nil {
		return nil, err
	}
	t.enrol(now)
	if err := t.answers(ctx, now); err != nil {
		return nil, err
	}
	if err := t.mayWrite(ctx, now, c.AllowWrites); err != nil {
		return nil, err
	}
	t.prefix, t.ways = newPrefix(c.Seed), newWays(c.Seed, t.nodes)
	return t, nil
}

// identify asks the first seed that answers what it is, and wants it to fit.
func (t *Target) identify(ctx context.Context) error {
	question := t.address.server
	if t.address.client == target.Failover {
		question = t.address.sentinel
	}
	_, err := firstAnswer(t.address.seeds, func(addr string) (who identity, err error) {
		err = question(ctx, addr, func(ctx context.Context, c *redis.Client) (err error) {
			who, err = identify(ctx, c)
			return err
		})
		if err == nil {
			t.who, err = who, who.fits(t.address, addr)
		}
		return who, err
	})
	return err
}

// enrol makes a node of each server: n1, n2, … and s1, s2, ….
func (t *Target) enrol(m members) {
	for _, group := range []struct {
		addrs []string
		named string
	}{{append(append([]string(nil), m.primaries...), m.replicas...), "n"}, {m.sentinels, "s"}} {
		for i, addr := range group.addrs {
			n := &Node{fmt.Sprint(group.named, i+1), addr}
			t.nodes = append(t.nodes, n)
			t.roles[n.name], _ = m.role(addr)
		}
	}
}

// answers wants each primary to take commands, and tells what it is if that is not
// known yet.
func (t *Target) answers(ctx context.Context, m members) error {
	if len(m.primaries) == 0 {
		return fmt.Errorf("no primary answers at %s", t.address)
	}
	for _, addr := range m.primaries {
		err := t.address.server(ctx, addr, func(ctx context.Context, c *redis.Client) error {
			if err := c.Ping(ctx).Err(); err != nil {
				return err
			}
			who, err := identify(ctx, c)
			t.who = who
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// mayWrite refuses servers that hold keys, or do not tell, unless they may be
// written to.
func (t *Target) mayWrite(ctx context.Context, m members, allowed bool) error {
	if allowed {
		return nil
	}
	const allow = "a run writes and deletes keys of its own there; if that may be, add --allow-writes"
	for _, addr := range m.primaries {
		var keys int64
		err := t.address.server(ctx, addr, func(ctx context.Context, c *redis.Client) (err error) {
			keys, err = c.DBSize(ctx).Result()
			return err
		})
		switch {
		case isDenied(err):
			return asked("%s does not say whether it holds keys (DBSIZE): %s", addr, allow)
		case err != nil:
			return err
		case keys > 0:
			return asked("%s holds %d keys that are not ours: %s", addr, keys, allow)
		}
	}
	return nil
}

// Version says what the servers are: "redis 7.0.15, cluster".
func (t *Target) Version() string {
	if t.address.client == target.Single {
		return t.who.String()
	}
	return t.who.String() + ", " + t.address.Topology()
}

// Prefix is what every key of the run begins with. It ends before the name of
// what a key is for.
func (t *Target) Prefix() string { return t.prefix }

// Nodes returns the servers as they were when the target was opened.
func (t *Target) Nodes() []target.Node { return t.nodes }

// Start wants the prefix to be unused. From then on the keys below it are ours.
func (t *Target) Start(ctx context.Context) error {
	used, err := t.address.scan(ctx, t.prefix+"*", nil)
	if err != nil {
		return fmt.Errorf("look for keys of our prefix: %w", err)
	}
	if used > 0 {
		return fmt.Errorf("%d keys begin with %s, which was to be our own: try another --seed", used, t.prefix)
	}
	t.written = true
	return nil
}

// Roles implements [target.Roler].
func (t *Target) Roles(ctx context.Context) (map[string]target.Role, error) {
	now, err := t.address.members(ctx)
	if err != nil {
		return nil, err
	}
	roles := map[string]target.Role{}
	for _, n := range t.nodes {
		if role, known := now.role(n.Addr()); known {
			t.roles[n.Name()] = role
		}
		roles[n.Name()] = t.roles[n.Name()]
	}
	return roles, nil
}

// PlannedRoles implements [target.RolePlanner]: they are what they were last told to
// be.
func (t *Target) PlannedRoles() map[string]target.Role { return maps.Clone(t.roles) }

// Settle waits until every primary answers, which may be others by then.
func (t *Target) Settle(ctx context.Context) error {
	for {
		now, err := t.address.members(ctx)
		if err == nil {
			err = t.answers(ctx, now)
		}
		if err == nil {
			return nil
		}
		if !target.Wall().Sleep(ctx, settlePause) {
			return fmt.Errorf("wait for %s: %w (%w)", t.address, ctx.Err(), err)
		}
	}
}

// Close ends all connections of clients, and their network. The servers go on. It
// leaves the keys to Clean. Closing twice does nothing.
func (t *Target) Close() error { return t.ways.close() }

// Node is a server that is not ours: nothing can be done to it.
type Node struct{ name, addr string }

// Name implements [target.Node].
func (n *Node) Name() string { return n.name }

// Addr implements [target.Node].
func (n *Node) Addr() string { return n.addr }

// Start reports false: a server that is not ours is not ours to start.
func (n *Node) Start(context.Context) (bool, error) { return false, nil }

// Running reports true: what runs and what does not is not ours to say.
func (n *Node) Running() bool { return true }
