package recipes

import (
	"context"
	"errors"

	"github.com/redis/go-redis/v9"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/workloads"
)

// jobQueue is a recipe for a queue of jobs. An enqueue puts one into a list; a
// dequeue takes one and does it, all in one operation, so that its outcome is
// unknown if the worker dies in between. The last dequeues, whose value is
// "recover", return what the workers left behind.
type jobQueue struct {
	name, about string
	checks      []string
	// work takes a job, does it, and returns it; redis.Nil if there is none.
	work func(ctx context.Context, r *redis.Client, queue string) (string, error)
	// leftIn are the lists, besides the queue itself, where jobs are in the end,
	// by what follows the queue's name.
	leftIn []string
}

// Lists beside a queue: of jobs that somebody works on, and of those that are
// done. To do a job here means to put it there.
const (
	processing = ":processing"
	done       = ":done"
)

func (q jobQueue) workload() workloads.Workload {
	return workloads.Workload{
		Name:   q.name,
		About:  q.about,
		Checks: func(workloads.Options) []string { return append(q.checks[:len(q.checks):len(q.checks)], "stats") },
		New: func(workloads.Options) workloads.Instance {
			return workloads.Instance{
				Generator: enqueuesAndDequeues,
				Client:    func(env workloads.Env) workloads.Client { return jobClient{env, q} },
				Final:     workloads.Op{F: "dequeue", Value: recovery},
				Drain:     true,
			}
		},
	}
}

// recovery is the value of the dequeues that recover what workers left behind.
var recovery = history.Str("recover")

// enqueuesAndDequeues is the generator of a queue's recipe.
func enqueuesAndDequeues(lane workloads.Lane) workloads.Generator {
	fresh := workloads.FreshValues(lane)
	return workloads.Mix(lane,
		workloads.Choice{Weight: 2, Op: func() workloads.Op { return workloads.Op{F: "enqueue", Value: fresh()} }},
		workloads.Choice{Weight: 1, Op: func() workloads.Op { return workloads.Op{F: "dequeue", Value: history.NullValue} }},
	)
}

type jobClient struct {
	env   workloads.Env
	queue jobQueue
}

func (c jobClient) Do(ctx context.Context, op workloads.Op) (history.Value, error) {
	r, queue := c.env.Conn.Redis, c.env.Key(op)
	switch {
	case op.F == "enqueue":
		return op.Value, r.LPush(ctx, queue, op.Value.String()).Err()
	case op.Value == recovery:
		return element(c.recover(ctx, r, queue))
	}
	return element(c.queue.work(ctx, r, queue))
}

// recover takes a job from wherever there still is one.
func (c jobClient) recover(ctx context.Context, r *redis.Client, queue string) (string, error) {
	for _, list := range append([]string{""}, c.queue.leftIn...) {
		job, err := r.RPop(ctx, queue+list).Result()
		if !errors.Is(err, redis.Nil) {
			return job, err
		}
	}
	return "", redis.Nil
}

// element is what a dequeue returns, which was pushed as JSON.
func element(text string, err error) (history.Value, error) {
	switch {
	case errors.Is(err, redis.Nil):
		return history.NullValue, nil
	case err != nil:
		return history.Value{}, err
	}
	return history.ParseValue([]byte(text))
}
