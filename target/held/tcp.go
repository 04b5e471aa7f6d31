package held

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"sync/atomic"
	"syscall"
	"time"
)

// TCP is a link to a server that is reached over TCP.
type TCP struct {
	conn  *net.TCPConn
	in    *bufio.Reader
	out   []byte
	reply []byte
	dead  atomic.Bool
}

// patience is how long a server may take for one request.
const patience = 10 * time.Second

// Connect dials a server.
func Connect(ctx context.Context, addr string) (*TCP, error) {
	dialer := net.Dialer{Timeout: patience}
	conn, err := dialer.DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	tcp := conn.(*net.TCPConn)
	return &TCP{conn: tcp, in: bufio.NewReader(tcp)}, nil
}

// Execute sends the request and reads the whole reply.
func (l *TCP) Execute(args ...string) []byte {
	if l.dead.Load() {
		return nil
	}
	l.out = appendRequest(l.out[:0], args)
	err := l.conn.SetDeadline(time.Now().Add(patience))
	if err == nil {
		_, err = l.conn.Write(l.out)
	}
	if err == nil {
		l.reply, err = appendReply(l.reply[:0], l.in)
	}
	if err != nil {
		l.dead.Store(true)
		return nil
	}
	return l.reply
}

// Alive reports whether the connection stands. The end of a server is seen when
// its socket is used next, or by End.
func (l *TCP) Alive() bool { return !l.dead.Load() }

// End tells that the server has died.
func (l *TCP) End() { l.dead.Store(true) }

// SyscallConn returns the socket's descriptor.
func (l *TCP) SyscallConn() (syscall.RawConn, error) { return l.conn.SyscallConn() }

// Close closes the socket.
func (l *TCP) Close() error {
	l.dead.Store(true)
	if err := l.conn.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		return err
	}
	return nil
}

func appendRequest(dst []byte, args []string) []byte {
	dst = fmt.Appendf(dst, "*%d\r\n", len(args))
	for _, a := range args {
		dst = fmt.Appendf(dst, "$%d\r\n%s\r\n", len(a), a)
	}
	return dst
}

// appendReply reads one reply, with everything in it, as it stands (RESP2 and
// RESP3, see https://redis.io/docs/latest/develop/reference/protocol-spec/).
func appendReply(dst []byte, in *bufio.Reader) ([]byte, error) {
	for open := 1; open > 0; open-- {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return dst, err
		}
		dst = append(dst, line...)
		kind, text := line[0], line[1:max(1, len(line)-2)]
		var size int
		switch kind {
		case '$', '=', '!', '*', '~', '>', '%', '|':
			if size, err = strconv.Atoi(string(text)); err != nil {
				return dst, fmt.Errorf("reply: %w", err)
			}
		}
		switch kind {
		case '$', '=', '!':
			if size < 0 {
				continue // RESP2's null
			}
			start := len(dst)
			dst = append(dst, make([]byte, size+2)...)
			for at := start; at < len(dst); {
				n, err := in.Read(dst[at:])
				if err != nil {
					return dst, err
				}
				at += n
			}
		case '*', '~', '>':
			open += max(size, 0)
		case '%':
			open += 2 * size
		case '|':
			open += 2*size + 1 // an attribute, and then what it is about
		}
	}
	return dst, nil
}
