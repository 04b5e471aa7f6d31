package sim

import (
	"context"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"syscall"
	"time"

	"github.com/jepsen-lite/jepsen-lite/target/held"
	"github.com/jepsen-lite/jepsen-lite/target/virtual"
)

// Route is a client's way to a simulated server in virtual time. Requests and
// replies are under way for a while, each for another one, so that those of
// several clients meet in every order.
type Route struct {
	Node *Node
	Time *virtual.Time
	// Rand decides how long something is under way.
	Rand *rand.Rand
	// Timeout is how long the client waits for a connection, and for a reply.
	Timeout time.Duration
}

// Limits of how long a request or a reply is under way: mostly near the shorter
// one.
const (
	shortestDelay = 100 * time.Microsecond
	longestDelay  = time.Millisecond
)

// delay returns how long something is under way.
func (r *Route) delay() time.Duration {
	const parts = 1000
	// A product of two numbers, because it is mostly small.
	part := r.Rand.Int64N(parts+1) * r.Rand.Int64N(parts+1)
	return shortestDelay + (longestDelay-shortestDelay)*time.Duration(part)/(parts*parts)
}

// Dial connects. At a paused server it waits in the queue that a kernel keeps
// for it.
func (r *Route) Dial(context.Context) (net.Conn, error) {
	limit := r.Time.Now() + r.Timeout
	r.Time.Sleep(context.Background(), min(2*r.delay(), r.Timeout))
	if n := r.Node; n.paused {
		life := n.server.life
		ended := func() bool { return !n.Running() || n.server.life != life }
		r.Time.Await(limit, func() bool { return ended() || !n.paused })
		if ended() {
			return nil, failed("dial", syscall.ECONNRESET)
		}
	}
	if r.Node.paused || r.Time.Now() >= limit {
		return nil, failed("dial", os.ErrDeadlineExceeded)
	}
	r.Node.catchUp()
	s := &socket{route: r}
	conn, err := r.Node.server.Dial(s.hold)
	s.conn = conn
	if err != nil {
		return nil, err
	}
	return conn, nil
}

func failed(what string, err error) error { return &net.OpError{Op: what, Net: "sim", Err: err} }

// socket is a connection of a route.
type socket struct {
	route *Route
	conn  *held.Conn
	limit time.Duration // until when the client waits for the reply
}

func (s *socket) hold(m held.Moment) error {
	if m == held.Ready {
		return s.arrive()
	}
	return s.deliver()
}

func (s *socket) dead() bool { return !s.conn.Alive() }

// takes reports whether the server takes a request from its socket, or never will.
func (s *socket) takes() bool { return s.dead() || !s.route.Node.paused }

// arrive takes a request to the server and waits until it is executed.
func (s *socket) arrive() error {
	t := s.route.Time
	s.limit = t.Now() + s.route.Timeout
	arrives := t.Now() + s.route.delay()
	t.Await(min(arrives, s.limit), s.dead)
	if t.Now() >= arrives && !s.takes() {
		t.Await(s.limit, s.takes)
	}
	switch {
	case s.dead():
		return io.EOF
	case t.Now() < arrives, s.route.Node.paused:
		// The client gives up. What it has sent is on its way.
		t.At(arrives, func() { t.When(s.takes, s.executeLate) })
		return os.ErrDeadlineExceeded
	}
	s.route.Node.catchUp()
	return nil
}

// executeLate executes what the client no longer waits for.
func (s *socket) executeLate() {
	if s.dead() {
		return
	}
	s.route.Node.catchUp()
	for s.conn.ExecuteLate() {
	}
}

// deliver takes a reply to the client.
func (s *socket) deliver() error {
	t := s.route.Time
	arrives := t.Now() + s.route.delay()
	t.Await(min(arrives, s.limit), s.dead)
	switch {
	case s.dead():
		return io.EOF
	case t.Now() < arrives:
		return os.ErrDeadlineExceeded
	}
	return nil
}
