package recipes

import (
	"context"
	"encoding/json"

	"github.com/jepsen-lite/jepsen-lite/workloads"
)

// ackRemovesNothing acknowledges a job by removing it from the list of those in
// work, as JSON made anew. In the meantime the job has counted its attempt, so
// that its JSON is in no list: LREM returns 0, and the recovery delivers the job
// again.
func ackRemovesNothing() workloads.Workload {
	return queueRecipe{
		name:    "ack-removes-nothing",
		about:   "jobs acknowledged with LREM of their JSON made anew (incorrect: ack-by-payload is right)",
		checks:  []string{"delivery"},
		put:     pushJob,
		take:    acknowledgeAnew,
		recover: recoverJob,
	}.workload()
}

// job is what the payload of a list's element says.
type job struct {
	ID       json.RawMessage `json:"id"`
	Attempts int             `json:"attempts"`
}

func pushJob(ctx context.Context, env workloads.Env, queue, element string) error {
	payload, err := json.Marshal(job{ID: json.RawMessage(element)})
	if err != nil {
		return err
	}
	return push(ctx, env, queue, string(payload))
}

func acknowledgeAnew(ctx context.Context, env workloads.Env, queue string) (string, error) {
	r := env.Conn.Redis
	payload, err := r.LMove(ctx, queue, queue+processing, "RIGHT", "LEFT").Result()
	if err != nil {
		return "", err
	}
	j, err := work(payload)
	if err != nil {
		return "", err
	}
	acknowledged, err := json.Marshal(j)
	if err != nil {
		return "", err
	}
	return string(j.ID), r.LRem(ctx, queue+processing, 1, acknowledged).Err()
}

// work does a job.
func work(payload string) (j job, err error) {
	err = json.Unmarshal([]byte(payload), &j)
	j.Attempts++
	return j, err
}

func recoverJob(ctx context.Context, env workloads.Env, queue string) (string, error) {
	payload, err := leftIn(processing)(ctx, env, queue)
	if err != nil {
		return "", err
	}
	j, err := work(payload)
	return string(j.ID), err
}
