package recipes

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/workloads"
)

// idempotencyAfter pays an amount into an account under a key of its own, so that
// a request which comes twice counts once. But it notes the key after the payment:
// what was sent again in between is paid again. idempotencyAtomic does both in one
// script.
func idempotencyAfter() workloads.Workload {
	return depositing("idempotency-after",
		"payments with an idempotency key that is noted after INCRBY, sent again after a timeout (incorrect: idempotency-atomic is right)",
		depositThenNote)
}

// depositThenNote pays unless the key was noted, and then notes it.
func depositThenNote(ctx context.Context, r redis.UniversalClient, account, id string, amount int64) error {
	_, err := r.Get(ctx, id).Result()
	if !errors.Is(err, redis.Nil) {
		return err
	}
	if err := r.IncrBy(ctx, account, amount).Err(); err != nil {
		return err
	}
	return r.SetArgs(ctx, id, "done", redis.SetArgs{Mode: "NX", TTL: idempotencyTTL}).Err()
}

// idempotencyTTL is how long a key is remembered, much longer than anybody tries
// again.
const idempotencyTTL = 24 * time.Hour

// depositing is a workload of payments, each under a key of its own.
func depositing(name, about string, deposit depositor) workloads.Workload {
	return workloads.Workload{
		Name:   name,
		About:  about,
		Checks: func(workloads.Options) []string { return []string{"linearizable(counter)", "stats"} },
		New: func(workloads.Options) workloads.Instance {
			return workloads.Instance{
				Generator: func(lane workloads.Lane) workloads.Generator {
					return workloads.Mix(lane, workloads.Choice{Weight: 1, Op: func() workloads.Op {
						return workloads.Op{F: "add", Value: history.Int(1)}
					}})
				},
				Client: func(env workloads.Env) workloads.Client { return depositClient{env, deposit} },
				Final:  workloads.Op{F: "read", Value: history.NullValue},
			}
		},
	}
}

// depositor pays an amount into an account once, however often it is called with
// the same id.
type depositor func(ctx context.Context, r redis.UniversalClient, account, id string, amount int64) error

type depositClient struct {
	env     workloads.Env
	deposit depositor
}

func (c depositClient) Do(ctx context.Context, op workloads.Op) (history.Value, error) {
	r, account := c.env.Conn.Redis, c.env.Key(op)
	if op.F == "read" {
		return total(r.Get(ctx, account).Int64())
	}
	amount, _ := op.Value.Int()
	id := account + ":payment:" + strconv.FormatUint(c.env.Rand.Uint64(), 36)
	err := c.deposit(ctx, r, account, id, amount)
	for tried := 1; tried < attempts && unanswered(err); tried++ {
		err = c.deposit(ctx, r, account, id, amount)
	}
	return op.Value, err
}
