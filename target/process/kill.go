package process

import (
	"context"
	"fmt"
	"syscall"
)

// Kill ends the server with SIGKILL, paused or not, and waits until it is gone,
// for ten seconds at most. It reports false if something else ended it.
func (n *Node) Kill(ctx context.Context) (killed bool, err error) {
	s := n.alive()
	if s == nil {
		return false, nil
	}
	first := s.killing.CompareAndSwap(false, true)
	if err := s.kill(ctx); err != nil {
		if first {
			s.killing.Store(false)
		}
		return false, fmt.Errorf("kill %s: %w", n.name, err)
	}
	return first && s.endedBy(syscall.SIGKILL), nil
}
