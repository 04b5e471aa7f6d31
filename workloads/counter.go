package workloads

import (
	"context"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// counter: each key is a total, raised with INCRBY, which returns the new total,
// and read with GET.
func counter() Workload {
	return Workload{
		Name:   "counter",
		About:  "INCRBY and GET",
		Checks: func(Options) []string { return []string{"linearizable(counter)", "stats"} },
		New: func(Options) Instance {
			return Instance{
				Generator: func(lane Lane) Generator { return amountGenerator{lane, "add-and-get"} },
				Client:    func(env Env) Client { return counterClient{env} },
				Final:     Op{F: "read", Value: history.NullValue},
			}
		},
	}
}

// amountGenerator reads, or changes by a small amount with the operation f.
type amountGenerator struct {
	lane Lane
	f    string
}

func (g amountGenerator) Next() Op {
	key := g.lane.Keys.Pick(g.lane.Rand)
	if g.lane.Rand.IntN(10) < 3 {
		return Op{F: "read", Key: key, Value: history.NullValue}
	}
	return Op{F: g.f, Key: key, Value: history.Int(1 + g.lane.Rand.Int64N(3))}
}

func (amountGenerator) Done(Op, history.Type, history.Value) {}

type counterClient struct{ env Env }

func (c counterClient) Do(ctx context.Context, op Op) (history.Value, error) {
	r, key := c.env.Conn.Redis, c.env.Key(op)
	if op.F == "read" {
		total, err := number(c.env.Reader(op).Get(ctx, key).Result())
		if total.IsNull() {
			total = history.Int(0)
		}
		return total, err
	}
	amount, _ := op.Value.Int()
	total, err := r.IncrBy(ctx, key, amount).Result()
	return history.Int(total), err
}
