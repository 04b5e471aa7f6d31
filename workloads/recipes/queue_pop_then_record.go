package recipes

import (
	"context"

	"github.com/redis/go-redis/v9"

	"github.com/jepsen-lite/jepsen-lite/workloads"
)

// queuePopThenRecord takes a job from the queue and then does it: between the two
// the job is nowhere but with the worker, and is lost with it.
func queuePopThenRecord() workloads.Workload {
	return jobQueue{
		name:   "queue-pop-then-record",
		about:  "jobs taken with RPOP, then recorded as done (incorrect: queue-reliable is right)",
		checks: []string{"at-least-once"},
		work:   popThenRecord,
		leftIn: []string{done},
	}.workload()
}

func popThenRecord(ctx context.Context, r *redis.Client, queue string) (string, error) {
	job, err := r.RPop(ctx, queue).Result()
	if err != nil {
		return "", err
	}
	return job, r.LPush(ctx, queue+done, job).Err()
}
