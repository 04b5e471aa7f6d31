package process

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/jepsen-lite/jepsen-lite/target/guard"
	"github.com/jepsen-lite/jepsen-lite/target/procstat"
	"github.com/jepsen-lite/jepsen-lite/target/serverlog"
)

// killLimit bounds the wait for a killed process. It takes that long only if the
// kernel cannot let the process go, as when its disk does not answer.
const killLimit = 10 * time.Second

// server is one life of a node's server: a process from its fork until it has
// been reaped.
type server struct {
	cmd   *exec.Cmd
	guard *guard.Guard
	logs  serverlog.Log
	gone  chan struct{} // closed once reaped, with its guard

	killing, stopping atomic.Bool // claimed by the first Kill, the first Stop

	mu     sync.Mutex
	paused bool
}

// launch starts a process for the node, and the goroutine that reaps it.
func (n *Node) launch() (*server, error) {
	output, err := os.OpenFile(n.outputPath(), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	if err != nil {
		return nil, err
	}
	defer output.Close()
	cmd := exec.Command(n.config.Server, n.spec.Arguments(n.configPath())...)
	cmd.Dir = n.dir
	if cmd.Env, err = n.environment(); err != nil {
		return nil, err
	}
	cmd.Stdout, cmd.Stderr = output, output
	// A process group of its own: Ctrl-C on the terminal is for us alone.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if !n.config.withoutParentDeath {
		dieWithParent(cmd.SysProcAttr)
	}
	s := &server{cmd: cmd, gone: make(chan struct{}), logs: serverlog.Begin(n.logPath(), n.outputPath())}
	if err := n.spawner.start(cmd); err != nil {
		return nil, err
	}
	var guardErr error
	if !n.config.withoutGuard {
		s.guard, guardErr = guard.Start(s.pid(), procstat.StartTime(s.pid())) // not reaped yet: the id is its own
	}
	go s.reap()
	if guardErr != nil {
		return nil, errors.Join(guardErr, s.kill(context.Background()))
	}
	return s, nil
}

// reap waits for the process' end and clears up after it. While the process is a
// zombie, its id cannot become another's: that is when its group is ended and
// its guard dismissed. The group is what Redis forked to save or rewrite: left
// alone, such a child would put its snapshot in place of a later server's.
func (s *server) reap() {
	waitExited(s.cmd)
	_ = syscall.Kill(-s.pid(), syscall.SIGKILL)
	s.guard.Dismiss()
	_ = s.cmd.Wait()
	close(s.gone)
}

func (s *server) pid() int { return s.cmd.Process.Pid }

func (s *server) isGone() bool {
	select {
	case <-s.gone:
		return true
	default:
		return false
	}
}

// endedBy tells whether the process died of the signal. It must be gone.
func (s *server) endedBy(signal syscall.Signal) bool {
	status, ok := s.cmd.ProcessState.Sys().(syscall.WaitStatus)
	return ok && status.Signaled() && status.Signal() == signal
}

// signal sends a signal; to a process that has ended, nothing.
func (s *server) signal(signal syscall.Signal) error {
	err := s.cmd.Process.Signal(signal)
	if errors.Is(err, os.ErrProcessDone) {
		return nil
	}
	return err
}

// wait returns nil once the process is gone.
func (s *server) wait(ctx context.Context, limit time.Duration) error {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	var err error
	select {
	case <-s.gone:
	case <-ctx.Done():
		err = ctx.Err()
	case <-timer.C:
		err = context.DeadlineExceeded
	}
	if err == nil || s.isGone() {
		return nil
	}
	return fmt.Errorf("wait for the end of process %d: %w", s.pid(), err)
}

// kill ends the process, paused or not, and returns when it is gone.
func (s *server) kill(ctx context.Context) error {
	if err := s.signal(syscall.SIGKILL); err != nil {
		return err
	}
	return s.wait(ctx, killLimit)
}

// recognize returns an error if INFO server comes from another process.
func (s *server) recognize(info map[string]string) error {
	if info["process_id"] != strconv.Itoa(s.pid()) {
		return fmt.Errorf("%w: process %s instead of %d", errStranger, info["process_id"], s.pid())
	}
	return nil
}
