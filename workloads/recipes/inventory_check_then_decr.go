package recipes

import (
	"context"
	"errors"
	"fmt"

	"github.com/redis/go-redis/v9"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/workloads"
)

// inventoryCheckThenDecr looks whether there is enough, and takes it in a command
// of its own: two clients can both see the last piece. The workload inventory
// looks and takes in a script.
func inventoryCheckThenDecr() workloads.Workload {
	return workloads.Workload{
		Name:  "inventory-check-then-decr",
		About: "stock taken with GET, a comparison and DECRBY (incorrect: inventory is right)",
		Checks: func(o workloads.Options) []string {
			return []string{fmt.Sprintf("linearizable(bounded-counter(%d))", firstStock(o)), "stats"}
		},
		New: func(o workloads.Options) workloads.Instance {
			return workloads.Instance{
				Generator: func(lane workloads.Lane) workloads.Generator {
					return workloads.Mix(lane, workloads.Choice{Weight: 1, Op: func() workloads.Op {
						return workloads.Op{F: "take", Value: history.Int(1 + lane.Rand.Int64N(2))}
					}})
				},
				Client: func(env workloads.Env) workloads.Client { return inventoryCheckThenDecrClient{env, firstStock(o)} },
				Final:  workloads.Op{F: "read", Value: history.NullValue},
			}
		},
	}
}

// firstStock is what an article starts with, as in the workload inventory.
func firstStock(o workloads.Options) int64 {
	if o.Stock > 0 {
		return o.Stock
	}
	return 100
}

type inventoryCheckThenDecrClient struct {
	env   workloads.Env
	first int64
}

func (c inventoryCheckThenDecrClient) Do(ctx context.Context, op workloads.Op) (history.Value, error) {
	r, key := c.env.Conn.Redis, c.env.Key(op)
	stock, err := r.Get(ctx, key).Int64()
	if errors.Is(err, redis.Nil) {
		stock, err = c.first, nil
		if op.F == "take" {
			err = r.SetNX(ctx, key, stock, 0).Err()
		}
	}
	if err != nil || op.F == "read" {
		return history.Int(stock), err
	}
	wanted, _ := op.Value.Int()
	if stock < wanted {
		return history.NullValue, nil
	}
	left, err := r.DecrBy(ctx, key, wanted).Result()
	return history.Int(left), err
}
