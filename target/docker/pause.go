package docker

import (
	"context"
	"errors"
	"fmt"

	"github.com/moby/moby/client"
)

// Pause freezes the container and returns when every thread of the server stands
// still. After an error the server goes on.
func (n *Node) Pause(ctx context.Context) (paused bool, err error) {
	l := n.alive()
	if l == nil {
		return false, nil
	}
	paused, err = l.pause(ctx)
	if err != nil {
		err = fmt.Errorf("pause %s: %w", n.name, err)
	}
	return paused, err
}

// Resume lets a paused server go on. What waits in its sockets is executed then,
// even if the client has gone.
func (n *Node) Resume(ctx context.Context) (resumed bool, err error) {
	l := n.alive()
	if l == nil {
		return false, nil
	}
	resumed, err = l.resume(ctx)
	if err != nil {
		err = fmt.Errorf("resume %s: %w", n.name, err)
	}
	return resumed, err
}

func (l *life) pause(ctx context.Context) (bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.paused || l.isGone() {
		return false, nil
	}
	call, cancel := unhurried(ctx)
	defer cancel()
	_, err := l.engine.ContainerPause(call, l.id, client.ContainerPauseOptions{})
	switch {
	case err == nil:
		l.paused = true
		return true, nil
	case l.overtaken(call, err):
		return false, nil
	}
	return false, errors.Join(err, l.thaw(ctx))
}

func (l *life) resume(ctx context.Context) (bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.paused || l.isGone() {
		return false, nil
	}
	if err := l.thaw(ctx); err != nil {
		return false, err
	}
	l.paused = false
	return !l.isGone(), nil
}

// thaw lets the container's processes run; those that have ended are left alone.
func (l *life) thaw(ctx context.Context) error {
	call, cancel := unhurried(ctx)
	defer cancel()
	_, err := l.engine.ContainerUnpause(call, l.id, client.ContainerUnpauseOptions{})
	if l.overtaken(call, err) {
		return nil
	}
	return err
}
