package topology

import (
	"context"
	"fmt"
	"net"
	"slices"
	"time"

	"github.com/jepsen-lite/jepsen-lite/target"
)

const (
	// askLimit bounds one question to a server.
	askLimit = time.Second
	// settlePause is between two looks at a system that is not whole.
	settlePause = 50 * time.Millisecond
)

// ask sends a server commands, directly, and returns the last one's reply as
// [target.Command] does.
func (m *member) ask(ctx context.Context, commands ...[]any) (reply any, err error) {
	for _, args := range commands {
		if reply, err = m.Command(ctx, args...); err != nil {
			return nil, fmt.Errorf("ask %s: %w", m.spec.Name, err)
		}
	}
	return reply, nil
}

// Command implements [target.Commander], with less patience.
func (m *member) Command(ctx context.Context, args ...any) (any, error) {
	ctx, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	return target.Command(ctx, m.node.Addr(), args...)
}

// info returns a section of a server's INFO.
func (m *member) info(ctx context.Context, section string) (map[string]string, error) {
	fields, err := target.CommandInfo(ctx, m, section)
	if err != nil {
		return nil, fmt.Errorf("ask %s: %w", m.spec.Name, err)
	}
	return fields, nil
}

// announced is the address that the others know the member by.
func (m *member) announced() (host, port string) {
	host, port, _ = net.SplitHostPort(m.front.Addr()) // it is a host and a port
	return host, port
}

func (m *member) busPort() string {
	_, port, _ := net.SplitHostPort(m.bus.Addr())
	return port
}

// at returns the member that announces the address, or nil.
func (t *Target) at(addr string) *member {
	for _, m := range t.members {
		if m.front.Addr() == addr {
			return m
		}
	}
	return nil
}

// shuffled returns the members in an order of chance.
func (t *Target) shuffled() []*member {
	all := slices.Clone(t.members)
	t.random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

// dialer returns how a client opens connections.
func (t *Target) dialer(client string) func(context.Context, string) (net.Conn, error) {
	return func(ctx context.Context, addr string) (net.Conn, error) { return t.fabric.Dial(ctx, client, addr) }
}

// fronts are the addresses of the members that are wanted.
func (t *Target) fronts(want func(*member) bool) []string {
	var addrs []string
	for _, m := range t.members {
		if want(m) {
			addrs = append(addrs, m.front.Addr())
		}
	}
	return addrs
}

func isServer(m *member) bool   { return !m.spec.Sentinel }
func isSentinel(m *member) bool { return m.spec.Sentinel }

// outgoing are the lines of a configuration that say from where it connects.
//
// Why no protected mode: in it, a server takes 127.0.0.1 alone for this machine
// (Redis 7.0, networking.c, clientAcceptHandler), and the others come from
// addresses beside it. They listen on loopback all the same.
func outgoing(m *member) []string {
	if source, ok := m.source(); ok {
		return []string{"bind-source-addr " + source, "protected-mode no"}
	}
	return nil
}
