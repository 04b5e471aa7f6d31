package recipes

import (
	"context"
	"errors"

	"github.com/redis/go-redis/v9"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/workloads"
)

// queueRecipe is a recipe for a queue. An enqueue puts an element in. A dequeue
// is everything that a worker does with one, so that its outcome is unknown if
// the worker dies in the middle. The last dequeues, whose value is "recover",
// return what the workers left behind.
type queueRecipe struct {
	name, about string
	checks      []string
	// put puts an element in; nil: with LPUSH.
	put func(ctx context.Context, env workloads.Env, queue, element string) error
	// take returns an element, or redis.Nil if there is none.
	take func(ctx context.Context, env workloads.Env, queue string) (string, error)
	// recover is take for the last dequeues; nil: it is the same. Where there is
	// one, a take that finds nothing fails: only recover knows that there is
	// nothing elsewhere either.
	recover func(ctx context.Context, env workloads.Env, queue string) (string, error)
}

func (q queueRecipe) workload() workloads.Workload {
	if q.put == nil {
		q.put = push
	}
	return workloads.Workload{
		Name:   q.name,
		About:  q.about,
		Checks: func(workloads.Options) []string { return append(q.checks[:len(q.checks):len(q.checks)], "stats") },
		New: func(workloads.Options) workloads.Instance {
			return workloads.Instance{
				Generator: enqueuesAndDequeues,
				Client:    func(env workloads.Env) workloads.Client { return queueRecipeClient{env, q} },
				Final:     workloads.Op{F: "dequeue", Value: recovery},
				Drain:     true,
			}
		},
	}
}

// recovery is the value of the dequeues that recover what workers left behind.
var recovery = history.Str("recover")

// enqueuesAndDequeues is the generator of a queue's recipe. What is not dequeued is
// recovered, so that there are more enqueues: a dequeue that finds nothing shows nothing.
func enqueuesAndDequeues(lane workloads.Lane) workloads.Generator {
	fresh := workloads.FreshValues(lane)
	return workloads.Mix(lane,
		workloads.Choice{Weight: 2, Op: func() workloads.Op { return workloads.Op{F: "enqueue", Value: fresh()} }},
		workloads.Choice{Weight: 1, Op: func() workloads.Op { return workloads.Op{F: "dequeue", Value: history.NullValue} }},
	)
}

type queueRecipeClient struct {
	env    workloads.Env
	recipe queueRecipe
}

func (c queueRecipeClient) Do(ctx context.Context, op workloads.Op) (history.Value, error) {
	queue := c.env.Key(op)
	if op.F == "enqueue" {
		return op.Value, c.recipe.put(ctx, c.env, queue, op.Value.String())
	}
	take, everywhere := c.recipe.take, c.recipe.recover == nil
	if op.Value == recovery && !everywhere {
		take, everywhere = c.recipe.recover, true
	}
	element, err := take(ctx, c.env, queue)
	switch {
	case errors.Is(err, redis.Nil) && everywhere:
		return history.NullValue, nil
	case errors.Is(err, redis.Nil):
		return history.Value{}, &workloads.Refusal{Word: "nothing-found"}
	case err != nil:
		return history.Value{}, err
	}
	return history.ParseValue([]byte(element))
}

func push(ctx context.Context, env workloads.Env, queue, element string) error {
	return env.Conn.Redis.LPush(ctx, queue, element).Err()
}

// Lists beside a queue: of jobs that somebody works on, and of those that are
// done. To do a job here means to put it there.
const (
	processing = ":processing"
	done       = ":done"
)

// leftIn returns a recovery of what is left in the queue and in lists beside it.
func leftIn(lists ...string) func(context.Context, workloads.Env, string) (string, error) {
	return func(ctx context.Context, env workloads.Env, queue string) (string, error) {
		for _, list := range append([]string{""}, lists...) {
			job, err := env.Conn.Redis.RPop(ctx, queue+list).Result()
			if !errors.Is(err, redis.Nil) {
				return job, err
			}
		}
		return "", redis.Nil
	}
}
