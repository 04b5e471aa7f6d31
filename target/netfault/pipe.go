package netfault

import (
	"errors"
	"math/rand/v2"
	"net"
	"os"
	"sync"
	"time"
)

// pipe is a flow that ends in a socket. While no rule shapes it, who feeds it
// writes to the socket; otherwise bytes go through the line, which a goroutine
// empties for as long as something is in it.
type pipe struct {
	flow
	fabric *Fabric
	// ended is called when the end of the stream has left, failed when the socket
	// takes no more. Neither is called with a lock held.
	ended  func(ending)
	failed func(error)

	out  sync.Mutex // held while bytes are written
	exit *net.TCPConn
	// Guarded by mu.
	draining bool
	kicks    int // how many want the write that is under way to end
}

// longAgo is a deadline that ends a read or a write at once.
func longAgo() time.Time { return time.Unix(1, 0) }

func newPipe(f *Fabric, random *rand.Rand) *pipe {
	p := &pipe{fabric: f}
	p.random, p.filled = random, p.drainLine
	return p
}

// pass takes bytes, as many as it says; an error if not all of them.
func (p *pipe) pass(b []byte) (n int, err error) {
	n, err = p.passStraight(b)
	if n == len(b) || err != nil {
		return n, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	more, err := p.put(b[n:])
	return n + more, err
}

// passStraight writes to the socket if no rule is in the way. It returns early if
// one comes in between.
func (p *pipe) passStraight(b []byte) (n int, err error) {
	if straight, _ := p.clear(); !straight {
		return 0, nil // nor wait for who drains the line
	}
	p.out.Lock()
	defer p.out.Unlock()
	straight, l := p.clear()
	if !straight {
		return 0, nil
	}
	n, err = p.exit.Write(b)
	l.bytes.Add(int64(n))
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		return n, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if expired(p.putBy) {
		return n, err
	}
	return n, nil // a rule has come: the rest takes the line
}

// clear reports whether nothing is in the way to the socket.
func (p *pipe) clear() (bool, *link) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.straight(), p.link
}

// end tells how the stream ends. It reports false if the pipe is stopped.
func (p *pipe) end(end ending) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.finish(end)
	return p.stopped == nil
}

// drainLine starts who empties the line. Call it with mu held.
func (p *pipe) drainLine() {
	if !p.draining && p.stopped == nil {
		p.draining = p.fabric.crew.spawn(p.drain)
		p.arm()
	}
}

// drain empties the line, and ends when it is empty or the flow is stopped.
func (p *pipe) drain() {
	for p.awaitReady() {
		end, err := p.emit()
		if err != nil {
			p.fail(err)
		} else if end != open {
			p.ended(end)
		}
	}
}

// fail stops the pipe, because the socket takes no more.
func (p *pipe) fail(err error) {
	if p.stop(err) {
		p.failed(err)
	}
}

// awaitReady waits until something may leave. It reports false, and that nobody
// drains any more, if nothing is left.
func (p *pipe) awaitReady() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.stopped == nil && !p.over && !p.line.empty() {
		wait := p.wait(time.Now())
		if wait == 0 {
			return true
		}
		p.await(wait)
	}
	p.draining = false
	p.arm()
	p.signal()
	return false
}

// emit writes what may leave now, or returns the end of the stream.
func (p *pipe) emit() (ending, error) {
	p.out.Lock()
	defer p.out.Unlock()
	p.mu.Lock()
	b, end := p.ready(time.Now(), lineBytes)
	p.over = end != open
	p.mu.Unlock()
	if len(b) == 0 {
		return end, nil
	}
	n, err := p.exit.Write(b)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.stopped != nil {
		return open, nil
	}
	p.passed(b, n)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		err = nil // a rule has come
	}
	return open, err
}

// set changes the rules. When it returns, nothing leaves but by the new ones.
func (p *pipe) set(l *link, b *burden) {
	p.mu.Lock()
	p.change(l, b)
	p.kicks++
	p.arm()
	p.mu.Unlock()
	p.out.Lock()
	p.mu.Lock()
	p.kicks--
	p.arm()
	p.mu.Unlock()
	p.out.Unlock()
}

// arm sets the socket's deadline: the feeder's own holds only for what it writes
// itself. Call it with mu held. A socket that is closed needs none.
func (p *pipe) arm() {
	switch {
	case p.exit == nil:
	case p.kicks > 0:
		_ = p.exit.SetWriteDeadline(longAgo())
	case p.draining:
		_ = p.exit.SetWriteDeadline(time.Time{})
	default:
		_ = p.exit.SetWriteDeadline(p.putBy)
	}
}

// connect gives the pipe the socket that it ends in.
func (p *pipe) connect(exit *net.TCPConn) {
	p.out.Lock()
	defer p.out.Unlock()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.exit, p.held = exit, false
	p.signal()
}
