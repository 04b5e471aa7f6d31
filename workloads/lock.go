package workloads

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// defaultHold is how long a lock is kept at most, unless told otherwise.
const defaultHold = 10 * time.Millisecond

func (o Options) hold() time.Duration {
	if o.Hold > 0 {
		return o.Hold
	}
	return defaultHold
}

// lock is the lock that Redis' own documentation describes: SET NX PX with a
// token of its own, released by a script that compares the token first. See
// https://redis.io/docs/latest/commands/set/ ("Patterns"). The option GET (with
// NX since Redis 7.0) tells who holds it when it is refused.
func lock() Workload {
	return Workload{
		Name:  "lock",
		About: "SET NX PX with a token, released by compare-and-delete (needs Redis 7)",
		Checks: func(o Options) []string {
			return []string{"linearizable(mutex)", fmt.Sprintf("linearizable(lease(%s))", o.TTL), "exclusion", "stats"}
		},
		New: func(o Options) Instance {
			return Instance{
				Generator: func(lane Lane) Generator {
					return &lockGenerator{lane: lane, hold: o.hold(), tokens: true, abandons: true}
				},
				Client: func(env Env) Client { return &lockClient{env: env, ttl: o.TTL} },
				Script: newLockScript(true),
			}
		},
	}
}

// lockClient remembers which locks this process was granted: its release of one
// ends what it believes, even if the lock was gone.
type lockClient struct {
	env  Env
	ttl  time.Duration
	mine history.Value
}

// compareAndDelete returns 1 if the key had the value, and deleted it.
var compareAndDelete = redis.NewScript(`
if redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('DEL', KEYS[1])
end
return 0`)

func (c *lockClient) Do(ctx context.Context, op Op) (history.Value, error) {
	r, key := c.env.Conn.Redis, c.env.Key(op)
	token, _ := op.Value.Text()
	if op.F == "release" {
		return c.release(ctx, op, token)
	}
	holder, err := r.SetArgs(ctx, key, token, redis.SetArgs{Mode: "NX", Get: true, TTL: c.ttl}).Result()
	switch {
	case errors.Is(err, redis.Nil): // there was no value before: granted
		c.mine = op.Value
		return op.Value, nil
	case err != nil:
		return history.Value{}, err
	}
	return history.Object("held_by", history.Str(holder)), nil
}

func (c *lockClient) release(ctx context.Context, op Op, token string) (history.Value, error) {
	deleted, err := compareAndDelete.Run(ctx, c.env.Conn.Redis, []string{c.env.Key(op)}, token).Int()
	switch {
	case err != nil:
		return history.Value{}, err
	case deleted == 1:
		return op.Value, nil
	case c.mine == op.Value:
		return history.Bool(false), nil
	}
	return history.Value{}, &Refusal{Word: "not-held"}
}
