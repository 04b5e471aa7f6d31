package recipes

import (
	"context"

	"github.com/jepsen-lite/jepsen-lite/workloads"
)

// ackByPayload acknowledges a job by removing exactly what it took.
func ackByPayload() workloads.Workload {
	return queueRecipe{
		name:    "ack-by-payload",
		about:   "jobs acknowledged with LREM of what LMOVE returned",
		checks:  []string{"delivery"},
		put:     pushJob,
		take:    acknowledgePayload,
		recover: recoverJob,
	}.workload()
}

func acknowledgePayload(ctx context.Context, env workloads.Env, queue string) (string, error) {
	r := env.Conn.Redis
	payload, err := r.LMove(ctx, queue, queue+processing, "RIGHT", "LEFT").Result()
	if err != nil {
		return "", err
	}
	j, err := work(payload)
	if err != nil {
		return "", err
	}
	return string(j.ID), r.LRem(ctx, queue+processing, 1, payload).Err()
}
