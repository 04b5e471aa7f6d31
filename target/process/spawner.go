package process

import (
	"os/exec"
	"runtime"
)

// spawner starts processes from one thread, which lives until close.
//
// Why: Linux's parent-death signal comes when the *thread* that forked ends, and
// Go moves goroutines between threads and ends threads as it likes. A server
// started from just any goroutine could be killed in the middle of a run.
type spawner struct {
	requests chan spawn
	done     chan struct{}
}

type spawn struct {
	cmd    *exec.Cmd
	result chan error
}

func newSpawner() *spawner {
	s := &spawner{requests: make(chan spawn), done: make(chan struct{})}
	go s.run()
	return s
}

func (s *spawner) run() {
	defer close(s.done)
	runtime.LockOSThread()
	defer runtime.UnlockOSThread() // a goroutine that ends locked takes its thread along
	for request := range s.requests {
		request.result <- request.cmd.Start()
	}
}

// start starts the command. It must not be called after close.
func (s *spawner) start(cmd *exec.Cmd) error {
	result := make(chan error, 1)
	s.requests <- spawn{cmd, result}
	return <-result
}

// close ends the goroutine and waits for it. Every process started must be gone.
func (s *spawner) close() {
	close(s.requests)
	<-s.done
}
