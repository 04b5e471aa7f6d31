package topology

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jepsen-lite/jepsen-lite/target"
)

// failoverLimit bounds the wait for a replica that was told to take over.
const failoverLimit = 10 * time.Second

// Failover implements [target.Failoverer]. Only a cluster knows other ways than the
// agreed one.
func (t *Target) Failover(ctx context.Context, way target.FailoverWay) (node string, done bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, failoverLimit)
	defer cancel()
	switch s := t.shape.(type) {
	case *replicated:
		if way != target.Agreed {
			return "", false, fmt.Errorf("fail over: Sentinels have no way %q: expected %q", way, target.Agreed)
		}
		return s.failover(ctx)
	case *cluster:
		return s.failover(ctx, way)
	}
	return "", false, fmt.Errorf("fail over: there are no replicas in the topology %s", t.config.Kind)
}

// failover asks one Sentinel after the other. See
// https://redis.io/docs/latest/operate/oss_and_stack/management/sentinel/, SENTINEL
// FAILOVER.
func (r *replicated) failover(ctx context.Context) (string, bool, error) {
	before, err := r.primary(ctx)
	if err != nil {
		return "", false, err
	}
	var refused error
	for _, s := range r.members {
		if !isSentinel(s) {
			continue
		}
		if _, err := s.ask(ctx, []any{"SENTINEL", "FAILOVER", primaryName}); err != nil {
			refused = errors.Join(refused, err)
			continue
		}
		now := before
		done := waitUntil(ctx, func() bool {
			if m, err := r.primary(ctx); err == nil {
				now = m
			}
			return now != before
		})
		return now.spec.Name, done, nil
	}
	return "", false, refused
}

// failover tells a replica to take over from its primary: the first that agrees.
func (c *cluster) failover(ctx context.Context, way target.FailoverWay) (string, bool, error) {
	command := []any{"CLUSTER", "FAILOVER"}
	if way != target.Agreed {
		command = append(command, strings.ToUpper(string(way)))
	}
	var refused error
	for _, m := range c.shuffled() {
		if !c.isReplica(ctx, m) {
			continue
		}
		if _, err := m.ask(ctx, command); err != nil {
			refused = errors.Join(refused, err)
			continue
		}
		done := waitUntil(ctx, func() bool { return c.isPrimary(ctx, m) })
		return m.spec.Name, done, nil
	}
	if refused == nil {
		refused = errors.New("no replica answers")
	}
	return "", false, refused
}

func (c *cluster) isReplica(ctx context.Context, m *member) bool {
	info, err := m.info(ctx, "replication")
	return err == nil && info["role"] == "slave"
}

func (c *cluster) isPrimary(ctx context.Context, m *member) bool {
	info, err := m.info(ctx, "replication")
	return err == nil && info["role"] == "master"
}

// waitUntil reports whether the condition came to hold before ctx ended.
func waitUntil(ctx context.Context, condition func() bool) bool {
	for !condition() {
		if !target.Wall().Sleep(ctx, settlePause) {
			return false
		}
	}
	return true
}
