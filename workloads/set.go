package workloads

import (
	"context"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// set: each key is a set, filled with SADD and read whole with SMEMBERS.
func set() Workload {
	return Workload{
		Name:   "set",
		About:  "SADD and SMEMBERS, with a last read after everything has healed",
		Checks: func(Options) []string { return []string{"linearizable(set)", "durability", "stats"} },
		New: func(Options) Instance {
			return Instance{
				Generator: func(lane Lane) Generator { return &setGenerator{lane, values{lane: lane}} },
				Client:    func(env Env) Client { return setClient{env} },
				Final:     Op{F: "read", Value: history.NullValue},
			}
		},
	}
}

type setGenerator struct {
	lane   Lane
	values values
}

func (g *setGenerator) Next() Op {
	key := g.lane.Keys.Pick(g.lane.Rand)
	if g.lane.Rand.IntN(10) == 0 {
		return Op{F: "read", Key: key, Value: history.NullValue}
	}
	return Op{F: "add", Key: key, Value: g.values.fresh()}
}

func (*setGenerator) Done(Op, history.Type, history.Value) {}

type setClient struct{ env Env }

func (c setClient) Do(ctx context.Context, op Op) (history.Value, error) {
	r, key := c.env.Conn.Redis, c.env.Key(op)
	if op.F == "add" {
		return op.Value, r.SAdd(ctx, key, op.Value.String()).Err()
	}
	texts, err := c.env.Reader(op).SMembers(ctx, key).Result()
	if err != nil {
		return history.Value{}, err
	}
	members := make([]history.Value, len(texts))
	for i, text := range texts {
		members[i] = parseNumber(text)
	}
	return history.List(members...), nil
}
