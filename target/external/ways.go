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

// ways lead to servers by way of a fabric: a proxy for each address. It is safe for
// concurrent use.
type ways struct {
	fabric *netfault.Fabric

	mu      sync.Mutex
	proxies map[string]*netfault.Proxy // by the server's address
	strange int                        // servers that were met later
}

// Through makes the servers reachable by way of a fabric, in which they are
// endpoints called as their nodes are. The fabric is for whoever made it to close,
// after the target.
func (t *Target) Through(fabric *netfault.Fabric) error {
	t.ways = &ways{fabric: fabric, proxies: map[string]*netfault.Proxy{}}
	for _, n := range t.nodes {
		if err := t.ways.lead(n.Name(), n.Addr()); err != nil {
			return errors.Join(err, t.ways.close())
		}
	}
	return nil
}

// Access is how a client gets there, which is an endpoint of the fabric of that
// name. Through comes before.
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

// lead makes a way to the server at an address. The mutex is held, or nobody else
// knows of the ways yet.
func (w *ways) lead(name, addr string) error {
	proxy, err := w.fabric.Listen(name, "127.0.0.1:0")
	if err != nil {
		return err
	}
	proxy.Forward(addr)
	w.proxies[addr] = proxy
	return nil
}

// dial connects a client to the server at an address. One that came up after the
// target was opened gets a way, and the name x1, x2, ….
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
	if w.proxies[addr] == nil {
		w.strange++
		if err := w.lead(fmt.Sprint("x", w.strange), addr); err != nil {
			return nil, err
		}
	}
	return w.proxies[addr], nil
}

func (w *ways) close() (err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, proxy := range w.proxies {
		err = errors.Join(err, proxy.Close())
	}
	return err
}
