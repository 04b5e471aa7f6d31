package workloads

import (
	"context"
	"net"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/target"
)

// Dialer opens a connection to the server.
type Dialer func(ctx context.Context) (net.Conn, error)

// Conn is the connection of one process: a go-redis client with one socket that
// never retries, and that knows whether a request left. It is used by one
// goroutine.
type Conn struct {
	Redis *redis.Client

	dial Dialer
	gate func()
	// socket is the newest. The pool holds one, but dials in goroutines of its
	// own.
	socket atomic.Pointer[socket]

	depth   int // >0: inside a command; go-redis then greets on the same hooks
	command string
	acted   bool
	sent    atomic.Bool
}

// NewConn returns a connection that dials when it is first needed. An operation
// that gets no answer for the timeout ends there. gate is called before each
// command and may hold it back.
func NewConn(dial Dialer, timeout time.Duration, gate func()) *Conn {
	c := &Conn{dial: dial, gate: gate}
	options := target.ClientOptions("", timeout)
	options.Dialer = c.open
	options.OnConnect = func(context.Context, *redis.Conn) error {
		c.socket.Load().greeted.Store(true)
		return nil
	}
	c.Redis = redis.NewClient(options)
	c.Redis.AddHook(commandHook{c})
	return c
}

// Close closes the socket. The request in flight, if any, may still be executed.
func (c *Conn) Close() { _ = c.Redis.Close() }

// Begin tells that a new operation starts.
func (c *Conn) Begin() {
	c.command, c.acted = "", false
	c.sent.Store(false)
}

// Outcome says how the operation since Begin ended, given what the client
// returned: OK, Fail or Info, and for the latter two why.
func (c *Conn) Outcome(err error) (history.Type, string) {
	if err == nil {
		return history.OK, ""
	}
	return Classify(Failure{Command: c.command, Sent: c.sent.Load(), Acted: c.acted, Err: err})
}

// open dials. A dial that fails gives a connection that fails.
//
// Why: after a refused dial go-redis answers from memory for up to a second,
// while a goroutine of its pool dials again (v9.23.0, internal/pool, tryDial).
// A client would then stay blind long after its server is back.
func (c *Conn) open(ctx context.Context, _, _ string) (net.Conn, error) {
	conn, err := c.dial(ctx)
	if err != nil {
		conn = deadConn{err}
	}
	s := &socket{Conn: conn, owner: c}
	c.socket.Store(s)
	if raw, ok := conn.(syscall.Conn); ok {
		return rawSocket{s, raw}, nil
	}
	return s, nil
}

// socket notes when bytes of a command leave. Before the greeting (HELLO) is
// over, what leaves is none of the operation's.
type socket struct {
	net.Conn
	owner   *Conn
	greeted atomic.Bool
}

func (s *socket) Write(p []byte) (int, error) {
	if !s.greeted.Load() {
		return s.Conn.Write(p)
	}
	already := s.owner.sent.Swap(true)
	n, err := s.Conn.Write(p)
	if n == 0 && err != nil {
		s.owner.sent.Store(already) // the kernel took nothing
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

// commandHook sees every command of the connection.
type commandHook struct{ conn *Conn }

func (h commandHook) DialHook(next redis.DialHook) redis.DialHook { return next }

func (h commandHook) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		if h.conn.depth > 0 || len(cmds) == 0 {
			return next(ctx, cmds)
		}
		return h.conn.around(cmds, func() error { return next(ctx, cmds) })
	}
}

func (h commandHook) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		if h.conn.depth > 0 {
			return next(ctx, cmd)
		}
		return h.conn.around([]redis.Cmder{cmd}, func() error { return next(ctx, cmd) })
	}
}

// around performs one command of an operation, or several in one request.
func (c *Conn) around(cmds []redis.Cmder, perform func() error) error {
	c.gate()
	c.depth++
	defer func() { c.depth-- }()
	c.command = cmds[len(cmds)-1].Name()
	c.sent.Store(false)
	err := perform()
	if !c.sent.Load() {
		return err
	}
	for _, cmd := range cmds {
		own := err
		if len(cmds) > 1 {
			own = cmd.Err() // of several, one can be refused after another was executed
		}
		if name := cmd.Name(); !readOnly[name] && !refused(name, own) {
			c.acted = true
		}
	}
	return err
}

// refused reports whether the server refused a command before any effect.
func refused(command string, err error) bool {
	if err == nil {
		return false
	}
	outcome, _ := Classify(Failure{Command: command, Sent: true, Err: err})
	return outcome == history.Fail
}

// readOnly are commands without effect, by name.
var readOnly = map[string]bool{
	"get": true, "mget": true, "smembers": true, "exists": true, "ttl": true, "pttl": true, "llen": true,
	"lrange": true, "scard": true, "sismember": true, "zrange": true, "hget": true, "hgetall": true, "strlen": true,
}

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
