package process

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
func (n *Node) Stop(ctx context.Context) (stopped bool, err error) {
	s := n.alive()
	if s == nil {
		return false, nil
	}
	first := s.stopping.CompareAndSwap(false, true)
	if _, err := s.resume(); err != nil {
		return false, fmt.Errorf("stop %s: %w", n.name, err)
	}
	ask := func() error { return s.signal(syscall.SIGTERM) }
	if !first {
		ask = func() error { return nil } // another one asks
	}
	if err := starter.Stop(ctx, ask, s.wait); err != nil {
		if killErr := s.kill(context.Background()); killErr != nil {
			return false, fmt.Errorf("stop %s: %w", n.name, killErr)
		}
		return first, fmt.Errorf("stop %s: it did not exit in time and was killed, see %s: %w", n.name, n.logPath(), err)
	}
	if !s.cmd.ProcessState.Success() && !s.endedBy(syscall.SIGTERM) {
		return first, fmt.Errorf("stop %s: it ended otherwise (%s), see %s", n.name, s.cmd.ProcessState, n.logPath())
	}
	return first, nil
}
