package sim

import (
	"errors"
	"fmt"
	"syscall"
)

// pulse tells the connections of one life whether that life goes on.
//
// Why: before go-redis uses an idle connection it looks, at the file descriptor,
// whether the other side has hung up (internal/pool, connCheck). A real client so
// notices a dead server before it sends anything, and the outcome is a definite
// failure. Without a descriptor it would be an unknown one.
type pulse struct {
	lines   *lines
	stopped bool
}

// stop hangs up.
func (p *pulse) stop() { p.stopped = true }

// descriptor returns a socket that shows how the life stands.
func (p *pulse) descriptor() uintptr {
	if p.stopped {
		return uintptr(p.lines.dead)
	}
	return uintptr(p.lines.open)
}

// Control, Read and Write make it a syscall.RawConn, to look at.
func (p *pulse) Control(f func(fd uintptr)) error { f(p.descriptor()); return nil }

func (p *pulse) Read(f func(fd uintptr) bool) error { f(p.descriptor()); return nil }

func (p *pulse) Write(func(fd uintptr) bool) error {
	return errors.New("nothing is written past the simulator")
}

// lines are two sockets to look at, which all lives of a server share: nobody
// speaks on either, and the far end of one has hung up. So a life costs no
// descriptor of its own.
type lines struct{ open, far, dead int }

func newLines() (*lines, error) {
	open, far, err := socketpair()
	if err != nil {
		return nil, err
	}
	dead, gone, err := socketpair()
	if err != nil {
		_, _ = syscall.Close(open), syscall.Close(far)
		return nil, err
	}
	return &lines{open, far, dead}, syscall.Close(gone)
}

// socketpair returns two ends of a socket; reading from the first does not block.
func socketpair() (near, far int, err error) {
	fds, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
	if err != nil {
		return 0, 0, fmt.Errorf("make a pair of sockets: %w", err)
	}
	for _, fd := range fds {
		syscall.CloseOnExec(fd)
	}
	return fds[0], fds[1], syscall.SetNonblock(fds[0], true)
}

// close gives the descriptors back. Whoever looks afterwards finds none.
func (l *lines) close() {
	for _, fd := range []*int{&l.open, &l.far, &l.dead} {
		_ = syscall.Close(*fd)
		*fd = -1
	}
}
