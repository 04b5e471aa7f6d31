package recipes

import (
	"context"
	"errors"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/workloads"
)

// lockReentrant counts in the client how often it holds the lock, but each time
// asks Redis whether it still does, and begins the time to live anew.
func lockReentrant() workloads.Workload {
	return reentrant("lock-reentrant",
		"a lock that is acquired again by comparing the token and extending the time to live in a script",
		func(env workloads.Env, o workloads.Options) workloads.Client {
			return lockReentrantClient{env, o.TTL, map[string]int{}}
		})
}

type lockReentrantClient struct {
	env  workloads.Env
	ttl  time.Duration
	held map[string]int // how often, by key
}

// compareAndExtend begins the time to live of the key anew if it has the value.
// It returns the value that the key has.
var compareAndExtend = redis.NewScript(`
local holder = redis.call('GET', KEYS[1])
if holder == ARGV[1] then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return holder`)

func (c lockReentrantClient) Do(ctx context.Context, op workloads.Op) (history.Value, error) {
	switch {
	case op.F == "release":
		return c.release(ctx, op)
	case c.held[op.Key] > 0:
		return c.again(ctx, op)
	}
	result, err := acquire(ctx, c.env, op, c.ttl)
	if err == nil && result == op.Value {
		c.held[op.Key] = 1
	}
	return result, err
}

// again acquires a lock that this process believes it holds.
func (c lockReentrantClient) again(ctx context.Context, op workloads.Op) (history.Value, error) {
	holder, err := c.extend(ctx, op)
	switch {
	case err != nil:
		return history.Value{}, err
	case holder == op.Value:
		c.held[op.Key]++
		return op.Value, nil
	}
	delete(c.held, op.Key)
	if holder.IsNull() {
		return history.Value{}, &workloads.Refusal{Word: "lost"}
	}
	return history.Object("held_by", holder), nil
}

func (c lockReentrantClient) release(ctx context.Context, op workloads.Op) (history.Value, error) {
	if c.held[op.Key] > 1 {
		holder, err := c.extend(ctx, op)
		switch {
		case err != nil:
			return history.Value{}, err
		case holder == op.Value:
			c.held[op.Key]--
			return op.Value, nil
		}
		delete(c.held, op.Key)
		return history.Bool(false), nil
	}
	token, _ := op.Value.Text()
	deleted, err := compareAndDelete.Run(ctx, c.env.Conn.Redis, []string{c.env.Key(op)}, token).Int64()
	if err == nil {
		delete(c.held, op.Key)
	}
	return released(op, deleted, err)
}

// extend returns who holds the lock, or null.
func (c lockReentrantClient) extend(ctx context.Context, op workloads.Op) (history.Value, error) {
	token, _ := op.Value.Text()
	holder, err := compareAndExtend.Run(ctx, c.env.Conn.Redis, []string{c.env.Key(op)}, token, c.ttl.Milliseconds()).Text()
	if errors.Is(err, redis.Nil) {
		return history.NullValue, nil
	}
	return history.Str(holder), err
}
