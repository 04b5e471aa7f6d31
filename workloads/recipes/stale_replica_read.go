package recipes

import (
	"context"
	"errors"

	"github.com/redis/go-redis/v9"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/workloads"
)

// staleReplicaRead writes to the primary and reads from a replica, which lags
// behind: a read does not see what was written and acknowledged before. There is
// no last read: it would find out only whether the replica has caught up.
func staleReplicaRead() workloads.Workload {
	return workloads.Workload{
		Name:   "stale-replica-read",
		About:  "SET at the primary, GET at a replica (incorrect: register is right)",
		Checks: func(workloads.Options) []string { return []string{"linearizable(register)", "stats"} },
		New: func(workloads.Options) workloads.Instance {
			return workloads.Instance{
				Generator: writesAndReads,
				Client:    func(env workloads.Env) workloads.Client { return replicaReader{env} },
			}
		},
	}
}

func writesAndReads(lane workloads.Lane) workloads.Generator {
	fresh := workloads.FreshValues(lane)
	return workloads.Mix(lane,
		workloads.Choice{Weight: 1, Op: func() workloads.Op { return workloads.Op{F: "write", Value: fresh()} }},
		workloads.Choice{Weight: 1, Op: func() workloads.Op { return workloads.Op{F: "read", Value: history.NullValue} }},
	)
}

type replicaReader struct{ env workloads.Env }

func (c replicaReader) Do(ctx context.Context, op workloads.Op) (history.Value, error) {
	key := c.env.Key(op)
	if op.F == "write" {
		return op.Value, c.env.Conn.Redis.Set(ctx, key, op.Value.String(), 0).Err()
	}
	if c.env.Replica == nil {
		return history.Value{}, &workloads.Refusal{Word: "no-replica"}
	}
	text, err := c.env.Replica.Redis.Get(ctx, key).Result()
	switch {
	case errors.Is(err, redis.Nil):
		return history.NullValue, nil
	case err != nil:
		return history.Value{}, err
	}
	return history.ParseValue([]byte(text))
}
