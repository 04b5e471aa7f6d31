package held

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Moment is a yield point of one request.
type Moment uint8

const (
	// Ready: the request is in the server's socket, and not yet executed.
	Ready Moment = iota + 1
	// Executed: the reply is ready, and not yet delivered.
	Executed
)

// Hook is called at each moment of each request and may hold it up as long as it
// likes. An error ends the client's waiting with that error. The request itself
// stays where it is: one that was ready may still be executed, see
// [Conn.ExecuteLate].
type Hook func(Moment) error

// Link carries requests to one life of a server, one at a time.
type Link interface {
	// Execute lets the server execute a request and returns its whole reply, as
	// RESP and valid until the next call, or nil if the server is gone.
	Execute(args ...string) []byte
	// Alive reports whether the server still lives.
	Alive() bool
	// SyscallConn is a descriptor that hangs up when the server dies. Why: before
	// go-redis uses an idle connection it looks there (internal/pool, connCheck).
	SyscallConn() (syscall.RawConn, error)
	// Close gives back what the link holds.
	Close() error
}

// Conn is a client's socket to a server, for the dialer of any client library.
// Requests are executed when the client waits for their replies. The greeting
// (HELLO, CLIENT) has no moments. A Conn is used by one goroutine at a time.
type Conn struct {
	link    Link
	hook    Hook
	in      bytes.Buffer // requests as bytes
	out     bytes.Buffer // replies as bytes
	waiting [][]string   // requests that are not executed
	closed  bool
	failed  error // what ended the waiting; the connection is of no use then
	reply   []byte
}

// New returns a socket over the link. A nil hook holds nothing up.
func New(link Link, hook Hook) *Conn {
	if hook == nil {
		hook = func(Moment) error { return nil }
	}
	return &Conn{link: link, hook: hook}
}

// Write takes requests. A dead server's socket takes them too.
func (c *Conn) Write(p []byte) (int, error) {
	if c.closed {
		return 0, net.ErrClosed
	}
	return c.in.Write(p)
}

// Read executes the requests and returns their replies.
func (c *Conn) Read(p []byte) (int, error) {
	for c.out.Len() == 0 {
		if c.closed {
			return 0, net.ErrClosed
		}
		if c.failed == nil {
			c.failed = c.next()
		}
		if c.failed != nil {
			return 0, c.failed
		}
	}
	return c.out.Read(p)
}

// next takes one request through its moments.
func (c *Conn) next() error {
	if err := c.collect(); err != nil {
		return err
	}
	if len(c.waiting) == 0 {
		return io.EOF // nobody asked: a server has nothing to say
	}
	args := c.waiting[0]
	hook := c.hook
	if name := strings.ToUpper(args[0]); name == "HELLO" || name == "CLIENT" {
		hook = func(Moment) error { return nil }
	}
	if err := hook(Ready); err != nil {
		return err
	}
	if c.reply = c.execute(); c.reply == nil {
		return io.EOF // nobody was there any more
	}
	if err := hook(Executed); err != nil {
		return err
	}
	if !c.link.Alive() {
		return io.EOF // what was not delivered dies with the server
	}
	c.out.Write(c.reply)
	return nil
}

// Reply returns the reply, as RESP, that was executed last; nil if the server was
// gone.
func (c *Conn) Reply() []byte { return c.reply }

// execute lets the server execute the next request.
func (c *Conn) execute() []byte {
	args := c.waiting[0]
	c.waiting = c.waiting[1:]
	return bytes.Clone(c.link.Execute(args...))
}

// Pending returns the request that is to be executed next, or nil. It is valid
// until then.
func (c *Conn) Pending() []string {
	if len(c.waiting) == 0 {
		return nil
	}
	return c.waiting[0]
}

// Alive reports whether the server that the connection leads to still lives.
func (c *Conn) Alive() bool { return c.link.Alive() }

// ExecuteLate executes a request whose client has given up waiting. It reports
// false if there is none, or the server is not the one it was sent to.
func (c *Conn) ExecuteLate() bool {
	if len(c.waiting) == 0 || !c.link.Alive() {
		return false
	}
	c.execute()
	return true
}

// collect cuts what was written into requests.
func (c *Conn) collect() error {
	for c.in.Len() > 0 {
		args, size, err := parseRequest(c.in.Bytes())
		if err != nil || size == 0 {
			return err
		}
		c.in.Next(size)
		c.waiting = append(c.waiting, args)
	}
	return nil
}

// parseRequest reads one request, an array of bulk strings, and returns how many
// bytes it took; 0 if the rest of it is still to come.
func parseRequest(p []byte) (args []string, size int, err error) {
	count, at, err := readCount(p, 0, '*')
	if at == 0 || err != nil {
		return nil, 0, err
	}
	for range count {
		length, next, err := readCount(p, at, '$')
		if next == 0 || err != nil {
			return nil, 0, err
		}
		if length+2 > len(p)-next {
			return nil, 0, nil
		}
		args = append(args, string(p[next:next+length]))
		at = next + length + 2
	}
	return args, at, nil
}

// maxCount bounds what a request may announce.
const maxCount = 64 << 20

// readCount reads a line of that kind at a place, and returns the number in it
// and where it ends; 0 if its end is still to come.
func readCount(p []byte, at int, kind byte) (n, end int, err error) {
	length := bytes.IndexByte(p[at:], '\n')
	if length < 0 {
		return 0, 0, nil
	}
	line := p[at : at+length]
	n, err = strconv.Atoi(string(bytes.TrimSuffix(bytes.TrimPrefix(line, []byte{kind}), []byte{'\r'})))
	if err != nil || line[0] != kind || n < 0 || n > maxCount {
		return 0, 0, fmt.Errorf("request: expected %c and a count, found %.20q", kind, line)
	}
	return n, at + length + 1, nil
}

// Close hangs up. A request in the socket stays there, for [Conn.ExecuteLate];
// without one the link is closed too.
func (c *Conn) Close() error {
	c.closed = true
	if len(c.waiting) == 0 {
		return c.Drop()
	}
	return nil
}

// Drop closes the link, and forgets what was not executed.
func (c *Conn) Drop() error {
	c.closed, c.waiting = true, nil
	return c.link.Close()
}

// SyscallConn lets a client see whether the server of an idle connection has
// died.
func (c *Conn) SyscallConn() (syscall.RawConn, error) { return c.link.SyscallConn() }

// LocalAddr says that the socket is held.
func (c *Conn) LocalAddr() net.Addr { return addr{} }

// RemoteAddr says that the socket is held.
func (c *Conn) RemoteAddr() net.Addr { return addr{} }

// SetDeadline does nothing: time is the hook's business.
func (c *Conn) SetDeadline(time.Time) error { return nil }

// SetReadDeadline does nothing.
func (c *Conn) SetReadDeadline(time.Time) error { return nil }

// SetWriteDeadline does nothing.
func (c *Conn) SetWriteDeadline(time.Time) error { return nil }

type addr struct{}

func (addr) Network() string { return "held" }
func (addr) String() string  { return "held" }
