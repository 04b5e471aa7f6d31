package recipes

import (
	"context"

	"github.com/jepsen-lite/jepsen-lite/workloads"
)

// queuePopThenRecord takes a job from the queue and then does it: between the two
// the job is nowhere but with the worker, and is lost with it.
func queuePopThenRecord() workloads.Workload {
	return queueRecipe{
		name:    "queue-pop-then-record",
		about:   "jobs taken with RPOP, then recorded as done (incorrect: queue-reliable is right)",
		checks:  []string{"at-least-once"},
		take:    popThenRecord,
		recover: leftIn(done),
	}.workload()
}

func popThenRecord(ctx context.Context, env workloads.Env, queue string) (string, error) {
	r := env.Conn.Redis
	job, err := r.RPop(ctx, queue).Result()
	if err != nil {
		return "", err
	}
	return job, r.LPush(ctx, queue+done, job).Err()
}
