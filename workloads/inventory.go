package workloads

import (
	"context"
	"fmt"
	"strconv"

	"github.com/redis/go-redis/v9"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// defaultStock is what an article starts with unless told otherwise.
const defaultStock = 100

// inventory: each key is the stock of an article, taken from by a script that
// refuses when there is too little.
func inventory() Workload {
	stock := func(o Options) int64 {
		if o.Stock > 0 {
			return o.Stock
		}
		return defaultStock
	}
	return Workload{
		Name:  "inventory",
		About: "an atomic conditional decrement by a script: no stock below zero, no deduction lost",
		Checks: func(o Options) []string {
			return []string{fmt.Sprintf("linearizable(bounded-counter(%d))", stock(o)), "stats"}
		},
		New: func(o Options) Instance {
			return Instance{
				Generator: func(lane Lane) Generator { return amountGenerator{lane, "take"} },
				Client:    func(env Env) Client { return inventoryClient{env, strconv.FormatInt(stock(o), 10)} },
				Final:     Op{F: "read", Value: history.NullValue},
			}
		},
	}
}

type inventoryClient struct {
	env   Env
	stock string
}

// deduct returns the stock left, or nothing if there was too little.
var deduct = redis.NewScript(`
local stock = tonumber(redis.call('GET', KEYS[1]) or ARGV[2])
local wanted = tonumber(ARGV[1])
if stock < wanted then
  return false
end
redis.call('SET', KEYS[1], stock - wanted)
return stock - wanted`)

func (c inventoryClient) Do(ctx context.Context, op Op) (history.Value, error) {
	r, key := c.env.Conn.Redis, c.env.Key(op)
	if op.F == "read" {
		left, err := number(c.env.Reader(op).Get(ctx, key).Result())
		if left.IsNull() {
			left = parseNumber(c.stock)
		}
		return left, err
	}
	left, err := deduct.Run(ctx, r, []string{key}, op.Value.String(), c.stock).Int64()
	if err == redis.Nil {
		return history.NullValue, nil
	}
	return history.Int(left), err
}
