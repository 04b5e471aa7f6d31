package recipes

import (
	"context"

	"github.com/jepsen-lite/jepsen-lite/workloads"
)

// queueTwoStepMove means to keep a job in a list of those that somebody works on,
// but moves it there in two commands: between them it is in neither list.
func queueTwoStepMove() workloads.Workload {
	return queueRecipe{
		name:    "queue-two-step-move",
		about:   "jobs moved with RPOP, then LPUSH, to a list of those in work (incorrect: queue-reliable is right)",
		checks:  []string{"at-least-once"},
		take:    moveInTwoSteps,
		recover: leftIn(processing, done),
	}.workload()
}

func moveInTwoSteps(ctx context.Context, env workloads.Env, queue string) (string, error) {
	r := env.Conn.Redis
	job, err := r.RPop(ctx, queue).Result()
	if err != nil {
		return "", err
	}
	if err := r.LPush(ctx, queue+processing, job).Err(); err != nil {
		return "", err
	}
	if err := r.LPush(ctx, queue+done, job).Err(); err != nil {
		return "", err
	}
	return job, r.LRem(ctx, queue+processing, 1, job).Err()
}
