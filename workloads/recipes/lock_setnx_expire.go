package recipes

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/workloads"
)

// lockSetNXExpire takes the lock with SETNX and gives it a time to live with a
// command of its own: a client that dies between the two leaves a lock that nobody
// can ever take again. The workload lock does both with SET NX PX.
func lockSetNXExpire() workloads.Workload {
	return workloads.Workload{
		Name:  "lock-setnx-expire",
		About: "SETNX, then EXPIRE in a command of its own (incorrect: lock is right)",
		Checks: func(o workloads.Options) []string {
			return []string{fmt.Sprintf("expiry(%s)", o.TTL), "stats"}
		},
		New: func(o workloads.Options) workloads.Instance {
			return workloads.Locking(o, func(env workloads.Env) workloads.Client { return lockSetNXExpireClient{env, o.TTL} })
		},
	}
}

type lockSetNXExpireClient struct {
	env workloads.Env
	ttl time.Duration
}

func (c lockSetNXExpireClient) Do(ctx context.Context, op workloads.Op) (history.Value, error) {
	r, key := c.env.Conn.Redis, c.env.Key(op)
	token, _ := op.Value.Text()
	if op.F == "release" {
		deleted, err := compareAndDelete.Run(ctx, r, []string{key}, token).Int64()
		return released(op, deleted, err)
	}
	granted, err := r.SetNX(ctx, key, token, 0).Result()
	switch {
	case err != nil:
		return history.Value{}, err
	case !granted:
		return c.holder(ctx, key)
	}
	// PEXPIRE, so that a time to live may be shorter than a second.
	return op.Value, r.PExpire(ctx, key, c.ttl).Err()
}

// holder says who has the lock that was refused, if it is still held.
func (c lockSetNXExpireClient) holder(ctx context.Context, key string) (history.Value, error) {
	holder, err := c.env.Conn.Redis.Get(ctx, key).Result()
	switch {
	case errors.Is(err, redis.Nil):
		return history.Bool(false), nil
	case err != nil:
		return history.Value{}, err
	}
	return history.Object("held_by", history.Str(holder)), nil
}
