package workloads

import (
	"context"
	"fmt"
	"time"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// lockNaive is the lock of many a tutorial: SETNX, then EXPIRE in a command of
// its own, and a DEL that does not ask whose lock it deletes.
func lockNaive() Workload {
	return Workload{
		Name:  "lock-naive",
		About: "SETNX then EXPIRE in two commands, released by an unconditional DEL (incorrect)",
		Checks: func(o Options) []string {
			return []string{"linearizable(mutex)", "exclusion", "stats"}
		},
		New: func(o Options) Instance {
			return Locking(o, func(env Env) Client { return lockNaiveClient{env, o.TTL} })
		},
	}
}

type lockNaiveClient struct {
	env Env
	ttl time.Duration
}

func (c lockNaiveClient) Do(ctx context.Context, op Op) (history.Value, error) {
	r, key := c.env.Conn.Redis, c.env.Key(op)
	if op.F == "release" {
		deleted, err := r.Del(ctx, key).Result()
		if err == nil && deleted == 0 {
			return history.Bool(false), nil
		}
		return op.Value, err
	}
	token, _ := op.Value.Text()
	granted, err := r.SetNX(ctx, key, token, 0).Result()
	if err != nil || !granted {
		return history.Bool(false), err
	}
	// PEXPIRE, so that a TTL may be shorter than a second.
	if err := r.PExpire(ctx, key, c.ttl).Err(); err != nil {
		return history.Value{}, fmt.Errorf("expire: %w", err)
	}
	return op.Value, nil
}
