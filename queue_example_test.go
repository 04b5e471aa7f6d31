package jepsenlite_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/redis/go-redis/v9"

	jepsenlite "github.com/jepsen-lite/jepsen-lite"
)

// handmadeQueue hands out the oldest job, and removes it when it has been read.
type handmadeQueue struct {
	redis *redis.Client
}

func (q handmadeQueue) push(ctx context.Context, key string, job any) (any, error) {
	return job, q.redis.RPush(ctx, key, job).Err()
}

// pop reads the first job, and then removes the first job: two workers can read
// the same one.
func (q handmadeQueue) pop(ctx context.Context, key string, _ any) (any, error) {
	job, err := q.redis.LIndex(ctx, key, 0).Int64()
	if errors.Is(err, redis.Nil) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return job, q.redis.LPop(ctx, key).Err()
}

// A queue of one's own, and the promise that each job is handed out once, in
// order.
func ExampleSpec_Find_queue() {
	spec := jepsenlite.Spec{
		Model: "fifo-queue",
		Client: func(c *jepsenlite.Client) map[string]jepsenlite.Func {
			queue := handmadeQueue{c.Redis}
			return map[string]jepsenlite.Func{"enqueue": queue.push, "dequeue": queue.pop}
		},
		Operations: []jepsenlite.Operation{{Name: "enqueue", Arg: jepsenlite.Number}, {Name: "dequeue"}},
	}
	failure, err := spec.Find(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(failure)
	// Output:
	// two dequeues both returned 1
	//
	//      c0              c1              server
	//      ──────────────────────────────────────────────────────────────────────────
	//   1  ┌ enqueue k1 1
	//   2  │ ●┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄▸ RPUSH k1 1 → 1
	//   3  └ ok 1
	//   4  ┌ enqueue k1 2
	//   5  │ ●┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄▸ RPUSH k1 2 → 2
	//   6  └ ok 2
	//   7  ┌ dequeue k1
	//   8  │               ┌ dequeue k1
	//   9  │               │ ●┄┄┄┄┄┄┄┄┄┄┄┄┄▸ LINDEX k1 0 → 1
	//  10  │ ●┄┄┄┄┄┄┄┄┄┄┄┄┄┼┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄▸ LINDEX k1 0 → 1
	//  11  │ ◂ 1           │
	//  12  │ ●┄┄┄┄┄┄┄┄┄┄┄┄┄┼┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄▸ LPOP k1 → 1
	//  13  └ ok 1          │
	//  14                  │ ◂ 1
	//  15                  │ ●┄┄┄┄┄┄┄┄┄┄┄┄┄▸ LPOP k1 → 2
	//  16                  └ ok 1
}
