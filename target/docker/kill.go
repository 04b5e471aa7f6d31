package docker

import (
	"context"
	"fmt"
	"syscall"
)

// Kill ends the server with SIGKILL, paused or not, and waits until it is gone,
// for twenty seconds at most. It reports false if something else ended it. All that
// runs in its container ends with it.
func (n *Node) Kill(ctx context.Context) (killed bool, err error) {
	l := n.alive()
	if l == nil {
		return false, nil
	}
	first := l.killing.CompareAndSwap(false, true)
	if err := l.kill(ctx); err != nil {
		if first {
			l.killing.Store(false)
		}
		return false, fmt.Errorf("kill %s: %w", n.name, err)
	}
	return first && l.endedBy(syscall.SIGKILL), nil
}

// kill ends the process, paused or not, and returns when it is gone. The engine
// thaws a paused container for that; the signal comes before the server runs on.
func (l *life) kill(ctx context.Context) error {
	if err := l.signal(ctx, "SIGKILL"); err != nil {
		return err
	}
	return l.wait(ctx, killLimit)
}
