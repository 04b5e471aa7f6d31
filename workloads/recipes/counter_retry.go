package recipes

import (
	"context"
	"errors"

	"github.com/redis/go-redis/v9"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/workloads"
)

// counterRetry raises a counter with INCRBY, and asks again when no answer comes:
// but the request may have been executed, and only the answer is missing. That is
// what go-redis does unless MaxRetries is -1. The workload counter asks once.
func counterRetry() workloads.Workload {
	return workloads.Workload{
		Name:   "counter-retry",
		About:  "a counter raised with INCRBY, which is sent again after a timeout (incorrect: counter is right)",
		Checks: func(workloads.Options) []string { return []string{"linearizable(counter)", "stats"} },
		New: func(workloads.Options) workloads.Instance {
			return workloads.Instance{
				Generator: func(lane workloads.Lane) workloads.Generator {
					return workloads.Mix(lane, workloads.Choice{Weight: 1, Op: func() workloads.Op {
						return workloads.Op{F: "add-and-get", Value: history.Int(1)}
					}})
				},
				Client: func(env workloads.Env) workloads.Client { return counterRetryClient{env} },
				Final:  workloads.Op{F: "read", Value: history.NullValue},
			}
		},
	}
}

type counterRetryClient struct{ env workloads.Env }

// attempts is how often a client that retries asks.
const attempts = 2

func (c counterRetryClient) Do(ctx context.Context, op workloads.Op) (history.Value, error) {
	r, key := c.env.Conn.Redis, c.env.Key(op)
	if op.F == "read" {
		return total(r.Get(ctx, key).Int64())
	}
	amount, _ := op.Value.Int()
	sum, err := r.IncrBy(ctx, key, amount).Result()
	for tried := 1; tried < attempts && unanswered(err); tried++ {
		sum, err = r.IncrBy(ctx, key, amount).Result()
	}
	return history.Int(sum), err
}

// unanswered reports whether a command failed without an answer of the server.
func unanswered(err error) bool {
	var reply redis.Error
	return err != nil && !errors.As(err, &reply)
}

// total turns a GET's reply into a total; a missing key is 0.
func total(n int64, err error) (history.Value, error) {
	if errors.Is(err, redis.Nil) {
		return history.Int(0), nil
	}
	return history.Int(n), err
}
