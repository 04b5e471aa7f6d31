package netfault

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"
)

// Dial connects an endpoint of this program to the one behind a proxy, as if by
// way of that proxy, but without its socket: the connection leads straight to the
// upstream, and is shaped in the [Conn] that is returned. addr is the address
// that the proxy listens on.
//
// A server that is down, or a rule that refuses, gives ECONNREFUSED. While the
// way is cut there is no answer, as long as ctx allows and for 127 seconds at
// most; with a latency it takes a round trip.
func (f *Fabric) Dial(ctx context.Context, from, addr string) (net.Conn, error) {
	f.mu.Lock()
	p := f.proxies[addr]
	f.mu.Unlock()
	if p == nil {
		return nil, fmt.Errorf("dial %s: no proxy of ours listens there", addr)
	}
	ctx, cancel := context.WithTimeout(ctx, connectLimit)
	defer cancel()
	way := Link{from, p.to}
	admitted, err := f.admit(ctx, func() Link { return way }, func() {})
	if err == nil && !admitted {
		return nil, refusal(p.listener.Addr())
	}
	if err == nil {
		err = f.travel(ctx, way)
	}
	// With ctx at its end, the dialler says so in its own words.
	raw, dialErr := p.dial(ctx)
	if err = errors.Join(err, dialErr); dialErr != nil {
		return nil, dialErr
	}
	if err != nil {
		hangUp(raw)
		return nil, err
	}
	c := newConn(f, way, raw)
	if !f.enter(c) || !f.join(c) {
		c.abort()
		return nil, &net.OpError{Op: "dial", Net: "tcp", Addr: p.listener.Addr(), Err: net.ErrClosed}
	}
	return c, nil
}

// travel waits for as long as the first packet and its answer are under way.
func (f *Fabric) travel(ctx context.Context, way Link) error {
	began := time.Now()
	for {
		f.mu.Lock()
		there, here, changed := f.link(way).burden, f.link(way.back()).burden, f.changed
		f.mu.Unlock()
		left := there.delay(0) + here.delay(0) - time.Since(began)
		if left <= 0 {
			return nil
		}
		timer := time.NewTimer(left)
		select {
		case <-timer.C:
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
		timer.Stop()
	}
}
