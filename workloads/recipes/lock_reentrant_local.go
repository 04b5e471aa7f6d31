package recipes

import (
	"context"
	"time"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/workloads"
)

// lockReentrantLocal counts in the client how often it holds the lock, and asks
// Redis only the first time: that the lock has expired meanwhile, and is somebody
// else's, it does not notice. lockReentrant asks each time.
func lockReentrantLocal() workloads.Workload {
	return reentrant("lock-reentrant-local",
		"a lock that is acquired again by counting in the client (incorrect: lock-reentrant is right)",
		func(env workloads.Env, o workloads.Options) workloads.Client {
			return lockReentrantLocalClient{env, o.TTL, map[string]int{}}
		})
}

type lockReentrantLocalClient struct {
	env  workloads.Env
	ttl  time.Duration
	held map[string]int // how often, by key
}

func (c lockReentrantLocalClient) Do(ctx context.Context, op workloads.Op) (history.Value, error) {
	if op.F == "release" {
		return c.release(ctx, op)
	}
	if c.held[op.Key] > 0 {
		c.held[op.Key]++
		return op.Value, nil
	}
	result, err := acquire(ctx, c.env, op, c.ttl)
	if err == nil && result == op.Value {
		c.held[op.Key] = 1
	}
	return result, err
}

func (c lockReentrantLocalClient) release(ctx context.Context, op workloads.Op) (history.Value, error) {
	if c.held[op.Key] > 1 {
		c.held[op.Key]--
		return op.Value, nil
	}
	token, _ := op.Value.Text()
	deleted, err := compareAndDelete.Run(ctx, c.env.Conn.Redis, []string{c.env.Key(op)}, token).Int64()
	if err == nil {
		delete(c.held, op.Key)
	}
	return released(op, deleted, err)
}
