package external

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/jepsen-lite/jepsen-lite/target"
)

// pings is how often a server is asked for how long an answer takes.
const pings = 20

// Describe returns a line for each server, for people: its role and the median
// time of an answer, or why there was none.
func (t *Target) Describe(ctx context.Context) (lines []string) {
	for _, n := range t.nodes {
		role := t.roles[n.Name()]
		ask := t.address.server
		if role == target.Sentinel {
			ask = t.address.sentinel
		}
		var took time.Duration
		err := ask(ctx, n.Addr(), func(ctx context.Context, c *redis.Client) (err error) {
			took, err = latency(ctx, c)
			return err
		})
		line := fmt.Sprintf("node      %s %s, %s: ", n.Name(), n.Addr(), role)
		if err != nil {
			lines = append(lines, line+err.Error())
			continue
		}
		lines = append(lines, line+fmt.Sprintf("answers in %v (median of %d)", took.Round(time.Microsecond), pings))
	}
	return lines
}

func latency(ctx context.Context, c *redis.Client) (time.Duration, error) {
	var took []time.Duration
	for range pings {
		began := time.Now()
		if err := c.Ping(ctx).Err(); err != nil {
			return 0, err
		}
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	return took[len(took)/2], nil
}
