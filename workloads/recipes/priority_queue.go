package recipes

import (
	"context"

	"github.com/redis/go-redis/v9"

	"github.com/jepsen-lite/jepsen-lite/workloads"
)

// priorityQueue gives an element to the worker whose ZREM removed it. The others
// look again.
func priorityQueue() workloads.Workload {
	return queueRecipe{
		name:   "priority-queue",
		about:  "a queue by priority, taken with ZRANGE by the worker whose ZREM returns 1",
		checks: []string{"linearizable(unordered-queue)", "delivery"},
		put:    addByPriority,
		take:   lookUntilRemoved,
	}.workload()
}

// lookUntilRemoved ends: each time around, somebody else has taken an element.
func lookUntilRemoved(ctx context.Context, env workloads.Env, queue string) (string, error) {
	r := env.Conn.Redis
	for {
		first, err := r.ZRange(ctx, queue, 0, 0).Result()
		if err != nil {
			return "", err
		}
		if len(first) == 0 {
			return "", redis.Nil
		}
		removed, err := r.ZRem(ctx, queue, first[0]).Result()
		if err != nil || removed == 1 {
			return first[0], err
		}
	}
}
