package recipes

import (
	"context"

	"github.com/redis/go-redis/v9"

	"github.com/jepsen-lite/jepsen-lite/workloads"
)

// delayedTwoWorkers looks what is due, pushes it to the ready queue, and removes
// it. Until it is removed, other workers find it too, and push it again.
//
// Why its right counterpart is a script: to remove first, and to push only if
// ZREM returned 1, loses the message of a worker that dies in between.
func delayedTwoWorkers() workloads.Workload {
	return delayed("delayed-two-workers",
		"delayed messages, moved to the ready queue with ZRANGE BYSCORE, LPUSH, ZREM (incorrect: delayed-queue is right)", moveInThreeSteps)
}

func moveInThreeSteps(ctx context.Context, r redis.UniversalClient, queue, now string) error {
	due, err := r.ZRangeArgs(ctx, redis.ZRangeArgs{Key: queue + later, ByScore: true, Start: "-inf", Stop: now, Count: 1}).Result()
	if err != nil || len(due) == 0 {
		return err
	}
	if err := r.LPush(ctx, queue+ready, due[0]).Err(); err != nil {
		return err
	}
	return r.ZRem(ctx, queue+later, due[0]).Err()
}
