package recipes

import (
	"context"

	"github.com/redis/go-redis/v9"

	"github.com/jepsen-lite/jepsen-lite/workloads"
)

// idempotencyAtomic notes the key and pays in one script: a request that comes
// again finds both or neither.
func idempotencyAtomic() workloads.Workload {
	return depositing("idempotency-atomic",
		"payments with an idempotency key that is noted in the script that pays, sent again after a timeout",
		depositOnce)
}

// payOnce notes the key KEYS[1] and pays into KEYS[2], unless the key was noted.
var payOnce = redis.NewScript(`
if redis.call('SET', KEYS[1], 'done', 'NX', 'PX', ARGV[2]) then
  redis.call('INCRBY', KEYS[2], ARGV[1])
end
return 1`)

func depositOnce(ctx context.Context, r redis.UniversalClient, account, id string, amount int64) error {
	return payOnce.Run(ctx, r, []string{id, account}, amount, idempotencyTTL.Milliseconds()).Err()
}
