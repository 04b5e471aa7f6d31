package external

import (
	"context"
	"errors"
	"fmt"

	"github.com/redis/go-redis/v9"

	"github.com/jepsen-lite/jepsen-lite/target"
)

// identity is what a server says it is: by HELLO, which everybody may send once
// they have authenticated (Redis 7.0, acl.c, ACLSelectorCheckCmd; commands/hello.json,
// no_auth), or by INFO where there is no HELLO, before Redis 6. What nobody tells
// is empty.
type identity struct {
	server, version string // redis, 7.0.15
	mode            string // standalone, cluster, sentinel
	replica         bool
}

func (i identity) String() string {
	if i.version == "" {
		return "a server that does not tell its version"
	}
	return i.server + " " + i.version
}

// identify asks a server what it is.
func identify(ctx context.Context, client *redis.Client) (identity, error) {
	reply, err := client.Do(ctx, "HELLO").Slice()
	var refused redis.Error
	switch {
	case err == nil:
		return parseHello(reply), nil
	case errors.As(err, &refused) && isUnknown(refused):
		return identifyByInfo(ctx, client)
	}
	return identity{}, err
}

// parseHello reads names and values in turn. See
// https://redis.io/docs/latest/commands/hello/.
func parseHello(reply []any) identity {
	fields := map[string]string{}
	for i := 0; i+1 < len(reply); i += 2 {
		fields[fmt.Sprint(reply[i])] = fmt.Sprint(reply[i+1])
	}
	return identity{
		server: fields["server"], version: fields["version"], mode: fields["mode"],
		replica: fields["role"] == "replica" || fields["role"] == "slave",
	}
}

// identifyByInfo is for servers without HELLO. One that does not let us ask stays
// unknown; whether it answers at all, PING has to tell.
func identifyByInfo(ctx context.Context, client *redis.Client) (identity, error) {
	server, err := target.Info(ctx, client, "server")
	if isDenied(err) {
		return identity{}, nil
	} else if err != nil {
		return identity{}, err
	}
	replication, err := target.Info(ctx, client, "replication")
	if err != nil {
		return identity{}, err
	}
	return identity{"redis", server["redis_version"], target.Mode(server), replication["role"] == "slave"}, nil
}

// fits returns why a server is none that the URL speaks of, or nil.
func (i identity) fits(a Address, addr string) error {
	switch {
	case i.mode == "sentinel" && a.client != target.Failover:
		return asked("%s is a Sentinel: write redis+sentinel:// in place of redis://, and ?master_name=NAME", addr)
	case i.mode == "cluster" && a.client != target.Cluster:
		return asked("%s belongs to a Redis Cluster: write redis+cluster:// in place of redis://", addr)
	case i.mode != "sentinel" && i.mode != "" && a.client == target.Failover:
		return asked("%s is no Sentinel: write redis:// in place of redis+sentinel:// for a server by itself", addr)
	case i.mode == "standalone" && a.client == target.Cluster:
		return asked("%s belongs to no Redis Cluster: write redis:// in place of redis+cluster://", addr)
	case i.replica && a.client == target.Single:
		return asked("%s is a replica, which takes no writes: name its primary, or the Sentinels that know it (redis+sentinel://)", addr)
	}
	return nil
}
