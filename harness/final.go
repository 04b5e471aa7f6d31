package harness

import (
	"context"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/target"
)

const (
	// recoverLimit bounds the wait for a target to recover in the end.
	recoverLimit = 2 * time.Minute
	// finalLimit bounds the last reads of all keys together.
	finalLimit = time.Minute
	// finalTries is how often the last read of a key is tried; each try is an
	// operation of its own.
	finalTries = 5
	// refusingLimit is how long a server may refuse writes once its disk is healed.
	// Redis tries a snapshot that failed again after five seconds (Redis 7.0, server.h,
	// CONFIG_BGSAVE_RETRY_DELAY).
	refusingLimit = 10 * time.Second
)

// recover brings back whatever is not running. After the nemesis has healed that
// is nothing, unless a server ended by itself.
func (r *run) recover() error {
	ctx, cancel := target.WithTimeout(context.Background(), r.world, recoverLimit)
	defer cancel()
	for _, node := range r.world.servers().Nodes() {
		started, err := node.Start(ctx)
		if err != nil {
			return fmt.Errorf("recover: %w", err)
		}
		if started {
			r.note(endedByItself(node.Name()))
		}
		if err := r.revive(ctx, node); err != nil {
			return fmt.Errorf("recover: %w", err)
		}
	}
	if err := r.world.settle(ctx); err != nil {
		return fmt.Errorf("recover: %w", err)
	}
	return nil
}

// revive waits until a server is ready, and restarts one that goes on refusing writes,
// as an operator does.
//
// Why: once an fsync in the background has failed, Redis refuses writes until another
// one succeeds; but it syncs only after a write (Redis 7.0, aof.c, flushAppendOnlyFile).
func (r *run) revive(ctx context.Context, node target.Node) error {
	patient, cancel := target.WithTimeout(ctx, r.world, refusingLimit)
	defer cancel()
	err := r.world.ready(patient, node)
	if err == nil || ctx.Err() != nil {
		return err
	}
	if stopper, ok := node.(target.Stopper); ok && refusesWrites(ctx, node) {
		if _, err := stopper.Stop(ctx); err != nil {
			return err
		}
		if _, err := node.Start(ctx); err != nil {
			return err
		}
		r.note(node.Name() + " went on refusing writes with its disk healed (MISCONF), and was restarted, as an operator would")
	}
	return r.world.ready(ctx, node)
}

// refusesWrites tells whether a server is well but for its disk: it refuses PING as it
// does writes (Redis 7.0, server.c, processCommand).
func refusesWrites(ctx context.Context, node target.Node) bool {
	n, ok := node.(target.Commander)
	if !ok {
		return false
	}
	_, err := n.Command(ctx, "PING")
	return redis.HasErrorPrefix(err, "MISCONF")
}

// readFinally performs the workload's last operation on every key, the lanes
// sharing the keys out among them.
func (r *run) readFinally() error {
	if r.instance.Final.F == "" {
		return nil
	}
	ctx, cancel := target.WithTimeout(context.Background(), r.world, finalLimit)
	defer cancel()
	keys := r.keys.All()
	errs := make([]error, len(r.lanes))
	crew := r.world.crew()
	for i, l := range r.lanes {
		crew.Go(func() {
			for k := i; k < len(keys) && ctx.Err() == nil && errs[i] == nil; k += len(r.lanes) {
				errs[i] = l.readFinally(ctx, keys[k])
			}
		})
	}
	crew.Wait()
	if ctx.Err() != nil {
		r.note(fmt.Sprintf("the final reads were not over after %v", finalLimit))
	}
	return firstError(errs)
}

func (l *lane) readFinally(ctx context.Context, key string) error {
	op := l.run.instance.Final
	op.Key, op.Final = key, !l.run.instance.Drain
	for tries := 0; tries < finalTries && ctx.Err() == nil; {
		outcome, result, err := l.worker.Perform(op)
		switch {
		case err != nil:
			return err
		case outcome != history.OK:
			tries++
			l.run.world.Sleep(ctx, 100*time.Millisecond)
		case !l.run.instance.Drain || result.IsNull():
			return nil
		}
	}
	return nil
}

func firstError(errs []error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
