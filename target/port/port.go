package port

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"strconv"
	"time"
)

// Loopback is the address that servers of ours listen on.
const Loopback = "127.0.0.1"

const (
	lowestPort  = 10000
	highestPort = 32000
)

// ErrTaken says that another program has the port.
var ErrTaken = errors.New("its port is taken by another program")

// Port is a TCP port that no other jepsen-lite process chooses until Release,
// also while no server listens on it.
type Port struct {
	Number int
	held   io.Closer // nil: it is not reserved
}

// Addr returns 127.0.0.1:PORT.
func (p *Port) Addr() string { return addr(p.Number) }

// Release lets others choose the port.
func (p *Port) Release() {
	if p.held != nil {
		_ = p.held.Close()
	}
}

// Choose returns a port that is free on loopback, outside the range from
// which the kernel serves clients.
//
// Why outside: while the server is down, a client that dials its port may be
// given that same port as its own, and is then connected to itself (TCP
// simultaneous open). It would read back what it wrote, and keep the port from
// the server.
func Choose() (*Port, error) {
	from, to := portRange(ephemeralRange())
	// Which port it is changes nothing in a run, so this is not the run's seed.
	random := rand.New(rand.NewPCG(uint64(os.Getpid()), uint64(time.Now().UnixNano())))
	start := random.IntN(to - from)
	var last error
	for i := range to - from {
		p, err := tryPort(from + (start+i)%(to-from))
		if err == nil {
			return p, nil
		}
		last = err
	}
	return nil, fmt.Errorf("find a free port between %d and %d: %w", from, to-1, last)
}

// tryPort reserves the port if nobody else has and it can be listened on.
func tryPort(number int) (*Port, error) {
	held, err := reserve(number)
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp4", addr(number))
	if err != nil {
		held.Close()
		return nil, err
	}
	listener.Close()
	return &Port{Number: number, held: held}, nil
}

func addr(number int) string { return net.JoinHostPort(Loopback, strconv.Itoa(number)) }

// portRange returns the ports to choose from, to not included, given the first
// and last port of the kernel's range: those below it, else those above. On a
// machine that gives its clients nearly every port, ours have to share; Go's
// dialler notices when it has reached itself and tries again.
func portRange(first, last int) (from, to int) {
	const enough = 1000
	below := min(first, highestPort)
	switch {
	case below-lowestPort >= enough:
		return lowestPort, below
	case 65536-(last+1) >= enough:
		return last + 1, 65536
	}
	return lowestPort, highestPort
}

// ephemeralRange returns the first and last port of the kernel's range for
// clients, by default 32768 to 60999. See ip(7), ip_local_port_range.
func ephemeralRange() (first, last int) {
	text, err := os.ReadFile("/proc/sys/net/ipv4/ip_local_port_range")
	if err == nil {
		if _, err := fmt.Sscan(string(text), &first, &last); err == nil {
			return first, last
		}
	}
	return 32768, 60999
}
