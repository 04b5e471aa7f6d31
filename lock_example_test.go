package jepsenlite_test

import (
	"context"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"

	jepsenlite "github.com/jepsen-lite/jepsen-lite"
)

// handmadeLock is a lock as one writes it: whoever holds it deletes it.
type handmadeLock struct {
	redis *redis.Client
}

func (l handmadeLock) acquire(ctx context.Context, key string, token any) (any, error) {
	granted, err := l.redis.SetNX(ctx, key, token, 300*time.Millisecond).Result()
	if err != nil || !granted {
		return false, err
	}
	return token, nil
}

// release deletes a lock that may have expired, and be somebody else's by now.
func (l handmadeLock) release(ctx context.Context, key string, token any) (any, error) {
	return token, l.redis.Del(ctx, key).Err()
}

// A lock of one's own, and the promise that nobody else is granted it before its
// time is over, unless it was released.
func ExampleSpec_Find_lock() {
	spec := jepsenlite.Spec{
		Model: "lease(300ms)",
		Client: func(c *jepsenlite.Client) map[string]jepsenlite.Func {
			lock := handmadeLock{c.Redis}
			return map[string]jepsenlite.Func{"acquire": lock.acquire, "release": lock.release}
		},
		Operations: []jepsenlite.Operation{{Name: "acquire", Arg: jepsenlite.Token}, {Name: "release", Arg: jepsenlite.Held}},
		Faults:     []string{"tick"},
		Ticks:      []time.Duration{300 * time.Millisecond},
	}
	failure, err := spec.Find(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(failure)
	// Output:
	// the lock was released with the token "a", although it had been granted to process 1 (token "b") since
	//
	//      c0                c1                server
	//      ──────────────────────────────────────────────────────────────────────────
	//   1  ┌ acquire k1 "a"
	//   2  │ ●┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄▸ SET k1 a PX 300 NX → OK
	//   3  └ ok "a"
	//   4  ┈┈ 300ms pass ┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈
	//   5                    ┌ acquire k1 "b"
	//   6                    │ ●┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄▸ SET k1 b PX 300 NX → OK
	//   7                    └ ok "b"
	//   8  ┌ release k1 "a"
	//   9  │ ●┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄▸ DEL k1 → 1
	//  10  └ ok "a"
}
