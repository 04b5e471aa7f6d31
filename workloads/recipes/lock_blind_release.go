package recipes

import (
	"context"
	"time"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/workloads"
)

// lockBlindRelease releases with DEL: if its time was over meanwhile, it deletes
// the lock of whoever came after. The workload lock compares the token first.
func lockBlindRelease() workloads.Workload {
	return workloads.Workload{
		Name:   "lock-blind-release",
		About:  "SET NX PX with a token, released by a DEL that does not ask whose lock it is (incorrect: lock is right)",
		Checks: leaseChecks,
		New: func(o workloads.Options) workloads.Instance {
			return workloads.Locking(o, func(env workloads.Env) workloads.Client { return lockBlindReleaseClient{env, o.TTL} })
		},
	}
}

type lockBlindReleaseClient struct {
	env workloads.Env
	ttl time.Duration
}

func (c lockBlindReleaseClient) Do(ctx context.Context, op workloads.Op) (history.Value, error) {
	if op.F == "acquire" {
		return acquire(ctx, c.env, op, c.ttl)
	}
	deleted, err := c.env.Conn.Redis.Del(ctx, c.env.Key(op)).Result()
	return released(op, deleted, err)
}
