package starter

import (
	"context"
	"time"
)

const (
	// stopLimit bounds the wait for a server that was asked to exit.
	stopLimit = 10 * time.Second
	// askAgain is after how long a server that is still there is asked again.
	askAgain = time.Second
)

// Stop asks a server to exit and waits until it is gone, for ten seconds at most.
// ask sends SIGTERM; wait returns nil once the server is gone, and an error when ctx
// or the time has ended.
//
// Why it asks again: while a server writes the first part of an append-only file,
// as each replica does after it has loaded its primary's data, it refuses to exit
// and forgets that it was asked (Redis 7.0, server.c, finishShutdown, "Writing
// initial AOF, can't exit"). To be asked twice by SIGTERM changes nothing
// (sigShutdownHandler).
func Stop(ctx context.Context, ask func() error, wait func(context.Context, time.Duration) error) error {
	for left := stopLimit; ; left -= askAgain {
		if err := ask(); err != nil {
			return err
		}
		err := wait(ctx, min(left, askAgain))
		if err == nil || ctx.Err() != nil || left <= askAgain {
			return err
		}
	}
}
