package netfault

import (
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"time"
)

// inlet is a flow from a socket to the application that reads from it. While no
// rule shapes it, the application's reads go to the socket; otherwise a goroutine,
// the pump, reads from the socket into the line, so that what comes is under way
// from when it came and not from when somebody asks for it.
type inlet struct {
	flow
	fabric *Fabric
	raw    *net.TCPConn
	// Guarded by mu.
	busy    bool // somebody is reading from the socket
	pumping bool
	kicked  bool // who is reading from the socket shall look up
}

func newInlet(f *Fabric, random *rand.Rand, raw *net.TCPConn) *inlet {
	i := &inlet{fabric: f, raw: raw}
	i.random, i.filled = random, func() {}
	return i
}

// read reads as [net.Conn] says.
func (i *inlet) read(p []byte) (int, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	for {
		switch {
		case i.stopped != nil:
			return 0, i.stopped
		case expired(i.takeBy):
			return 0, os.ErrDeadlineExceeded
		case !i.pumping && !i.busy && i.straight():
			if n, err, ok := i.readRaw(p); ok {
				return n, err
			}
		default:
			n, err := i.take(p)
			if n > 0 || err != nil {
				return n, err
			}
			if len(p) == 0 {
				return 0, nil
			}
			i.await(sooner(i.wait(time.Now()), until(i.takeBy)))
		}
	}
}

// readRaw reads from the socket itself, with mu free. It is not ok if rules came
// in between: what it has read is then in the line.
func (i *inlet) readRaw(p []byte) (n int, err error, ok bool) {
	i.busy = true
	i.mu.Unlock()
	n, err = i.raw.Read(p)
	i.mu.Lock()
	i.busy = false
	i.signal()
	timeout := errors.Is(err, os.ErrDeadlineExceeded)
	switch {
	case i.stopped != nil:
		return 0, i.stopped, true
	case i.burden.shapes():
		i.receive(p[:n], err)
		return 0, nil, false
	case timeout && n == 0 && !expired(i.takeBy):
		return 0, nil, false
	}
	i.link.bytes.Add(int64(n))
	return n, err, true
}

// receive puts what came from the socket into the line.
func (i *inlet) receive(b []byte, err error) {
	if len(b) > 0 {
		i.enqueue(b)
	}
	switch {
	case err == nil || errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, net.ErrClosed):
	case errors.Is(err, io.EOF):
		i.finish(fin)
	default:
		i.finish(reset)
	}
}

// take returns what has come to the end of the line.
func (i *inlet) take(p []byte) (int, error) {
	b, end := i.ready(time.Now(), len(p))
	switch {
	case end == fin:
		return 0, io.EOF
	case end == reset:
		return 0, errReset()
	case len(b) == 0:
		return 0, nil
	}
	n := copy(p, b)
	i.passed(b, n)
	return n, nil
}

// set changes the rules. When it returns, nothing is read but by the new ones.
func (i *inlet) set(l *link, b *burden) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.change(l, b)
	switch {
	case b.shapes() && !i.pumping && i.stopped == nil:
		i.pumping = i.fabric.crew.spawn(i.pump)
		i.kicked = true // the application reads no more from the socket
	case !b.shapes() && i.pumping:
		i.kicked = true // nor does the pump
	}
	i.arm()
}

// pump reads from the socket into the line, until the stream ends or no rule
// needs it any more.
func (i *inlet) pump() {
	buf := make([]byte, relayBytes)
	i.mu.Lock()
	defer i.mu.Unlock()
	for i.busy {
		i.await(forever)
	}
	for i.stopped == nil {
		i.kicked = false
		if !i.burden.shapes() {
			i.pumping = false
			break
		}
		if i.line.room(i.blocked()) == 0 {
			i.await(forever)
			continue
		}
		i.arm()
		i.busy = true
		i.mu.Unlock()
		n, err := i.raw.Read(buf)
		i.mu.Lock()
		i.busy = false
		i.receive(buf[:n], err)
		if err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
			return // it goes on pumping, so to speak: nobody reads the socket again
		}
	}
	i.arm()
	i.signal()
}

// arm sets the socket's deadline. Call it with mu held. A socket that is closed
// needs none.
func (i *inlet) arm() {
	switch {
	case i.kicked || i.stopped != nil:
		_ = i.raw.SetReadDeadline(longAgo())
	case i.pumping:
		_ = i.raw.SetReadDeadline(time.Time{})
	default:
		_ = i.raw.SetReadDeadline(i.takeBy)
	}
}

// halt stops the inlet and sends away who reads.
func (i *inlet) halt(err error) {
	i.stop(err)
	i.mu.Lock()
	defer i.mu.Unlock()
	i.arm()
}
