package recipes

import (
	"context"

	"github.com/redis/go-redis/v9"

	"github.com/jepsen-lite/jepsen-lite/workloads"
)

// priorityZRangeZRem looks at the first element of a sorted set and removes it.
// Two workers that look before either removes both take the same one: only for
// one of them ZREM returns 1, and nobody asks.
func priorityZRangeZRem() workloads.Workload {
	return queueRecipe{
		name:   "priority-zrange-zrem",
		about:  "a queue by priority, taken with ZRANGE, then ZREM (incorrect: priority-queue is right)",
		checks: []string{"linearizable(unordered-queue)", "delivery"},
		put:    addByPriority,
		take:   lookThenRemove,
	}.workload()
}

// priorities is how many there are.
const priorities = 3

func addByPriority(ctx context.Context, env workloads.Env, queue, element string) error {
	priority := float64(env.Rand.IntN(priorities))
	return env.Conn.Redis.ZAdd(ctx, queue, redis.Z{Score: priority, Member: element}).Err()
}

func lookThenRemove(ctx context.Context, env workloads.Env, queue string) (string, error) {
	r := env.Conn.Redis
	first, err := r.ZRange(ctx, queue, 0, 0).Result()
	if err != nil {
		return "", err
	}
	if len(first) == 0 {
		return "", redis.Nil
	}
	return first[0], r.ZRem(ctx, queue, first[0]).Err()
}
