package recipes

import (
	"context"
	"errors"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/workloads"
)

// lockCheckThenDelete compares the token before it deletes the lock, but in two
// commands: between them the lock can expire and be granted to somebody else. The
// workload lock does both in a script.
func lockCheckThenDelete() workloads.Workload {
	return workloads.Workload{
		Name:   "lock-check-then-delete",
		About:  "SET NX PX with a token, released by GET, a comparison and DEL (incorrect: lock is right)",
		Checks: leaseChecks,
		New: func(o workloads.Options) workloads.Instance {
			return workloads.Locking(o, func(env workloads.Env) workloads.Client { return lockCheckThenDeleteClient{env, o.TTL} })
		},
	}
}

type lockCheckThenDeleteClient struct {
	env workloads.Env
	ttl time.Duration
}

func (c lockCheckThenDeleteClient) Do(ctx context.Context, op workloads.Op) (history.Value, error) {
	if op.F == "acquire" {
		return acquire(ctx, c.env, op, c.ttl)
	}
	r, key := c.env.Conn.Redis, c.env.Key(op)
	token, _ := op.Value.Text()
	holder, err := r.Get(ctx, key).Result()
	switch {
	case errors.Is(err, redis.Nil), err == nil && holder != token:
		return history.Bool(false), nil
	case err != nil:
		return history.Value{}, err
	}
	deleted, err := r.Del(ctx, key).Result()
	return released(op, deleted, err)
}
