package recipes

import (
	"context"

	"github.com/jepsen-lite/jepsen-lite/workloads"
)

// queueReliable keeps a job in a list of those that somebody works on, from the
// moment it leaves the queue until it is done. A worker that dies leaves it there,
// and it is done again (https://redis.io/docs/latest/commands/lmove/, "Pattern:
// Reliable queue").
func queueReliable() workloads.Workload {
	return queueRecipe{
		name:    "queue-reliable",
		about:   "jobs moved with LMOVE to a list of those in work, recorded as done, then removed",
		checks:  []string{"at-least-once"},
		take:    moveThenRecord,
		recover: leftIn(processing, done),
	}.workload()
}

func moveThenRecord(ctx context.Context, env workloads.Env, queue string) (string, error) {
	r := env.Conn.Redis
	job, err := r.LMove(ctx, queue, queue+processing, "RIGHT", "LEFT").Result()
	if err != nil {
		return "", err
	}
	if err := r.LPush(ctx, queue+done, job).Err(); err != nil {
		return "", err
	}
	return job, r.LRem(ctx, queue+processing, 1, job).Err()
}
