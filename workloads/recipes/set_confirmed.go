package recipes

import (
	"context"
	"errors"
	"time"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/workloads"
)

// setConfirmed is a set of which an element counts as added only when the replica
// has it too, so that a failover keeps it. WAIT does the same without asking, but
// where a schedule decides when to replicate nobody can wait for it. It is made for
// one replica: of several, one that has not been asked could be promoted.
func setConfirmed() workloads.Workload {
	return workloads.Workload{
		Name:   "set-confirmed",
		About:  "SADD at the primary, confirmed by SISMEMBER at the replica, and SMEMBERS at the primary",
		Checks: func(workloads.Options) []string { return []string{"linearizable(set)", "durability", "stats"} },
		New: func(workloads.Options) workloads.Instance {
			return workloads.Instance{
				Generator: adds,
				Client:    func(env workloads.Env) workloads.Client { return confirmingClient{env} },
				Final:     workloads.Op{F: "read", Value: history.NullValue},
			}
		},
	}
}

func adds(lane workloads.Lane) workloads.Generator {
	fresh := workloads.FreshValues(lane)
	return workloads.Mix(lane, workloads.Choice{Weight: 1, Op: func() workloads.Op { return workloads.Op{F: "add", Value: fresh()} }})
}

type confirmingClient struct{ env workloads.Env }

// errUnconfirmed leaves an outcome unknown: the replica may still receive it.
var errUnconfirmed = errors.New("the replica does not have it yet")

func (c confirmingClient) Do(ctx context.Context, op workloads.Op) (history.Value, error) {
	key := c.env.Key(op)
	if op.F == "read" {
		return c.read(ctx, key)
	}
	if c.env.Replica == nil {
		return history.Value{}, &workloads.Refusal{Word: "no-replica"}
	}
	if err := c.env.Conn.Redis.SAdd(ctx, key, op.Value.String()).Err(); err != nil {
		return history.Value{}, err
	}
	for range confirmations {
		confirmed, err := c.env.Replica.Redis.SIsMember(ctx, key, op.Value.String()).Result()
		if err != nil || confirmed {
			return op.Value, err
		}
		if !c.env.Clock.Sleep(ctx, betweenConfirmations) {
			break
		}
	}
	return history.Value{}, errUnconfirmed
}

// An adder asks so often whether the replica has its element, and waits so long
// in between.
const (
	confirmations        = 5
	betweenConfirmations = 10 * time.Millisecond
)

func (c confirmingClient) read(ctx context.Context, key string) (history.Value, error) {
	texts, err := c.env.Conn.Redis.SMembers(ctx, key).Result()
	if err != nil {
		return history.Value{}, err
	}
	members := make([]history.Value, len(texts))
	for i, text := range texts {
		if members[i], err = history.ParseValue([]byte(text)); err != nil {
			return history.Value{}, err
		}
	}
	return history.List(members...), nil
}
