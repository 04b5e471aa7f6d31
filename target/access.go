package target

import (
	"context"
	"net"

	"github.com/redis/go-redis/v9"
)

// Access is how clients reach a target: which client of go-redis fits, and what
// it needs. It is the same for all clients of one place.
type Access struct {
	Client ClientKind
	// Dial opens a connection to an address that the servers or the Sentinels
	// told, or to one of Addrs.
	Dial func(ctx context.Context, addr string) (net.Conn, error)
	// Addrs are the addresses to begin with: the server's (Single), the Sentinels'
	// (Failover), some servers' (Cluster).
	Addrs []string
	// Master is what the Sentinels call the primary (Failover).
	Master string
	// Login is for the servers, SentinelLogin for the Sentinels.
	Login, SentinelLogin Login
	// DB is the database that clients select; a Cluster has none but 0.
	DB int
	// Shards returns the present shards' addresses by name, and a number that is
	// another one whenever they have changed (Ring). It is safe for concurrent use.
	Shards func() (addrs map[string]string, version int)
	// Hash spreads keys over shards; it gets the names of those that answer (Ring).
	Hash func(shards []string) redis.ConsistentHash
}

// ClientKind is a client of go-redis.
type ClientKind uint8

// Kinds of clients.
const (
	// Single is for one server.
	Single ClientKind = iota
	// Failover asks Sentinels which server is the primary.
	Failover
	// Cluster follows the slots of a Redis Cluster.
	Cluster
	// Ring spreads keys over servers that do not know each other.
	Ring
)
