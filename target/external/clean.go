package external

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

const (
	// scanBatch is about how many keys one SCAN looks at. Redis looks at that many
	// before anybody else's turn comes.
	scanBatch = 1000
	// scanLimit bounds a look through all keys of all servers.
	scanLimit = 2 * time.Minute
	// sweeps is how often the keys are looked through until none is left.
	sweeps = 4
)

// scan calls visit with the keys of every primary that match a pattern, some at a
// time, and returns how many there were. A key can come twice
// (https://redis.io/docs/latest/commands/scan/).
func (a Address) scan(ctx context.Context, pattern string, visit func(context.Context, *redis.Client, []string) error) (found int, err error) {
	now, err := a.members(ctx)
	if err != nil {
		return 0, err
	}
	ctx, cancel := context.WithTimeout(ctx, scanLimit)
	defer cancel()
	for _, addr := range now.primaries {
		err := a.talk(ctx, addr, a.servers(), func(ctx context.Context, c *redis.Client) error {
			for cursor := uint64(0); ; {
				keys, next, err := c.Scan(ctx, cursor, pattern, scanBatch).Result()
				if err == nil && len(keys) > 0 && visit != nil {
					err = visit(ctx, c, keys)
				}
				found += len(keys)
				if cursor = next; err != nil || cursor == 0 {
					return err
				}
			}
		})
		if err != nil {
			return found, err
		}
	}
	return found, nil
}

// unlink deletes keys one by one, as in a cluster those of one command have to be
// of one slot, and returns how many it deleted. A key whose slot has moved stays.
func unlink(ctx context.Context, c *redis.Client, keys []string) (deleted int, err error) {
	replies, err := c.Pipelined(ctx, func(p redis.Pipeliner) error {
		for _, key := range keys {
			p.Unlink(ctx, key)
		}
		return nil
	})
	for _, reply := range replies {
		if n, ok := reply.(*redis.IntCmd); ok {
			deleted += int(n.Val())
		}
		if err := reply.Err(); err != nil && !hasMoved(err) {
			return deleted, err
		}
	}
	if hasMoved(err) { // go-redis returns the first of them
		err = nil
	}
	return deleted, err
}

// hasMoved tells whether a server sent us to another one. The next look finds the
// key there.
func hasMoved(err error) bool {
	return redis.HasErrorPrefix(err, "MOVED") || redis.HasErrorPrefix(err, "ASK") || redis.HasErrorPrefix(err, "TRYAGAIN")
}

// Clean deletes the run's keys from every primary, and returns how many there
// were. The clients have ended by then. Before Start there are none.
//
// Why it looks again until none is left: what a client sent before its connection
// ended may be executed after the first look.
func (t *Target) Clean(ctx context.Context) (deleted int, err error) {
	if !t.written {
		return 0, nil
	}
	deleted, err = t.address.sweep(ctx, t.prefix+"*", func(key string) bool { return strings.HasPrefix(key, t.prefix) })
	if err != nil {
		return deleted, fmt.Errorf("delete our keys, which begin with %s: %w; jepsen-lite doctor --clean --target %s deletes what is older than a day", t.prefix, err, t.address)
	}
	t.written = false
	return deleted, nil
}

// sweep deletes the keys that match a pattern and are ours, until none is left.
func (a Address) sweep(ctx context.Context, pattern string, ours func(string) bool) (deleted int, err error) {
	for range sweeps {
		met := 0
		_, err := a.scan(ctx, pattern, func(ctx context.Context, c *redis.Client, keys []string) error {
			var chosen []string
			for _, key := range keys {
				if ours(key) {
					chosen = append(chosen, key)
				}
			}
			if len(chosen) == 0 {
				return nil
			}
			met += len(chosen)
			n, err := unlink(ctx, c, chosen)
			deleted += n
			return err
		})
		if err != nil || met == 0 {
			return deleted, err
		}
	}
	return deleted, errors.New("there were more of them each time")
}

// OldAfter is the age from which keys of ours are of a run that was cut off: no
// run lasts that long.
const OldAfter = 24 * time.Hour

// Leftovers counts the keys of runs that began before OldAfter, and deletes them if
// asked to. Keys of younger runs it leaves alone: they may be under way.
func (t *Target) Leftovers(ctx context.Context, remove bool) (keys int, err error) {
	now := time.Now()
	old := func(key string) bool {
		at, ours := began(key)
		return ours && now.Sub(at) > OldAfter
	}
	if remove {
		return t.address.sweep(ctx, Ours+"*", old)
	}
	_, err = t.address.scan(ctx, Ours+"*", func(_ context.Context, _ *redis.Client, found []string) error {
		for _, key := range found {
			if old(key) {
				keys++
			}
		}
		return nil
	})
	return keys, err
}
