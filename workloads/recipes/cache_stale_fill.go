package recipes

import (
	"context"
	"errors"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/workloads"
)

// cacheStaleFill keeps rows of a database in a cache: a reader that does not find
// a row there reads it from the database and puts it into the cache; a writer
// changes the database and then deletes the row from the cache. But a reader that
// is slow puts in what it read before the change, after the deletion, and there it
// stays. cacheLease lets it fill only what nobody has deleted meanwhile.
//
// The database is played by keys of the same server, so that each access to it is
// a step of its own.
func cacheStaleFill() workloads.Workload {
	return caching("cache-stale-fill",
		"a cache filled by readers and cleared by writers (incorrect: cache-lease is right)",
		func(env workloads.Env) workloads.Client { return cacheStaleFillClient{env} })
}

// caching is a workload of a cache beside a database.
//
// Why freshness: between the change of the database and that of the cache, one
// reader sees the new row and another the old, so no such cache is linearizable.
func caching(name, about string, client func(workloads.Env) workloads.Client) workloads.Workload {
	return workloads.Workload{
		Name:   name,
		About:  about,
		Checks: func(workloads.Options) []string { return []string{"freshness", "stats"} },
		New: func(workloads.Options) workloads.Instance {
			return workloads.Instance{
				Generator: func(lane workloads.Lane) workloads.Generator {
					fresh := workloads.FreshValues(lane)
					return workloads.Mix(lane,
						workloads.Choice{Weight: 2, Op: func() workloads.Op { return workloads.Op{F: "read", Value: history.NullValue} }},
						workloads.Choice{Weight: 1, Op: func() workloads.Op { return workloads.Op{F: "write", Value: fresh()} }})
				},
				Client: client,
				Final:  workloads.Op{F: "read", Value: history.NullValue},
			}
		},
	}
}

// cacheTTL is longer than anybody waits.
const cacheTTL = 24 * time.Hour

// row returns a row of the database. One that does not exist is empty, and cached
// as such.
func row(ctx context.Context, r redis.UniversalClient, key string) (string, error) {
	text, err := r.Get(ctx, key+":row").Result()
	if errors.Is(err, redis.Nil) {
		return "null", nil
	}
	return text, err
}

// setRow changes a row of the database.
func setRow(ctx context.Context, r redis.UniversalClient, key, text string) error {
	return r.Set(ctx, key+":row", text, 0).Err()
}

// content is a row as a value.
func content(text string) (history.Value, error) { return history.ParseValue([]byte(text)) }

type cacheStaleFillClient struct{ env workloads.Env }

func (c cacheStaleFillClient) Do(ctx context.Context, op workloads.Op) (history.Value, error) {
	r, key := c.env.Conn.Redis, c.env.Key(op)
	if op.F == "write" {
		if err := setRow(ctx, r, key, op.Value.String()); err != nil {
			return history.Value{}, err
		}
		return op.Value, r.Del(ctx, key).Err()
	}
	text, err := r.Get(ctx, key).Result()
	if err == nil {
		return content(text)
	}
	if !errors.Is(err, redis.Nil) {
		return history.Value{}, err
	}
	if text, err = row(ctx, r, key); err != nil {
		return history.Value{}, err
	}
	if err := r.Set(ctx, key, text, cacheTTL).Err(); err != nil {
		return history.Value{}, err
	}
	return content(text)
}
