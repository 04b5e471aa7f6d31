package recipes

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/workloads"
)

// leaseChecks judge a lock by what a time to live can promise: nobody else is
// granted the lock before it is over. What holders believe is another matter: a
// pause longer than that makes two holders of any such lock.
func leaseChecks(o workloads.Options) []string {
	return []string{fmt.Sprintf("linearizable(lease(%s))", o.TTL), "stats"}
}

// acquire is the half of a lock that few get wrong: SET NX PX with a token. The
// result is the token, or who holds the lock.
func acquire(ctx context.Context, env workloads.Env, op workloads.Op, ttl time.Duration) (history.Value, error) {
	token, _ := op.Value.Text()
	holder, err := env.Conn.Redis.SetArgs(ctx, env.Key(op), token, redis.SetArgs{Mode: "NX", Get: true, TTL: ttl}).Result()
	if errors.Is(err, redis.Nil) { // there was no value before: granted
		return op.Value, nil
	}
	if err != nil {
		return history.Value{}, err
	}
	return history.Object("held_by", history.Str(holder)), nil
}

// compareAndDelete returns 1 if the key had the value, and deleted it.
var compareAndDelete = redis.NewScript(`
if redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('DEL', KEYS[1])
end
return 0`)

// released is the result of a release that deleted so many keys.
func released(op workloads.Op, deleted int64, err error) (history.Value, error) {
	if err == nil && deleted == 0 {
		return history.Bool(false), nil // it was gone
	}
	return op.Value, err
}
