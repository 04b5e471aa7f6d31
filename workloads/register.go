package workloads

import (
	"context"
	"errors"
	"strconv"

	"github.com/redis/go-redis/v9"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// register: each key is one value, read with GET, written with SET, and
// compared and set by a script that reports what it saw.
func register() Workload {
	return Workload{
		Name:   "register",
		About:  "GET, SET, and compare-and-set by a script",
		Checks: func(Options) []string { return []string{"linearizable(cas-register)", "stats"} },
		New: func(Options) Instance {
			return Instance{
				Generator: func(lane Lane) Generator {
					return &registerGenerator{lane: lane, values: values{lane: lane}, known: map[string]history.Value{}}
				},
				Client: func(env Env) Client { return registerClient{env} },
				Final:  Op{F: "read", Value: history.NullValue},
			}
		},
	}
}

// registerGenerator compares with the value it saw last, so that some succeed.
type registerGenerator struct {
	lane   Lane
	values values
	known  map[string]history.Value
}

func (g *registerGenerator) Next() Op {
	key, dice := g.lane.Keys.Pick(g.lane.Rand), g.lane.Rand.IntN(10)
	old, known := g.known[key]
	switch {
	case dice < 3:
		return Op{F: "write", Key: key, Value: g.values.fresh()}
	case dice < 6 && known:
		return Op{F: "cas", Key: key, Value: history.List(old, g.values.fresh())}
	}
	return Op{F: "read", Key: key, Value: history.NullValue}
}

func (g *registerGenerator) Done(op Op, outcome history.Type, result history.Value) {
	value := history.Value{}
	switch {
	case op.F == "cas" && outcome == history.OK:
		pair, _ := op.Value.Elements()
		value = pair[1]
	case op.F == "cas":
		value, _ = result.Field("saw")
	case outcome == history.OK:
		value = result
	}
	if len(g.known) > 1000 {
		clear(g.known) // keys rotate; only the present ones are of use
	}
	if _, isNumber := value.Int(); isNumber {
		g.known[op.Key] = value
	}
}

type registerClient struct{ env Env }

// compareAndSet returns 1 or 0, and the value it found.
var compareAndSet = redis.NewScript(`
local found = redis.call('GET', KEYS[1])
if found == ARGV[1] then
  redis.call('SET', KEYS[1], ARGV[2])
  return {1, found}
end
return {0, found}`)

func (c registerClient) Do(ctx context.Context, op Op) (history.Value, error) {
	r, key := c.env.Conn.Redis, c.env.Key(op)
	switch op.F {
	case "read":
		return number(c.env.Reader(op).Get(ctx, key).Result())
	case "write":
		return op.Value, r.Set(ctx, key, op.Value.String(), 0).Err()
	}
	pair, _ := op.Value.Elements()
	reply, err := compareAndSet.Run(ctx, r, []string{key}, pair[0].String(), pair[1].String()).Slice()
	if err != nil {
		return history.Value{}, err
	}
	if reply[0] == int64(1) {
		return op.Value, nil
	}
	saw := history.NullValue
	if text, ok := reply[1].(string); ok {
		saw = parseNumber(text)
	}
	return history.Value{}, &Refusal{"mismatch", history.Object("saw", saw)}
}

// number turns a GET's reply into a value; a missing key is null.
func number(text string, err error) (history.Value, error) {
	if errors.Is(err, redis.Nil) {
		return history.NullValue, nil
	}
	if err != nil {
		return history.Value{}, err
	}
	return parseNumber(text), nil
}

// parseNumber keeps text that is no number, as text: it is not for the client
// to hide what a server returns.
func parseNumber(text string) history.Value {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return history.Str(text)
	}
	return history.Int(n)
}
