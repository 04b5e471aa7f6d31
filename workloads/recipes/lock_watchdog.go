package recipes

import (
	"context"
	"errors"

	"github.com/redis/go-redis/v9"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/workloads"
)

// lockWatchdog renews a lock in the background for as long as it is held: by
// comparing the token and extending the time to live in one script.
func lockWatchdog() workloads.Workload {
	return watched("lock-watchdog",
		"a lock renewed in the background by comparing the token and extending the time to live in a script", extendOwn)
}

func extendOwn(ctx context.Context, c watchedClient, r redis.UniversalClient, key, token string) error {
	holder, err := compareAndExtend.Run(ctx, r, []string{key}, token, c.options.TTL.Milliseconds()).Text()
	if err == nil && holder != token {
		return errLost
	}
	return err
}

// errLost ends a watchdog whose lock is gone.
var errLost = errors.New("the lock is somebody else's")

// lockWatchdogSet renews by setting the key again, with the token and the time to
// live: a watchdog that comes late takes the lock from whoever has it by then.
// lockWatchdog compares the token.
func lockWatchdogSet() workloads.Workload {
	return watched("lock-watchdog-set",
		"a lock renewed in the background by SET of the token and the time to live (incorrect: lock-watchdog is right)", setAgain)
}

func setAgain(ctx context.Context, c watchedClient, r redis.UniversalClient, key, token string) error {
	return r.Set(ctx, key, token, c.options.TTL).Err()
}

// extender renews a lock once.
type extender func(ctx context.Context, c watchedClient, r redis.UniversalClient, key, token string) error

// watched is the workload of a lock that a helper of its holder renews.
func watched(name, about string, extend extender) workloads.Workload {
	return workloads.Workload{
		Name:   name,
		About:  about,
		Checks: leaseChecks,
		New: func(o workloads.Options) workloads.Instance {
			return workloads.Locking(o, func(env workloads.Env) workloads.Client {
				return watchedClient{env, o, extend, map[string]func(){}}
			})
		},
	}
}

type watchedClient struct {
	env     workloads.Env
	options workloads.Options
	extend  extender
	stop    map[string]func() // the watchdog of each key that is held
}

func (c watchedClient) Do(ctx context.Context, op workloads.Op) (history.Value, error) {
	key := c.env.Key(op)
	token, _ := op.Value.Text()
	if op.F == "acquire" {
		result, err := acquire(ctx, c.env, op, c.options.TTL)
		if err == nil && result == op.Value {
			c.stop[key] = c.env.Spawn(func(ctx context.Context, own workloads.Env) { c.watch(ctx, own, key, token) })
		}
		return result, err
	}
	if stop := c.stop[key]; stop != nil {
		stop()
	}
	deleted, err := compareAndDelete.Run(ctx, c.env.Conn.Redis, []string{key}, token).Int64()
	return released(op, deleted, err)
}

// watch renews the lock three times in its time to live, until it is stopped or
// the lock is lost.
func (c watchedClient) watch(ctx context.Context, own workloads.Env, key, token string) {
	for own.Clock.Sleep(ctx, c.options.TTL/3) {
		if c.extend(ctx, c, own.Conn.Redis, key, token) != nil {
			return
		}
	}
}
