package external

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"

	"github.com/redis/go-redis/v9"

	"github.com/jepsen-lite/jepsen-lite/target"
)

// members are the servers there are at one moment, by their addresses. No two
// lists have one in common.
type members struct{ primaries, replicas, sentinels []string }

// clusterSlots is how many slots a cluster has.
const clusterSlots = 16384

// members asks who is there.
func (a Address) members(ctx context.Context) (members, error) {
	switch a.client {
	case target.Failover:
		return firstAnswer(a.seeds, func(addr string) (members, error) { return a.watched(ctx, addr) })
	case target.Cluster:
		return firstAnswer(a.seeds, func(addr string) (members, error) { return a.clustered(ctx, addr) })
	}
	return a.alone(ctx)
}

// firstAnswer asks one seed after the other until one answers, or says that the
// question is wrong. Of several errors the first is returned.
func firstAnswer[T any](seeds []string, question func(addr string) (T, error)) (answer T, err error) {
	var first error
	for _, addr := range seeds {
		answer, err = question(addr)
		var wrong *AskedError
		if err == nil || errors.As(err, &wrong) {
			return answer, err
		}
		if first == nil {
			first = err
		}
	}
	if n := len(seeds) - 1; n > 0 {
		first = fmt.Errorf("%w (and no answer from %d others)", first, n)
	}
	return answer, first
}

// alone is the one server, which may have become a replica meanwhile.
func (a Address) alone(ctx context.Context) (m members, err error) {
	err = a.server(ctx, a.seeds[0], func(ctx context.Context, c *redis.Client) error {
		who, err := identify(ctx, c)
		if who.replica {
			m.replicas = a.seeds
		} else {
			m.primaries = a.seeds
		}
		return err
	})
	return m, err
}

// watched is what a Sentinel knows. See
// https://redis.io/docs/latest/operate/oss_and_stack/management/sentinel/.
func (a Address) watched(ctx context.Context, addr string) (m members, err error) {
	m.sentinels = a.seeds
	err = a.sentinel(ctx, addr, func(ctx context.Context, c *redis.Client) error {
		primary, err := c.Do(ctx, "SENTINEL", "GET-MASTER-ADDR-BY-NAME", a.master).StringSlice()
		if errors.Is(err, redis.Nil) || err == nil && len(primary) != 2 {
			return asked("the Sentinel knows no primary named %q: check master_name in the URL", a.master)
		} else if err != nil {
			return err
		}
		m.primaries = []string{net.JoinHostPort(primary[0], primary[1])}
		replicas, err := c.Do(ctx, "SENTINEL", "REPLICAS", a.master).Slice()
		if isDenied(err) {
			return nil
		}
		for _, reply := range replicas {
			fields := pairs(reply)
			m.replicas = append(m.replicas, net.JoinHostPort(fields["ip"], fields["port"]))
		}
		slices.Sort(m.replicas) // a Sentinel keeps them in no order
		return err
	})
	// After a failover the new primary stands among the replicas for a while.
	m.replicas = slices.DeleteFunc(m.replicas, func(addr string) bool { return slices.Contains(m.primaries, addr) })
	return m, err
}

// pairs reads names and values in turn.
func pairs(reply any) map[string]string {
	list, _ := reply.([]any)
	fields := map[string]string{}
	for i := 0; i+1 < len(list); i += 2 {
		fields[fmt.Sprint(list[i])] = fmt.Sprint(list[i+1])
	}
	return fields
}

// clustered is what a server of a cluster knows. See
// https://redis.io/docs/latest/commands/cluster-slots/, which go-redis' client
// asks as well.
func (a Address) clustered(ctx context.Context, addr string) (m members, err error) {
	err = a.server(ctx, addr, func(ctx context.Context, c *redis.Client) error {
		//lint:ignore SA1019 go-redis' own client of a cluster asks it, so it takes no further permission
		ranges, err := c.ClusterSlots(ctx).Result()
		if err != nil {
			return err
		}
		return m.fill(ranges, addr)
	})
	return m, err
}

// fill takes the servers from the ranges of slots that someone told at addr.
func (m *members) fill(ranges []redis.ClusterSlot, addr string) error {
	served := 0
	host, _, _ := net.SplitHostPort(addr)
	add := func(list *[]string, told string) {
		// A server that does not know its own address leaves the host out.
		if at, port, err := net.SplitHostPort(told); err == nil && at == "" {
			told = net.JoinHostPort(host, port)
		}
		if !slices.Contains(*list, told) {
			*list = append(*list, told)
		}
	}
	for _, r := range ranges {
		served += r.End - r.Start + 1
		for i, node := range r.Nodes {
			if i == 0 {
				add(&m.primaries, node.Addr)
			} else {
				add(&m.replicas, node.Addr)
			}
		}
	}
	if served != clusterSlots {
		return errors.New("the cluster serves " + strconv.Itoa(served) + " of 16384 slots: repair it first (CLUSTER INFO)")
	}
	return nil
}

// role is what the server at an address does.
func (m members) role(addr string) (target.Role, bool) {
	switch {
	case slices.Contains(m.sentinels, addr):
		return target.Sentinel, true
	case slices.Contains(m.replicas, addr):
		return target.Replica, true
	case slices.Contains(m.primaries, addr):
		return target.Primary, true
	}
	return "", false
}
