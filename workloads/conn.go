package workloads

import (
	"context"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/target"
)

// Dialer opens a connection to the server.
type Dialer func(ctx context.Context) (net.Conn, error)

// ConnOptions say how a process is connected.
type ConnOptions struct {
	// Timeout is for how long an operation without an answer goes on.
	Timeout time.Duration
	// Gate is called before each command and may hold it back.
	Gate func()
	// Replica: reads go to replicas. Nothing may be written then.
	Replica bool
	// Acks is by how many replicas a write has to be acknowledged, within the
	// timeout (WAIT); else its outcome is unknown. 0: none is asked.
	Acks int
}

// Conn is the connection of one process: a client of go-redis with one socket a
// server that never retries what may have been executed, and that knows whether a
// request left. It is used by one goroutine.
type Conn struct {
	Redis redis.UniversalClient

	access  target.Access
	options ConnOptions
	version int // of the shards

	command string
	acted   bool
	sent    atomic.Bool
	// under way are the commands that an operation performs now. What else runs
	// through the hooks is the client's own: greetings, questions about the cluster.
	underWay []redis.Cmder
	closing  sync.Once
}

// NewConn returns a connection to one server, which dials when it is first needed.
// See [ConnOptions] for timeout and gate.
func NewConn(dial Dialer, timeout time.Duration, gate func()) *Conn {
	return Connect(target.Access{
		Dial: func(ctx context.Context, _ string) (net.Conn, error) { return dial(ctx) },
	}, ConnOptions{Timeout: timeout, Gate: gate})
}

// Connect returns a connection to a target, which dials when it is first needed.
func Connect(access target.Access, o ConnOptions) *Conn {
	c := &Conn{access: access, options: o}
	c.Redis = c.client()
	return c
}

// Close closes the sockets. A request in flight may still be executed.
func (c *Conn) Close() { c.closing.Do(func() { _ = c.Redis.Close() }) }

// Begin tells that a new operation starts.
func (c *Conn) Begin() {
	c.command, c.acted = "", false
	c.sent.Store(false)
	c.followShards()
}

// Outcome says how the operation since Begin ended, given what the client
// returned: OK, Fail or Info, and for the latter two why.
func (c *Conn) Outcome(err error) (history.Type, string) {
	if err == nil {
		return history.OK, ""
	}
	return Classify(Failure{Command: c.command, Sent: c.sent.Load(), Acted: c.acted, Err: err})
}

// commandHook sees every command of the connection.
type commandHook struct{ conn *Conn }

func (h commandHook) DialHook(next redis.DialHook) redis.DialHook { return next }

func (h commandHook) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		if h.conn.underWay != nil || len(cmds) == 0 {
			return next(ctx, cmds)
		}
		return h.conn.around(cmds, func() error { return next(h.conn.mark(ctx), cmds) })
	}
}

func (h commandHook) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		if h.conn.underWay != nil {
			return next(ctx, cmd)
		}
		return h.conn.around([]redis.Cmder{cmd}, func() error { return next(h.conn.mark(ctx), cmd) })
	}
}

// around performs one command of an operation, or several in one request.
func (c *Conn) around(cmds []redis.Cmder, perform func() error) error {
	c.options.Gate()
	c.underWay = cmds
	defer func() { c.underWay = nil }()
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

// marked is the key under which a context says whose operation it is of.
type marked struct{}

func (c *Conn) mark(ctx context.Context) context.Context { return context.WithValue(ctx, marked{}, c) }

// isOperation reports whether all of these are commands of the operation, and
// none is the client's own.
func (c *Conn) isOperation(ctx context.Context, cmds ...redis.Cmder) bool {
	if ctx.Value(marked{}) != c { // first: only then is it this goroutine that writes underWay
		return false
	}
	return !slices.ContainsFunc(cmds, func(cmd redis.Cmder) bool {
		return !slices.Contains(c.underWay, cmd) && cmd.Name() != "asking"
	})
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
