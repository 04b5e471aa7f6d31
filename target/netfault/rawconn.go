package netfault

import (
	"errors"
	"net"
	"sync"
	"syscall"
	"time"
)

// SyscallConn gives access to a descriptor by which one sees whether the
// connection is alive: go-redis looks there before it uses an idle one
// (internal/pool, connCheck).
//
// Without rules it is the socket's own. Under rules that is not what the
// application may see: a server's end may be held back. RawConn.Read then calls
// its function once, with a descriptor that has nothing to read, something, or
// the end, as the connection has; look (MSG_PEEK), do not take. Control and Write
// always mean the socket.
func (c *Conn) SyscallConn() (syscall.RawConn, error) {
	raw, err := c.raw.SyscallConn()
	if err != nil {
		return nil, err
	}
	return rawConn{raw, c}, nil
}

type rawConn struct {
	syscall.RawConn
	conn *Conn
}

func (r rawConn) Read(look func(fd uintptr) bool) error {
	back := r.conn.back
	back.mu.Lock()
	stopped, straight := back.stopped, back.straight() && !back.pumping
	some, end := back.peek(time.Now())
	back.mu.Unlock()
	switch {
	case errors.Is(stopped, net.ErrClosed):
		return r.conn.wrap("raw-read", stopped)
	case straight:
		return r.RawConn.Read(look)
	case stopped != nil || end != open:
		return r.conn.fabric.looks.show(showEnd, look)
	case some:
		return r.conn.fabric.looks.show(showBytes, look)
	}
	return r.conn.fabric.looks.show(showNothing, look)
}

// peek reports whether there is something to read, or only the end.
func (f *flow) peek(now time.Time) (some bool, end ending) {
	switch {
	case f.line.wait(now, f.burden) != 0:
		return false, open
	case len(f.line.chunks) > 0:
		return true, open
	}
	return false, f.line.end
}

// The states of a stand-in.
const (
	showNothing = iota
	showBytes
	showEnd
)

// standIns are sockets that stand in for a connection's, one for each state that
// it can be in. They are made when they are first needed.
type standIns struct {
	mu  sync.Mutex
	fds [][2]int
}

// show calls look with the stand-in for a state.
func (s *standIns) show(state int, look func(fd uintptr) bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fds == nil {
		if err := s.open(); err != nil {
			return err
		}
	}
	look(uintptr(s.fds[state][0]))
	return nil
}

func (s *standIns) open() error {
	for range showEnd + 1 {
		pair, err := standInPair()
		if err != nil {
			s.close()
			return err
		}
		s.fds = append(s.fds, pair)
	}
	if _, err := syscall.Write(s.fds[showBytes][1], []byte{0}); err != nil {
		s.close()
		return err
	}
	return syscall.Shutdown(s.fds[showEnd][1], syscall.SHUT_WR)
}

func standInPair() ([2]int, error) {
	syscall.ForkLock.RLock() // no server that starts meanwhile may inherit them
	defer syscall.ForkLock.RUnlock()
	pair, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
	if err != nil {
		return pair, err
	}
	for _, fd := range pair {
		syscall.CloseOnExec(fd)
		if err := syscall.SetNonblock(fd, true); err != nil {
			return pair, err
		}
	}
	return pair, nil
}

// close closes the stand-ins.
func (s *standIns) close() {
	for _, pair := range s.fds {
		for _, fd := range pair {
			_ = syscall.Close(fd)
		}
	}
	s.fds = nil
}
