package workloads

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// lockFenced numbers its grants in the script that grants them, and protects a
// resource that refuses a number older than one it has seen.
func lockFenced() Workload {
	return Workload{
		Name:  "lock-fenced",
		About: "a lock whose grants are numbered by INCR in one script, and a resource that rejects old numbers",
		Checks: func(o Options) []string {
			return []string{"fencing", fmt.Sprintf("linearizable(lease(%s))", o.TTL), "stats"}
		},
		New: func(o Options) Instance {
			shared := &resource{newest: map[string]int64{}}
			return Instance{
				Generator: func(lane Lane) Generator { return &lockGenerator{lane: lane, hold: o.hold(), works: true} },
				Client:    func(env Env) Client { return lockFencedClient{env, o.TTL, shared} },
				Script:    newLockScript(false),
				Shared:    true,
			}
		},
	}
}

// resource is what the lock protects. It stands outside Redis, as a storage
// service would, and no fault touches it.
type resource struct {
	mu     sync.Mutex
	newest map[string]int64
}

// accept takes a write with that token unless it has seen a newer one.
func (r *resource) accept(key string, token int64) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if token < r.newest[key] {
		return false
	}
	r.newest[key] = token
	return true
}

type lockFencedClient struct {
	env      Env
	ttl      time.Duration
	resource *resource
}

// grantNumbered returns 1 and a new number, or 0 and the number of the holder.
var grantNumbered = redis.NewScript(`
local holder = redis.call('GET', KEYS[1])
if holder then
  return {0, tonumber(holder)}
end
local number = redis.call('INCR', KEYS[2])
redis.call('SET', KEYS[1], number, 'PX', ARGV[1])
return {1, number}`)

func (c lockFencedClient) Do(ctx context.Context, op Op) (history.Value, error) {
	r, key := c.env.Conn.Redis, c.env.Key(op)
	switch op.F {
	case "write":
		token, _ := op.Value.Int()
		if !c.resource.accept(op.Key, token) {
			return history.Value{}, &Refusal{Word: "stale-token"}
		}
		return op.Value, nil
	case "release":
		deleted, err := compareAndDelete.Run(ctx, r, []string{key}, op.Value.String()).Int()
		if err == nil && deleted == 0 {
			return history.Bool(false), nil
		}
		return op.Value, err
	}
	reply, err := grantNumbered.Run(ctx, r, []string{key, key + ":fence"}, c.ttl.Milliseconds()).Int64Slice()
	if err != nil {
		return history.Value{}, err
	}
	number := history.Int(reply[1])
	if reply[0] == 0 {
		return history.Object("held_by", number), nil
	}
	return number, nil
}
