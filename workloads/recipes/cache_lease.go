package recipes

import (
	"context"
	"errors"
	"strconv"

	"github.com/redis/go-redis/v9"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/workloads"
)

// cacheLease gives a reader that does not find a row in the cache a lease on
// filling it, which a writer takes away again (Nishtala et al., "Scaling Memcache
// at Facebook", NSDI 2013). Of several readers the last one has the lease.
func cacheLease() workloads.Workload {
	return caching("cache-lease",
		"a cache filled by readers who hold a lease on that, and cleared by writers, with the leases",
		func(env workloads.Env) workloads.Client { return cacheLeaseClient{env} })
}

type cacheLeaseClient struct{ env workloads.Env }

// lookUp returns what is cached at KEYS[1], or leaves the lease ARGV[1] at KEYS[2].
var lookUp = redis.NewScript(`
local cached = redis.call('GET', KEYS[1])
if not cached then
  redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
end
return cached`)

// fill caches ARGV[2] at KEYS[1], if the lease ARGV[1] is still at KEYS[2].
var fill = redis.NewScript(`
if redis.call('GET', KEYS[2]) ~= ARGV[1] then
  return 0
end
redis.call('DEL', KEYS[2])
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1`)

func (c cacheLeaseClient) Do(ctx context.Context, op workloads.Op) (history.Value, error) {
	r, key := c.env.Conn.Redis, c.env.Key(op)
	keys := []string{key, key + ":lease"}
	if op.F == "write" {
		if err := setRow(ctx, r, key, op.Value.String()); err != nil {
			return history.Value{}, err
		}
		return op.Value, r.Del(ctx, keys...).Err()
	}
	lease := strconv.FormatUint(c.env.Rand.Uint64(), 36)
	text, err := lookUp.Run(ctx, r, keys, lease, cacheTTL.Milliseconds()).Text()
	if err == nil {
		return content(text)
	}
	if !errors.Is(err, redis.Nil) {
		return history.Value{}, err
	}
	if text, err = row(ctx, r, key); err != nil {
		return history.Value{}, err
	}
	if err := fill.Run(ctx, r, keys, lease, text, cacheTTL.Milliseconds()).Err(); err != nil {
		return history.Value{}, err
	}
	return content(text)
}
