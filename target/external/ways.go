package external

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/netfault"
)

// settlePause is between two looks at servers that do not answer.
const settlePause = 100 * time.Millisecond

// ways lead to servers by way of a fabric: a proxy for each address, made when
// somebody first goes there. It is safe for concurrent use.
type ways struct {
	fabric *netfault.Fabric

	mu      sync.Mutex
	names   map[string]string          // of nodes, by their addresses
	proxies map[string]*netfault.Proxy // likewise
	strange int                        // servers that were met later
}

func newWays(seed uint64, nodes []target.Node) *ways {
	w := &ways{fabric: netfault.New(seed), names: map[string]string{}, proxies: map[string]*netfault.Proxy{}}
	for _, n := range nodes {
		w.names[n.Addr()] = n.Name()
	}
	return w
}

// Network is what all traffic of clients goes through: an endpoint for each node,
// and for each client. What servers send each other does not.
func (t *Target) Network() *netfault.Fabric { return t.ways.fabric }

// ServerTraffic says that what the servers send each other, if they do, cannot be
// harmed.
func (t *Target) ServerTraffic() (sent bool, err error) {
	return true, errors.New("what servers that are not ours send each other does not go through us")
}

// Access is how a client gets there, which is an endpoint of the network of that
// name. A server that came up after the target was opened is called x1, x2, ….
func (t *Target) Access(client string) target.Access {
	a := t.address
	return target.Access{
		Client: a.client, Addrs: a.seeds, Master: a.master, DB: a.db, Login: a.login, SentinelLogin: a.sentinelLogin,
		Dial: func(ctx context.Context, addr string) (net.Conn, error) {
			conn, err := t.ways.dial(ctx, client, addr)
			if err != nil {
				return nil, err
			}
			return a.secured(ctx, conn)
		},
	}
}

func (w *ways) dial(ctx context.Context, client, addr string) (net.Conn, error) {
	proxy, err := w.proxy(addr)
	if err != nil {
		return nil, err
	}
	return w.fabric.Dial(ctx, client, proxy.Addr())
}

func (w *ways) proxy(addr string) (*netfault.Proxy, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if proxy := w.proxies[addr]; proxy != nil {
		return proxy, nil
	}
	name := w.names[addr]
	if name == "" {
		w.strange++
		name = fmt.Sprint("x", w.strange)
		w.names[addr] = name
	}
	proxy, err := w.fabric.Listen(name, "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	proxy.Forward(addr)
	w.proxies[addr] = proxy
	return proxy, nil
}

// close ends the proxies and all connections.
func (w *ways) close() error { return w.fabric.Close() }
