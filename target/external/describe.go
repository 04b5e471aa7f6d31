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

// Seen is how a server looks from here.
type Seen struct {
	Name string      `json:"name"`
	Addr string      `json:"addr"`
	Role target.Role `json:"role"`
	// AnswerNS is the median time of an answer, Error why there was none.
	AnswerNS int64  `json:"answer_ns,omitempty"`
	Error    string `json:"error,omitempty"`
}

// String is a line for people.
func (s Seen) String() string {
	line := fmt.Sprintf("%s %s, %s: ", s.Name, s.Addr, s.Role)
	if s.Error != "" {
		return line + s.Error
	}
	return line + fmt.Sprintf("answers in %v (median of %d)", time.Duration(s.AnswerNS).Round(time.Microsecond), pings)
}

// Look asks each server for answers.
func (t *Target) Look(ctx context.Context) (all []Seen) {
	for _, n := range t.nodes {
		s := Seen{Name: n.Name(), Addr: n.Addr(), Role: t.roles[n.Name()]}
		ask := t.address.server
		if s.Role == target.Sentinel {
			ask = t.address.sentinel
		}
		err := ask(ctx, n.Addr(), func(ctx context.Context, c *redis.Client) error {
			took, err := latency(ctx, c)
			s.AnswerNS = int64(took)
			return err
		})
		if err != nil {
			s.Error = err.Error()
		}
		all = append(all, s)
	}
	return all
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
