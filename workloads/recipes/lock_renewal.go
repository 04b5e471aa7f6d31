package recipes

import (
	"context"
	"errors"

	"github.com/redis/go-redis/v9"

	"github.com/jepsen-lite/jepsen-lite/workloads"
)

// lockRenewal compares the token and begins the time to live anew in one script.
func lockRenewal() workloads.Workload {
	return renewing("lock-renewal",
		"a lock renewed by comparing the token and extending the time to live in a script", expireOwn)
}

func expireOwn(ctx context.Context, c renewingClient, op workloads.Op) (bool, error) {
	token, _ := op.Value.Text()
	holder, err := compareAndExtend.Run(ctx, c.env.Conn.Redis, []string{c.env.Key(op)}, token, c.options.TTL.Milliseconds()).Text()
	if errors.Is(err, redis.Nil) {
		return false, nil
	}
	return holder == token, err
}
