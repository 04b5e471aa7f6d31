package process

import (
	"context"
	"errors"
	"fmt"
	"syscall"
	"time"

	"github.com/jepsen-lite/jepsen-lite/target/procstat"
)

// pauseLimit bounds the wait for a standstill. A thread that waits for the disk
// stops only when the disk answers.
const pauseLimit = 10 * time.Second

// Pause stops the server with SIGSTOP and waits until every thread of it stands
// still, for ten seconds at most. After an error the server goes on.
func (n *Node) Pause(ctx context.Context) (paused bool, err error) {
	s := n.alive()
	if s == nil {
		return false, nil
	}
	paused, err = s.pause(ctx)
	if err != nil {
		err = fmt.Errorf("pause %s: %w", n.name, err)
	}
	return paused, err
}

// Resume lets a paused server go on with SIGCONT. What waits in its sockets is
// executed then, even if the client has gone.
func (n *Node) Resume(context.Context) (resumed bool, err error) {
	s := n.alive()
	if s == nil {
		return false, nil
	}
	resumed, err = s.resume()
	if err != nil {
		err = fmt.Errorf("resume %s: %w", n.name, err)
	}
	return resumed, err
}

func (s *server) pause(ctx context.Context) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.paused || s.isGone() {
		return false, nil
	}
	if err := s.signal(syscall.SIGSTOP); err != nil {
		return false, err
	}
	if err := s.awaitStandstill(ctx); err != nil {
		return false, errors.Join(err, s.signal(syscall.SIGCONT))
	}
	s.paused = !s.isGone()
	return s.paused, nil
}

func (s *server) resume() (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.paused || s.isGone() {
		return false, nil
	}
	if err := s.signal(syscall.SIGCONT); err != nil {
		return false, err
	}
	s.paused = false
	return true, nil
}

// awaitStandstill returns nil once every thread is stopped, or the process gone.
func (s *server) awaitStandstill(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, pauseLimit)
	defer cancel()
	for !procstat.StandsStill(s.pid()) {
		select {
		case <-s.gone:
			return nil
		case <-ctx.Done():
			return fmt.Errorf("wait for the threads of process %d to stop: %w", s.pid(), ctx.Err())
		case <-time.After(200 * time.Microsecond):
		}
	}
	return nil
}
