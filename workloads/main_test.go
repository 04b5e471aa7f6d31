package workloads

import (
	"context"
	"net"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"go.uber.org/goleak"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/target/process"
	"github.com/jepsen-lite/jepsen-lite/target/process/processtest"
)

// patience bounds every wait of a test; none should come near it.
const patience = 30 * time.Second

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// testContext ends after patience.
func testContext(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return ctx
}

// newServer returns the node of a server that runs until the test ends. It skips
// the test where there is no server to run.
func newServer(t *testing.T, persistence string, args ...string) *process.Node {
	t.Helper()
	return processtest.Start(t, persistence, args...).Nodes()[0].(*process.Node)
}

func dialer(node *process.Node) Dialer {
	return func(ctx context.Context) (net.Conn, error) {
		return dialAddr(ctx, node.Addr())
	}
}

func dialAddr(ctx context.Context, addr string) (net.Conn, error) {
	var d net.Dialer
	return d.DialContext(ctx, "tcp", addr)
}

// connect returns a connection to the node for one process.
func connect(t *testing.T, node *process.Node, timeout time.Duration) *Conn {
	t.Helper()
	c := NewConn(dialer(node), timeout, func() {})
	t.Cleanup(c.Close)
	return c
}

// ask performs one command as an operation, and returns its outcome and word.
func ask(t *testing.T, c *Conn, args ...any) (history.Type, string) {
	t.Helper()
	c.Begin()
	return c.Outcome(c.Redis.Do(testContext(t), args...).Err())
}

// must performs a command of the test's own. A nil reply is nil.
func must(t *testing.T, c *Conn, args ...any) any {
	t.Helper()
	reply, err := c.Redis.Do(testContext(t), args...).Result()
	if err != nil && err != redis.Nil {
		t.Fatalf("%v: %v", args, err)
	}
	return reply
}

// do checks that an action on a node changed something.
func do(t *testing.T, name string, action func(context.Context) (bool, error)) {
	t.Helper()
	if did, err := action(testContext(t)); !did || err != nil {
		t.Fatalf("%s: got %v, %v", name, did, err)
	}
}
