package workloads

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/redis/go-redis/v9"
)

// peer is what a connection has to do with one server. It is the hook of go-redis'
// client of that server: what passes here is one attempt at a command, where the
// connection's own hook sees the command.
type peer struct {
	conn *Conn
	dial func(ctx context.Context, addr string) (net.Conn, error)
	// busy: what leaves now is the operation's, and no greeting.
	busy atomic.Bool
}

func (p *peer) DialHook(next redis.DialHook) redis.DialHook { return next }

func (p *peer) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		if !p.conn.isOperation(ctx, cmd) {
			return p.aside(ctx, func() error { return next(ctx, cmd) })
		}
		err := p.attempt(func() error { return next(ctx, cmd) })
		if err == nil && p.conn.options.Acks > 0 && !readOnly[cmd.Name()] {
			err = p.await(ctx, next)
		}
		return err
	}
}

func (p *peer) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		if !p.conn.isOperation(ctx, cmds...) {
			return p.aside(ctx, func() error { return next(ctx, cmds) })
		}
		return p.attempt(func() error { return next(ctx, cmds) })
	}
}

// attempt sends a request of the operation to this server. The attempts before it
// had no effect: only then does go-redis make another one.
func (p *peer) attempt(send func() error) error {
	p.conn.sent.Store(false)
	p.busy.Store(true)
	defer p.busy.Store(false)
	err := send()
	var reply redis.Error
	if err == nil || !p.conn.sent.Load() || errors.As(err, &reply) {
		return err
	}
	return &lostReply{err}
}

// aside lets through what the client does for itself: before the operation, or in
// the midst of it, to greet a server.
func (p *peer) aside(ctx context.Context, send func() error) error {
	if ctx.Value(marked{}) == p.conn && p.busy.CompareAndSwap(true, false) {
		defer p.busy.Store(true)
	}
	return send()
}

// await asks for the acknowledgement of the write before it by replicas.
func (p *peer) await(ctx context.Context, next redis.ProcessHook) error {
	want := p.conn.options.Acks
	wait := redis.NewIntCmd(ctx, "wait", want, waitLimit(p.conn.options.Timeout).Milliseconds())
	if err := next(ctx, wait); err != nil {
		return &lostReply{err}
	}
	if got := wait.Val(); got < int64(want) {
		return &lostReply{&fewReplicas{int(got), want}}
	}
	return nil
}

// waitLimit is for how long replicas are waited for, so that the answer comes
// before the operation's time is over.
func waitLimit(timeout time.Duration) time.Duration {
	return max(time.Millisecond, timeout*9/10)
}

// fewReplicas is the error of a write that too few replicas acknowledged.
type fewReplicas struct{ got, want int }

func (f *fewReplicas) Error() string {
	return fmt.Sprintf("acknowledged by %d of %d replicas", f.got, f.want)
}

// lostReply is the error of a request that may have been executed.
//
// Why the cause cannot be found with errors.Is: go-redis would, and would send the
// request again, to this server or to another (v9.23.0, osscluster.go, process).
type lostReply struct{ cause error }

func (l *lostReply) Error() string { return l.cause.Error() }

// open dials. A dial that fails gives a connection that fails.
//
// Why: after a refused dial go-redis answers from memory for up to a second,
// while a goroutine of its pool dials again (v9.23.0, internal/pool, tryDial).
// A client would then stay blind long after its server is back.
func (p *peer) open(ctx context.Context, _, addr string) (net.Conn, error) {
	conn, err := p.dial(ctx, addr)
	if err != nil {
		conn = deadConn{err}
	}
	s := &socket{conn, p}
	if raw, ok := conn.(syscall.Conn); ok {
		return rawSocket{s, raw}, nil
	}
	return s, nil
}

// socket notes when bytes of an operation leave.
type socket struct {
	net.Conn
	peer *peer
}

func (s *socket) Write(p []byte) (int, error) {
	if !s.peer.busy.Load() {
		return s.Conn.Write(p)
	}
	already := s.peer.conn.sent.Swap(true)
	n, err := s.Conn.Write(p)
	if n == 0 && err != nil {
		s.peer.conn.sent.Store(already) // the kernel took nothing
	}
	return n, err
}

// rawSocket lets go-redis look whether an idle connection is still alive, before
// it sends anything on it.
type rawSocket struct {
	*socket
	raw syscall.Conn
}

func (s rawSocket) SyscallConn() (syscall.RawConn, error) { return s.raw.SyscallConn() }

// deadConn is the connection of a dial that failed: nothing leaves it.
type deadConn struct{ err error }

func (d deadConn) Read([]byte) (int, error)         { return 0, d.err }
func (d deadConn) Write([]byte) (int, error)        { return 0, d.err }
func (d deadConn) Close() error                     { return nil }
func (d deadConn) LocalAddr() net.Addr              { return nowhere{} }
func (d deadConn) RemoteAddr() net.Addr             { return nowhere{} }
func (d deadConn) SetDeadline(time.Time) error      { return nil }
func (d deadConn) SetReadDeadline(time.Time) error  { return nil }
func (d deadConn) SetWriteDeadline(time.Time) error { return nil }

type nowhere struct{}

func (nowhere) Network() string { return "none" }
func (nowhere) String() string  { return "not connected" }
