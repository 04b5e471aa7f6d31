package sim

import (
	"errors"
	"io"
)

// pulse tells the connections of one life whether that life goes on.
//
// Why: before go-redis uses an idle connection it looks, past the connection at
// its socket, whether the other side has hung up (v9.23.0, internal/pool,
// checkSyscallConn). A real client so notices a dead server before it sends
// anything, and the outcome is a definite failure; without that it would be an
// unknown one. There is no socket here: while the server lives a look finds
// nothing, and afterwards its end.
type pulse struct{ stopped bool }

// stop hangs up.
func (p *pulse) stop() { p.stopped = true }

var errNoSocket = errors.New("a simulated connection has no socket")

// Control, Read and Write make it a syscall.RawConn, to look at.
func (p *pulse) Control(func(fd uintptr)) error { return errNoSocket }

func (p *pulse) Read(func(fd uintptr) bool) error {
	if p.stopped {
		return io.EOF
	}
	return nil
}

func (p *pulse) Write(func(fd uintptr) bool) error { return errNoSocket }
