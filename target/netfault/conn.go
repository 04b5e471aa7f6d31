package netfault

import (
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// Conn is an endpoint's connection of its own, from [Fabric.Dial]. It behaves as
// a TCP connection does, under the rules of its links: what is written while the
// way is cut waits, and is delivered after healing even if the connection has
// been closed since. It implements [net.Conn] and [syscall.Conn], and is safe for
// concurrent use.
type Conn struct {
	ends
	fabric *Fabric
	raw    *net.TCPConn
	out    *pipe
	back   *inlet

	writing sync.Mutex // held by one Write at a time

	closed atomic.Bool // by the application

	mu   sync.Mutex
	life life
}

// life is what there is of a connection.
type life uint8

const (
	whole    life = iota
	deserted      // the server's side was reset
	silent        // the application's side was reset
	gone
)

var (
	_ net.Conn     = (*Conn)(nil)
	_ syscall.Conn = (*Conn)(nil)
)

func newConn(f *Fabric, way Link, raw *net.TCPConn) *Conn {
	c := &Conn{fabric: f, raw: raw}
	c.from, c.to = way.From, way.To
	f.mu.Lock()
	outRandom, backRandom := f.randoms(way)
	f.mu.Unlock()
	c.out, c.back = newPipe(f, outRandom), newInlet(f, backRandom, raw)
	c.out.exit = raw
	c.out.ended, c.out.failed = c.outEnded, c.outFailed
	return c
}

// Read reads what has arrived. After a reset it returns ECONNRESET.
func (c *Conn) Read(p []byte) (int, error) {
	if c.closed.Load() {
		return 0, c.wrap("read", net.ErrClosed)
	}
	n, err := c.back.read(p)
	return n, c.wrap("read", err)
}

// Write sends. While the way is cut it takes 64 KiB and then waits, as one waits
// for a send buffer.
func (c *Conn) Write(p []byte) (int, error) {
	c.writing.Lock()
	defer c.writing.Unlock()
	if c.closed.Load() {
		return 0, c.wrap("write", net.ErrClosed)
	}
	n, err := c.out.pass(p)
	if err != nil && c.unheard(err) {
		return len(p), nil
	}
	return n, c.wrap("write", err)
}

// unheard reports whether an error of the socket is one that the application
// cannot know of, since the reset that it comes from is held back.
func (c *Conn) unheard(err error) bool {
	c.back.mu.Lock()
	defer c.back.mu.Unlock()
	return c.back.blocked() && c.back.stopped == nil &&
		(errors.Is(err, syscall.EPIPE) || errors.Is(err, syscall.ECONNRESET))
}

// Close closes the connection, for reading at once. What was written and is still
// under way stays so, and the end of the stream comes after it.
func (c *Conn) Close() error {
	if c.closed.Swap(true) {
		return c.wrap("close", net.ErrClosed)
	}
	c.back.halt(net.ErrClosed)
	if c.lifeNow() == silent {
		return nil // the server is not to know
	}
	c.out.mu.Lock()
	lingers := c.lingers()
	c.out.shut = net.ErrClosed
	c.out.signal()
	if lingers {
		c.out.finish(fin)
	}
	c.out.mu.Unlock()
	if !lingers {
		c.end(func(raw *net.TCPConn) { _ = raw.Close() })
	}
	return nil
}

// lingers reports whether something has to come before the socket can be closed.
func (c *Conn) lingers() bool {
	if c.out.stopped != nil || c.out.over || c.lifeNow() != whole {
		return false
	}
	return !c.out.straight() || c.out.burden.endDelay(0, fin) > 0
}

// CloseWrite ends the stream of what is written, after all of it.
func (c *Conn) CloseWrite() error {
	c.writing.Lock()
	defer c.writing.Unlock()
	c.out.mu.Lock()
	defer c.out.mu.Unlock()
	if c.out.shut != nil || c.out.stopped != nil {
		return c.wrap("close", net.ErrClosed)
	}
	c.out.shut = syscallError("write", syscall.EPIPE)
	c.out.finish(fin)
	return nil
}

// outEnded passes on the end of what was written.
func (c *Conn) outEnded(ending) {
	if c.closed.Load() {
		c.end(func(raw *net.TCPConn) { _ = raw.Close() })
		return
	}
	_ = c.raw.CloseWrite() // whoever has gone needs no end
}

// outFailed hears that the server has reset the connection. The application
// hears it when it reads or writes.
func (c *Conn) outFailed(error) {
	if c.closed.Load() {
		c.abort()
	}
}

func (c *Conn) set(out, back *link) {
	c.out.set(out, out.burden)
	c.back.set(back, back.burden)
}

func (c *Conn) sever(opener bool) {
	now := deserted
	if opener {
		now = silent
	}
	c.mu.Lock()
	c.life = now
	c.mu.Unlock()
	if opener {
		c.out.stop(errReset())
		c.back.halt(errReset())
		return
	}
	c.out.set(c.out.link, stillness())
	c.back.set(c.back.link, stillness())
	hangUp(c.raw)
}

func (c *Conn) lifeNow() life {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.life
}

func (c *Conn) abort() {
	c.out.stop(errReset())
	c.back.halt(errReset())
	c.end(hangUp)
}

// end ends the connection. Call it without a lock.
func (c *Conn) end(end func(*net.TCPConn)) {
	c.mu.Lock()
	already := c.life == gone
	c.life = gone
	c.mu.Unlock()
	if already {
		return
	}
	end(c.raw)
	c.out.stop(net.ErrClosed)
	c.back.halt(net.ErrClosed)
	c.fabric.leave(c)
}

// LocalAddr is the socket's.
func (c *Conn) LocalAddr() net.Addr { return c.raw.LocalAddr() }

// RemoteAddr is that of the server, behind the proxy.
func (c *Conn) RemoteAddr() net.Addr { return c.raw.RemoteAddr() }

// SetDeadline sets both deadlines.
func (c *Conn) SetDeadline(t time.Time) error {
	return errors.Join(c.SetReadDeadline(t), c.SetWriteDeadline(t))
}

// SetReadDeadline holds for reads to come and for those that wait.
func (c *Conn) SetReadDeadline(t time.Time) error {
	c.back.mu.Lock()
	defer c.back.mu.Unlock()
	c.back.takeBy = t
	c.back.arm()
	c.back.signal()
	return c.usable()
}

// SetWriteDeadline holds for writes to come and for those that wait.
func (c *Conn) SetWriteDeadline(t time.Time) error {
	c.out.mu.Lock()
	defer c.out.mu.Unlock()
	c.out.putBy = t
	c.out.arm()
	c.out.signal()
	return c.usable()
}

// usable returns an error if the application has closed the connection.
func (c *Conn) usable() error {
	if c.closed.Load() {
		return c.wrap("set", net.ErrClosed)
	}
	return nil
}

// wrap makes an error one of the socket's.
func (c *Conn) wrap(op string, err error) error {
	var wrapped *net.OpError
	if err == nil || err == io.EOF || errors.As(err, &wrapped) {
		return err
	}
	return &net.OpError{Op: op, Net: "tcp", Source: c.LocalAddr(), Addr: c.RemoteAddr(), Err: err}
}

func errReset() error { return syscallError("read", syscall.ECONNRESET) }

func syscallError(call string, errno syscall.Errno) error { return os.NewSyscallError(call, errno) }
