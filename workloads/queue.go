package workloads

import (
	"context"
	"errors"

	"github.com/redis/go-redis/v9"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// queue: each key is a list, filled with LPUSH and emptied with RPOP.
func queue() Workload {
	return Workload{
		Name:   "queue",
		About:  "LPUSH and RPOP",
		Checks: func(Options) []string { return []string{"linearizable(fifo-queue)", "delivery", "stats"} },
		New: func(Options) Instance {
			return Instance{
				Generator: func(lane Lane) Generator { return &queueGenerator{lane, values{lane: lane}} },
				Client:    func(env Env) Client { return queueClient{env} },
				Final:     Op{F: "dequeue", Value: history.NullValue},
				Drain:     true,
			}
		},
	}
}

type queueGenerator struct {
	lane   Lane
	values values
}

func (g *queueGenerator) Next() Op {
	key := g.lane.Keys.Pick(g.lane.Rand)
	if g.lane.Rand.IntN(2) == 0 {
		return Op{F: "dequeue", Key: key, Value: history.NullValue}
	}
	return Op{F: "enqueue", Key: key, Value: g.values.fresh()}
}

func (*queueGenerator) Done(Op, history.Type, history.Value) {}

type queueClient struct{ env Env }

func (c queueClient) Do(ctx context.Context, op Op) (history.Value, error) {
	r, key := c.env.Conn.Redis, c.env.Key(op)
	if op.F == "enqueue" {
		return op.Value, r.LPush(ctx, key, op.Value.String()).Err()
	}
	text, err := r.RPop(ctx, key).Result()
	if errors.Is(err, redis.Nil) {
		return history.NullValue, nil
	}
	return parseNumber(text), err
}
