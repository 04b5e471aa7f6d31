package recipes

import (
	"context"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/workloads"
)

// lockRenewalBlind asks for more time with PEXPIRE: if its time was over meanwhile,
// it renews the lock of whoever came after, takes that for its own, and goes on.
// lockRenewal compares the token first.
func lockRenewalBlind() workloads.Workload {
	return renewing("lock-renewal-blind",
		"a lock renewed by a PEXPIRE that does not ask whose lock it is (incorrect: lock-renewal is right)", expireBlindly)
}

func expireBlindly(ctx context.Context, c renewingClient, op workloads.Op) (bool, error) {
	return c.env.Conn.Redis.PExpire(ctx, c.env.Key(op), c.options.TTL).Result()
}

// renewer asks for more time, and reports whether the lock was still there.
type renewer func(ctx context.Context, c renewingClient, op workloads.Op) (bool, error)

// renewing is the workload of a lock that its holder renews.
func renewing(name, about string, renew renewer) workloads.Workload {
	return workloads.Workload{
		Name:   name,
		About:  about,
		Checks: leaseChecks,
		New: func(o workloads.Options) workloads.Instance {
			return workloads.Renewing(o, func(env workloads.Env) workloads.Client { return renewingClient{env, o, renew} })
		},
	}
}

type renewingClient struct {
	env     workloads.Env
	options workloads.Options
	renew   renewer
}

func (c renewingClient) Do(ctx context.Context, op workloads.Op) (history.Value, error) {
	switch op.F {
	case "acquire":
		return acquire(ctx, c.env, op, c.options.TTL)
	case "renew":
		had, err := c.renew(ctx, c, op)
		if err == nil && !had {
			return history.Bool(false), nil
		}
		return op.Value, err
	}
	token, _ := op.Value.Text()
	deleted, err := compareAndDelete.Run(ctx, c.env.Conn.Redis, []string{c.env.Key(op)}, token).Int64()
	return released(op, deleted, err)
}
