package workloads

import (
	"context"
	"net"
	"slices"

	"github.com/redis/go-redis/v9"

	"github.com/jepsen-lite/jepsen-lite/target"
)

// client makes go-redis' client for the target.
func (c *Conn) client() redis.UniversalClient {
	switch c.access.Client {
	case target.Failover:
		return c.failover()
	case target.Cluster:
		return c.cluster()
	case target.Ring:
		return c.ring()
	}
	addr := ""
	if len(c.access.Addrs) > 0 {
		addr = c.access.Addrs[0]
	}
	p := &peer{conn: c, dial: func(ctx context.Context, _ string) (net.Conn, error) { return c.access.Dial(ctx, addr) }}
	options := target.ClientOptions(addr, c.options.Timeout)
	options.Dialer, options.DB = p.open, c.access.DB
	options.Username, options.Password = c.access.Login.Username, c.access.Login.Password
	return hooked(redis.NewClient(options), commandHook{c}, p)
}

// toServer makes the client of one server among several.
func (c *Conn) toServer(o *redis.Options) *redis.Client {
	limit(o, target.ClientOptions("", c.options.Timeout))
	p := &peer{conn: c, dial: c.access.Dial}
	o.Dialer = p.open
	return hooked(redis.NewClient(o), p)
}

// hooked adds hooks, the outermost first.
func hooked[C redis.UniversalClient](client C, hooks ...redis.Hook) C {
	for _, h := range hooks {
		client.AddHook(h)
	}
	return client
}

// cluster makes a client that follows redirections, at most three of them for a
// command, as go-redis does by default. That is safe: a server that redirects has
// done nothing.
func (c *Conn) cluster() redis.UniversalClient {
	plain := target.ClientOptions("", c.options.Timeout)
	return hooked(redis.NewClusterClient(&redis.ClusterOptions{
		Addrs:        slices.Clone(c.access.Addrs),
		Username:     c.access.Login.Username,
		Password:     c.access.Login.Password,
		ReadOnly:     c.options.Replica,
		ReadTimeout:  plain.ReadTimeout,
		WriteTimeout: plain.WriteTimeout,
		// Commands are of one slot each.
		DisableRoutingPolicies: true,
		NewClient:              c.toServer,
	}), commandHook{c})
}

// limit gives a client that go-redis makes for one server the limits of ours.
func limit(o, plain *redis.Options) {
	o.MaxRetries, o.DialerRetries = plain.MaxRetries, plain.DialerRetries
	o.DialTimeout, o.ReadTimeout, o.WriteTimeout = plain.DialTimeout, plain.ReadTimeout, plain.WriteTimeout
	o.PoolTimeout, o.PoolSize, o.PipelinePoolSize = plain.PoolTimeout, plain.PoolSize, plain.PipelinePoolSize
	o.ConnMaxIdleTime, o.MaintNotificationsConfig = plain.ConnMaxIdleTime, plain.MaintNotificationsConfig
	o.DisableIdentity = true
}

// failover makes a client that asks the Sentinels for the primary, or for any
// replica, whenever it dials.
func (c *Conn) failover() redis.UniversalClient {
	plain := target.ClientOptions("", c.options.Timeout)
	p := &peer{conn: c, dial: c.access.Dial}
	client := redis.NewFailoverClient(&redis.FailoverOptions{
		MasterName:    c.access.Master,
		SentinelAddrs: slices.Clone(c.access.Addrs),
		ReplicaOnly:   c.options.Replica,
		Username:      c.access.Login.Username, Password: c.access.Login.Password, DB: c.access.DB,
		SentinelUsername: c.access.SentinelLogin.Username, SentinelPassword: c.access.SentinelLogin.Password,
		Dialer: func(ctx context.Context, network, addr string) (net.Conn, error) {
			if slices.Contains(c.access.Addrs, addr) {
				return c.access.Dial(ctx, addr)
			}
			return p.open(ctx, network, addr)
		},
		MaxRetries: plain.MaxRetries, DialerRetries: plain.DialerRetries,
		DialTimeout: plain.DialTimeout, ReadTimeout: plain.ReadTimeout, WriteTimeout: plain.WriteTimeout,
		PoolTimeout: plain.PoolTimeout, PoolSize: plain.PoolSize, PipelinePoolSize: plain.PipelinePoolSize,
		ConnMaxIdleTime: plain.ConnMaxIdleTime, DisableIdentity: true,
	})
	return hooked(client, commandHook{c}, p)
}

// ring makes a client that spreads keys over the shards.
func (c *Conn) ring() redis.UniversalClient {
	plain := target.ClientOptions("", c.options.Timeout)
	addrs, version := c.access.Shards()
	c.version = version
	return hooked(redis.NewRing(&redis.RingOptions{
		Addrs:             addrs,
		NewConsistentHash: func(shards []string) redis.ConsistentHash { return c.access.Hash(shards) },
		MaxRetries:        -1,
		ReadTimeout:       plain.ReadTimeout,
		WriteTimeout:      plain.WriteTimeout,
		NewClient:         c.toServer,
	}), commandHook{c})
}

// followShards tells the ring about shards that have come or gone.
func (c *Conn) followShards() {
	ring, ok := c.Redis.(*redis.Ring)
	if !ok {
		return
	}
	if addrs, version := c.access.Shards(); version != c.version {
		c.version = version
		ring.SetAddrs(addrs)
	}
}
