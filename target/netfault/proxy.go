package netfault

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"syscall"
	"time"
)

// Proxy is an address at which an endpoint is reached by way of the fabric. Its
// methods are safe for concurrent use.
type Proxy struct {
	fabric   *Fabric
	to       string
	listener *net.TCPListener
	filter   synFilter
	closing  sync.Once

	mu       sync.Mutex
	upstream string
}

const (
	// connectLimit is how long nobody waits for a connection any more: about what
	// Linux does (tcp(7), tcp_syn_retries).
	connectLimit = 127 * time.Second
	// acceptPause is how long a proxy waits when it cannot accept for lack of
	// resources.
	acceptPause = 5 * time.Millisecond
)

// Listen returns a proxy in front of an endpoint. It listens on a loopback
// address, with port 0 for one that is free, until it is closed. Until Forward
// tells where the endpoint is, it turns connections away.
func (f *Fabric) Listen(to, addr string) (*Proxy, error) {
	p, err := f.listen(to, addr)
	if err != nil {
		return nil, fmt.Errorf("listen for %s: %w", to, err)
	}
	return p, nil
}

func (f *Fabric) listen(to, addr string) (*Proxy, error) {
	at, err := net.ResolveTCPAddr("tcp4", addr)
	if err != nil {
		return nil, err
	}
	if !at.IP.IsLoopback() {
		return nil, fmt.Errorf("%s is not a loopback address", addr)
	}
	var config net.ListenConfig
	config.SetMultipathTCP(false) // Go's default, whose sockets take no filter
	listener, err := config.Listen(f.ctx, "tcp4", at.String())
	if err != nil {
		return nil, err
	}
	p := &Proxy{fabric: f, to: to, listener: listener.(*net.TCPListener)}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed || !f.crew.spawn(p.accept) {
		listener.Close()
		return nil, net.ErrClosed
	}
	f.proxies[p.Addr()] = p
	f.filterAll()
	return p, nil
}

// Addr is the host:port that the proxy listens on.
func (p *Proxy) Addr() string { return p.listener.Addr().String() }

// Forward tells at which host:port the endpoint is. Connections that there are
// stay.
func (p *Proxy) Forward(upstream string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.upstream = upstream
}

// Close gives up the port. Connections that there are stay.
func (p *Proxy) Close() error {
	p.fabric.mu.Lock()
	defer p.fabric.mu.Unlock()
	if p.fabric.proxies[p.Addr()] == p {
		delete(p.fabric.proxies, p.Addr())
	}
	p.shut()
	return nil
}

func (p *Proxy) shut() {
	p.closing.Do(func() {
		p.filter.count(p.listener)
		_ = p.listener.Close()
	})
}

// accept lets everybody in; who may stay is seen after that.
func (p *Proxy) accept() {
	for {
		down, err := p.listener.AcceptTCP()
		switch {
		case errors.Is(err, net.ErrClosed):
			return
		case err != nil:
			select {
			case <-p.fabric.ctx.Done():
				return
			case <-time.After(acceptPause):
			}
		default:
			r := newRelay(p, down)
			if !p.fabric.crew.spawn(func() { r.serve(p) }) {
				r.abort()
			}
		}
	}
}

// dial connects to the endpoint.
//
// Why it does not pass on the source address: Redis in protected mode lets in
// nobody but 127.0.0.1 (seen on Redis 7.0.15: 127.0.1.2 is denied).
func (p *Proxy) dial(ctx context.Context) (*net.TCPConn, error) {
	p.mu.Lock()
	upstream := p.upstream
	p.mu.Unlock()
	if upstream == "" {
		return nil, refusal(p.listener.Addr())
	}
	dialer := net.Dialer{Timeout: connectLimit}
	conn, err := dialer.DialContext(ctx, "tcp", upstream)
	if err != nil {
		return nil, err
	}
	return conn.(*net.TCPConn), nil
}

// refusal is the error of a connection that was turned away.
func refusal(addr net.Addr) error {
	return &net.OpError{Op: "dial", Net: "tcp", Addr: addr, Err: syscallError("connect", syscall.ECONNREFUSED)}
}

// unmapped returns the address of a TCP socket, an IPv4 one as such.
func unmapped(addr net.Addr) netip.AddrPort {
	both := addr.(*net.TCPAddr).AddrPort()
	return netip.AddrPortFrom(both.Addr().Unmap(), both.Port())
}
