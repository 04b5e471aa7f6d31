package recipes

import (
	"context"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/jepsen-lite/jepsen-lite/workloads"
)

// delayedQueue moves a message that is due and removes it in one script.
func delayedQueue() workloads.Workload {
	return delayed("delayed-queue", "delayed messages, moved to the ready queue in a script", moveInScript)
}

// Lists beside a queue: of messages that are due, and a sorted set of those that
// are not yet, by the time in milliseconds at which they are.
const (
	ready = ":ready"
	later = ":later"
)

// DelayedBy is how long messages are delayed.
const DelayedBy = 50 * time.Millisecond

// mover moves a message that is due at a time in milliseconds, if there is one,
// to the ready queue.
type mover func(ctx context.Context, r redis.UniversalClient, queue, now string) error

// delayed is a queue of delayed messages. A worker moves what is due, and takes
// what is ready. In the end everything is due.
func delayed(name, about string, move mover) workloads.Workload {
	take := func(ctx context.Context, env workloads.Env, queue, now string) (string, error) {
		if err := move(ctx, env.Conn.Redis, queue, now); err != nil {
			return "", err
		}
		return env.Conn.Redis.RPop(ctx, queue+ready).Result()
	}
	return queueRecipe{
		name:   name,
		about:  about,
		checks: []string{"delivery"},
		put: func(ctx context.Context, env workloads.Env, queue, element string) error {
			due := env.Clock.Now() + DelayedBy
			return env.Conn.Redis.ZAdd(ctx, queue+later, redis.Z{Score: float64(due.Milliseconds()), Member: element}).Err()
		},
		take: func(ctx context.Context, env workloads.Env, queue string) (string, error) {
			return take(ctx, env, queue, strconv.FormatInt(env.Clock.Now().Milliseconds(), 10))
		},
		recover: func(ctx context.Context, env workloads.Env, queue string) (string, error) {
			return take(ctx, env, queue, "+inf")
		},
	}.workload()
}

// moveDue returns how many messages it moved: 0 or 1.
var moveDue = redis.NewScript(`
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, 1)
for _, message in ipairs(due) do
  redis.call('LPUSH', KEYS[2], message)
  redis.call('ZREM', KEYS[1], message)
end
return #due`)

func moveInScript(ctx context.Context, r redis.UniversalClient, queue, now string) error {
	return moveDue.Run(ctx, r, []string{queue + later, queue + ready}, now).Err()
}
