package sim

import (
	"net"
	"os"
	"syscall"

	"github.com/jepsen-lite/jepsen-lite/target/held"
)

// Dial connects to the server for a client library, or fails as a dial to a dead
// server does.
func (s *Server) Dial(hook held.Hook) (*held.Conn, error) {
	if !s.Running() {
		return nil, &net.OpError{Op: "dial", Net: "sim", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
	}
	return held.New(s.Connect(), hook), nil
}

// SyscallConn is a descriptor that hangs up when the server dies.
func (c *Session) SyscallConn() (syscall.RawConn, error) { return c.pulse, nil }

// Close does nothing: a session ends with its server's life.
func (c *Session) Close() error { return nil }
