package sim

import (
	"errors"
	"syscall"
)

// pulse is a socket that lives as long as one life of a server.
//
// Why: before go-redis uses an idle connection it looks, at the file descriptor,
// whether the other side has hung up (internal/pool, connCheck). A real client so
// notices a dead server before it sends anything, and the outcome is a definite
// failure. Without a descriptor it would be an unknown one.
type pulse struct{ held, peer int }

func newPulse() (*pulse, error) {
	fds, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
	if err != nil {
		return nil, err
	}
	for _, fd := range fds {
		syscall.CloseOnExec(fd)
	}
	return &pulse{fds[0], fds[1]}, syscall.SetNonblock(fds[0], true)
}

// stop hangs up. It is called once.
func (p *pulse) stop() { _ = syscall.Close(p.peer) }

// close gives the descriptor back, when no connection of that life is left.
func (p *pulse) close() { _ = syscall.Close(p.held) }

// Control, Read and Write make it a syscall.RawConn, to look at.
func (p *pulse) Control(f func(fd uintptr)) error { f(uintptr(p.held)); return nil }

func (p *pulse) Read(f func(fd uintptr) bool) error { f(uintptr(p.held)); return nil }

func (p *pulse) Write(func(fd uintptr) bool) error {
	return errors.New("nothing is written past the simulator")
}
