package netfault

import "time"

// ending is how a stream ends.
type ending uint8

const (
	open  ending = iota
	fin          // after everything that was sent
	reset        // by a connection that is no more
)

const (
	// lineBytes bounds what is under way in one direction of a connection: as in
	// TCP, no more than this passes within one latency.
	lineBytes = 4 << 20
	// blockedBytes bounds what is taken in while nothing leaves. What is sent
	// beyond it stays where it is, and TCP makes the sender wait.
	blockedBytes = 64 << 10
)

// forever is the wait for something that only a change of rules can bring.
const forever time.Duration = -1

// chunk is bytes that came in together.
type chunk struct {
	data    []byte
	came    time.Time
	draw    float64 // from [-1, 1), for the jitter
	delayed bool    // was counted as held back by a bandwidth
}

// line is a delay line: bytes that have come in and have not left, in order, and
// how they end. What may leave follows from the rules of the moment, so that a
// change of rules concerns what is already under way.
type line struct {
	chunks []chunk
	size   int // bytes in all chunks
	end    ending
	ended  chunk // when the end came
}

func (l *line) empty() bool { return len(l.chunks) == 0 && l.end == open }

// room is how many bytes may come in.
func (l *line) room(blocked bool) int {
	if blocked {
		return max(0, blockedBytes-l.size)
	}
	return max(0, lineBytes-l.size)
}

// add appends bytes, which are the line's from then on.
func (l *line) add(c chunk) {
	l.chunks = append(l.chunks, c)
	l.size += len(c.data)
}

// wait is how long it is until the head, or the end behind the last byte, has
// been under way long enough. It is forever if there is neither, or if nothing
// may leave.
func (l *line) wait(now time.Time, b *burden) time.Duration {
	var due time.Time
	switch {
	case b.blocks() || l.empty():
		return forever
	case len(l.chunks) > 0:
		due = l.chunks[0].came.Add(b.delay(l.chunks[0].draw))
	default:
		due = l.ended.came.Add(b.endDelay(l.ended.draw, l.end))
	}
	return max(0, due.Sub(now))
}

// left takes n bytes off the head.
func (l *line) left(n int) {
	head := &l.chunks[0]
	head.data = head.data[n:]
	l.size -= n
	if len(head.data) > 0 {
		return
	}
	*head = chunk{}
	if l.chunks = l.chunks[1:]; len(l.chunks) == 0 {
		l.chunks = nil
	}
}

// clear loses everything but the end.
func (l *line) clear() { l.chunks, l.size = nil, 0 }
