package docker

import (
	"context"
	"fmt"
	"syscall"

	"github.com/jepsen-lite/jepsen-lite/target/starter"
)

// Stop sends SIGTERM, after resuming a paused server, and waits until the server
// has saved what its configuration says and is gone (Redis 7.0, server.c,
// sigShutdownHandler). A server that is still there when ctx ends, or after ten
// seconds, is killed: it is down then, and the error says so. Redis refuses to
// exit if it cannot save.
//
// Why the signal and the wait are two calls: docker stop has one limit in whole
// seconds, and does not tell a server that ended in time from one that it killed.
func (n *Node) Stop(ctx context.Context) (stopped bool, err error) {
	l := n.alive()
	if l == nil {
		return false, nil
	}
	first := l.stopping.CompareAndSwap(false, true)
	if _, err := l.resume(ctx); err != nil {
		return false, fmt.Errorf("stop %s: %w", n.name, err)
	}
	ask := func() error { return l.signal(ctx, "SIGTERM") }
	if !first {
		ask = func() error { return nil } // another one asks
	}
	if err := starter.Stop(ctx, ask, l.wait); err != nil {
		if killErr := l.kill(context.Background()); killErr != nil {
			return false, fmt.Errorf("stop %s: %w", n.name, killErr)
		}
		return first, fmt.Errorf("stop %s: it did not exit in time and was killed, see %s: %w", n.name, n.logPath(), err)
	}
	if l.status != 0 && !l.endedBy(syscall.SIGTERM) {
		return first, fmt.Errorf("stop %s: it ended otherwise (%s), see %s", n.name, l.exit(), n.logPath())
	}
	return first, nil
}
