package recipes

import (
	"context"
	"errors"

	"github.com/redis/go-redis/v9"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/workloads"
)

// counterGetSet reads a counter, adds to it, and writes it back: whatever
// somebody else adds between the two is lost. INCRBY does it in one command; see
// the workload counter.
func counterGetSet() workloads.Workload {
	return workloads.Workload{
		Name:   "counter-get-set",
		About:  "a counter raised with GET, then SET (incorrect: counter is right)",
		Checks: func(workloads.Options) []string { return []string{"linearizable(counter)", "stats"} },
		New: func(workloads.Options) workloads.Instance {
			return workloads.Instance{
				Generator: func(lane workloads.Lane) workloads.Generator {
					return workloads.Mix(lane, workloads.Choice{Weight: 1, Op: func() workloads.Op {
						return workloads.Op{F: "add-and-get", Value: history.Int(1)}
					}})
				},
				Client: func(env workloads.Env) workloads.Client { return counterGetSetClient{env} },
				Final:  workloads.Op{F: "read", Value: history.NullValue},
			}
		},
	}
}

type counterGetSetClient struct{ env workloads.Env }

func (c counterGetSetClient) Do(ctx context.Context, op workloads.Op) (history.Value, error) {
	r, key := c.env.Conn.Redis, c.env.Key(op)
	total, err := r.Get(ctx, key).Int64()
	if errors.Is(err, redis.Nil) {
		total, err = 0, nil
	}
	if err != nil || op.F == "read" {
		return history.Int(total), err
	}
	amount, _ := op.Value.Int()
	total += amount
	return history.Int(total), r.Set(ctx, key, total, 0).Err()
}
