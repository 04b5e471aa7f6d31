package topology

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"

	"github.com/jepsen-lite/jepsen-lite/target"
)

// replicated is a primary, its replicas, and Sentinels that put a replica in its
// place when it is down. See
// https://redis.io/docs/latest/operate/oss_and_stack/management/sentinel/.
type replicated struct{ *Target }

// primaryName is what the Sentinels call the primary.
const primaryName = "main"

func (r *replicated) lines(m *member) []string {
	host, port := m.announced()
	primaryHost, primaryPort := r.members[0].announced()
	if m.spec.Sentinel {
		down := r.config.DownAfter.Milliseconds()
		return append(outgoing(m),
			"sentinel announce-ip "+host,
			"sentinel announce-port "+port,
			fmt.Sprintf("sentinel monitor %s %s %s %d", primaryName, primaryHost, primaryPort, quorum),
			fmt.Sprintf("sentinel down-after-milliseconds %s %d", primaryName, down),
			// A failover that fails is tried again after twice that time.
			fmt.Sprintf("sentinel failover-timeout %s %d", primaryName, 3*down),
		)
	}
	lines := append(outgoing(m),
		"replica-announce-ip "+host,
		"replica-announce-port "+port,
		"repl-diskless-sync-delay 0",
		"repl-ping-replica-period 1",
		fmt.Sprintf("min-replicas-to-write %d", r.config.MinReplicas),
		// Replicas say each second how far they are; more often is not possible.
		"min-replicas-max-lag 2",
	)
	if m.number > 1 {
		lines = append(lines, "replicaof "+primaryHost+" "+primaryPort)
	}
	return lines
}

func (r *replicated) unite(context.Context) error { return nil } // they find each other

func (r *replicated) settled(ctx context.Context) error {
	primary, err := r.primary(ctx)
	if err != nil {
		return err
	}
	for _, m := range r.members {
		if isServer(m) {
			if err := r.follows(ctx, m, primary); err != nil {
				return err
			}
			continue
		}
		if err := r.watches(ctx, m, primary); err != nil {
			return err
		}
	}
	return nil
}

// follows returns nil if a server is the primary with all its replicas, or one of
// these.
func (r *replicated) follows(ctx context.Context, m, primary *member) error {
	info, err := m.info(ctx, "replication")
	switch {
	case err != nil:
		return err
	case m == primary && (info["role"] != "master" || info["connected_slaves"] != strconv.Itoa(r.config.Replicas)):
		return fmt.Errorf("%s, the primary, is a %s with %s replicas", m.spec.Name, info["role"], info["connected_slaves"])
	case m != primary && (r.at(net.JoinHostPort(info["master_host"], info["master_port"])) != primary || info["master_link_status"] != "up"):
		return fmt.Errorf("%s does not follow %s (it is a %s, its link %q)", m.spec.Name, primary.spec.Name, info["role"], info["master_link_status"])
	}
	return nil
}

// watches returns nil if a Sentinel knows the primary, its replicas and the others.
func (r *replicated) watches(ctx context.Context, s, primary *member) error {
	info, err := s.info(ctx, "sentinel")
	if err != nil {
		return err
	}
	want := fmt.Sprintf("name=%s,status=ok,address=%s,slaves=%d,sentinels=%d", primaryName, primary.front.Addr(), r.config.Replicas, sentinels)
	if got := info["master0"]; got != want {
		return fmt.Errorf("sentinel %s sees %s, not %s", s.spec.Name, got, want)
	}
	return nil
}

// primary returns the server that most Sentinels name.
func (r *replicated) primary(ctx context.Context) (*member, error) {
	votes := map[*member]int{}
	var failed error
	for _, m := range r.members {
		if !isSentinel(m) {
			continue
		}
		reply, err := m.ask(ctx, []any{"SENTINEL", "GET-MASTER-ADDR-BY-NAME", primaryName})
		if err != nil {
			failed = err
			continue
		}
		if addr, _ := reply.([]any); len(addr) == 2 {
			votes[r.at(fmt.Sprintf("%s:%s", addr...))]++
		}
	}
	for m, n := range votes {
		if m != nil && n > sentinels/2 {
			return m, nil
		}
	}
	return nil, errors.Join(errors.New("the sentinels do not agree on a primary"), failed)
}

// roles tells what the Sentinels say: a former primary that does not know yet is
// no primary.
func (r *replicated) roles(ctx context.Context) (map[string]target.Role, error) {
	primary, err := r.primary(ctx)
	if err != nil {
		return nil, err
	}
	roles := map[string]target.Role{}
	for _, m := range r.members {
		switch {
		case isSentinel(m):
			roles[m.spec.Name] = target.Sentinel
		case m == primary:
			roles[m.spec.Name] = target.Primary
		default:
			roles[m.spec.Name] = target.Replica
		}
	}
	return roles, nil
}

func (r *replicated) access() target.Access {
	return target.Access{Client: target.Failover, Addrs: r.fronts(isSentinel), Master: primaryName}
}
