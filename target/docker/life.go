package docker

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/api/pkg/stdcopy"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"

	"github.com/jepsen-lite/jepsen-lite/target/guard"
	"github.com/jepsen-lite/jepsen-lite/target/procstat"
	"github.com/jepsen-lite/jepsen-lite/target/serverlog"
)

// killLimit bounds the wait for a killed server. It takes that long only if the
// kernel cannot let the process go, as when its disk does not answer.
const killLimit = 20 * time.Second

// life is one life of a node's server: its container from one start to the end of
// its process 1.
type life struct {
	engine *engine
	id     string
	pid    int // on this machine; 0: not known
	guard  *guard.Guard
	log    serverlog.Log
	status int           // of the process' exit; valid once gone
	gone   chan struct{} // closed once the process has ended and its output is written

	killing, stopping atomic.Bool // claimed by the first Kill, the first Stop

	quit      context.CancelFunc // ends the watch over a container that nobody can ask about
	collected chan struct{}      // closed once the output has ended

	mu     sync.Mutex
	paused bool
}

// launch starts the container, and the goroutines that collect its output and wait
// for its end.
//
// Why both begin before it runs: a server that ends at once would be missed, and
// what it said with it.
func (n *Node) launch(ctx context.Context, e *engine) (*life, error) {
	output, err := os.OpenFile(n.outputPath(), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	if err != nil {
		return nil, err
	}
	call, cancel := unhurried(ctx)
	defer cancel()
	stream, err := e.ContainerAttach(call, n.id, client.ContainerAttachOptions{Stream: true, Stdout: true, Stderr: true})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("attach to container: %w", err), output.Close())
	}
	watch, quit := context.WithCancel(context.Background())
	l := &life{
		engine: e, id: n.id, log: serverlog.Begin(n.logPath(), n.outputPath()),
		gone: make(chan struct{}), quit: quit, collected: make(chan struct{}),
	}
	ended := e.ContainerWait(watch, n.id, client.ContainerWaitOptions{Condition: container.WaitConditionNextExit})
	go l.collect(stream.HijackedResponse, output)
	err = n.clock.Begin()
	if err == nil {
		_, err = e.ContainerStart(call, n.id, client.ContainerStartOptions{})
	}
	if err != nil {
		l.abandon(stream.HijackedResponse, ended)
		return nil, asTaken(err)
	}
	var began string
	if l.pid, began = e.process(call, n.id); l.pid != 0 {
		// Without a guard, what outlives us stays until the next Clean.
		l.guard, _ = guard.Start(l.pid, began)
	}
	go l.watch(watch, ended, stream.HijackedResponse)
	return l, nil
}

// abandon ends what was begun for a container that did not start.
func (l *life) abandon(stream client.HijackedResponse, ended client.ContainerWaitResult) {
	l.quit()
	stream.Close()
	<-l.collected
	select {
	case <-ended.Result:
	case <-ended.Error:
	}
}

// collect writes what the server prints into the file, until its end.
func (l *life) collect(stream client.HijackedResponse, output *os.File) {
	defer close(l.collected)
	defer output.Close()
	_, _ = stdcopy.StdCopy(output, output, stream.Reader) // what is missing is missing
}

// watch waits for the process' end, and for the rest of its output.
func (l *life) watch(ctx context.Context, ended client.ContainerWaitResult, stream client.HijackedResponse) {
	defer close(l.gone)
	defer stream.Close()
	var known bool
	if l.status, known = l.await(ctx, ended); known {
		l.guard.Dismiss()
	} else {
		l.guard.Trigger()
	}
	select {
	case <-l.collected:
	case <-ctx.Done():
	case <-time.After(time.Second): // the engine keeps the stream open: it has nothing more
	}
	stream.Close()
	<-l.collected
}

// await returns the process' exit status. An engine that breaks off its answer is
// asked again, until the container is found not to run. When ctx ends first, whether
// the process has ended is not known.
func (l *life) await(ctx context.Context, ended client.ContainerWaitResult) (status int, known bool) {
	for {
		select {
		case exit := <-ended.Result:
			return int(exit.StatusCode), true
		case err := <-ended.Error:
			if errdefs.IsNotFound(err) {
				return killedStatus, true // it has been removed
			}
		}
		select {
		case <-ctx.Done():
			return killedStatus, false
		case <-time.After(100 * time.Millisecond):
		}
		ended = l.engine.ContainerWait(ctx, l.id, client.ContainerWaitOptions{Condition: container.WaitConditionNotRunning})
	}
}

// release waits for the life's end, after the container has been removed. If the
// engine does not tell of it in time, the guard kills the server.
func (l *life) release() {
	overdue := time.AfterFunc(killLimit, l.quit)
	defer overdue.Stop()
	<-l.gone
	l.quit()
}

func (l *life) isGone() bool {
	select {
	case <-l.gone:
		return true
	default:
		return false
	}
}

// Exit statuses are those of a shell: 128 and the signal's number.
const killedStatus = 128 + int(syscall.SIGKILL)

// endedBy tells whether the process died of the signal. It must be gone.
func (l *life) endedBy(signal syscall.Signal) bool { return l.status == 128+int(signal) }

// exit describes how the process ended. It must be gone.
func (l *life) exit() string {
	if l.status > 128 {
		return fmt.Sprintf("signal: %v", syscall.Signal(l.status-128))
	}
	return fmt.Sprintf("exit status %d", l.status)
}

// wait returns nil once the process is gone.
func (l *life) wait(ctx context.Context, limit time.Duration) error {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	var err error
	select {
	case <-l.gone:
	case <-ctx.Done():
		err = ctx.Err()
	case <-timer.C:
		err = context.DeadlineExceeded
	}
	if err == nil || l.isGone() {
		return nil
	}
	return fmt.Errorf("wait for the end of container %.12s: %w", l.id, err)
}

// signal sends a signal to process 1 of the container; to one that has ended,
// nothing.
func (l *life) signal(ctx context.Context, signal string) error {
	ctx, cancel := unhurried(ctx)
	defer cancel()
	_, err := l.engine.ContainerKill(ctx, l.id, client.ContainerKillOptions{Signal: signal})
	if l.overtaken(ctx, err) {
		return nil
	}
	return err
}

// overtaken tells whether an engine refused because the server has ended: it says
// so a moment before the wait for the end does.
func (l *life) overtaken(ctx context.Context, err error) bool {
	if !errdefs.IsConflict(err) && !errdefs.IsNotFound(err) && !isNotRunning(err) {
		return false
	}
	return l.wait(ctx, killLimit) == nil
}

// isNotRunning recognizes a refusal that engines report as a fault of their own.
func isNotRunning(err error) bool {
	return err != nil && strings.Contains(err.Error(), "is not running")
}

// process returns the id of the container's process 1 on this machine, and when it
// started. It returns 0 if that is not certain: the engine may run in a machine of
// its own, where the id is another process.
func (e *engine) process(ctx context.Context, id string) (pid int, began string) {
	inspected, err := e.ContainerInspect(ctx, id, client.ContainerInspectOptions{})
	if err != nil || inspected.Container.State == nil || inspected.Container.State.Pid == 0 {
		return 0, ""
	}
	pid = inspected.Container.State.Pid
	began = procstat.StartTime(pid)
	groups, err := os.ReadFile(fmt.Sprintf("/proc/%d/cgroup", pid))
	if err != nil || began == "" || !strings.Contains(string(groups), id) {
		return 0, ""
	}
	return pid, began
}
