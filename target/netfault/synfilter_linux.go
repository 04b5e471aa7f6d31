package netfault

import (
	"net"
	"net/netip"
	"slices"
	"unsafe"

	"golang.org/x/sys/unix"
)

// synFilter lets the kernel drop the packets that ask a listener for a
// connection (SYN), by where they come from. It belongs to the fabric's mutex.
//
// Why a filter: whoever listens gets connections that the kernel has already
// answered. Without one, an opener that is cut off would see a connection on
// which nobody says anything, instead of none. A classic BPF filter on a
// listening socket sees the packets that arrive there (socket(7),
// SO_ATTACH_FILTER; Linux, net/ipv4/tcp_ipv4.c, tcp_v4_rcv), and needs no
// privilege.
type synFilter struct {
	dropped []netip.Addr // sorted
	harms   []*Harm      // rules that have cut all of those off
	counted uint32
}

// drop makes the kernel drop attempts from these addresses, and from no others.
// harms are the rules by which every one of them is cut off.
func (s *synFilter) drop(listener *net.TCPListener, sources []netip.Addr, harms []*Harm) {
	s.count(listener)
	slices.SortFunc(sources, netip.Addr.Compare)
	if !slices.Equal(sources, s.dropped) {
		if err := attach(listener, sources); err != nil {
			sources = nil // the proxy itself then holds them up
		}
	}
	s.dropped, s.harms = sources, harms
}

func attach(listener *net.TCPListener, sources []netip.Addr) error {
	raw, err := listener.SyscallConn()
	if err != nil {
		return err
	}
	var set error
	err = raw.Control(func(fd uintptr) {
		if len(sources) == 0 {
			set = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_DETACH_FILTER, 0)
			return
		}
		program := dropProgram(sources)
		set = unix.SetsockoptSockFprog(int(fd), unix.SOL_SOCKET, unix.SO_ATTACH_FILTER,
			&unix.SockFprog{Len: uint16(len(program)), Filter: &program[0]})
	})
	if err != nil {
		return err
	}
	return set
}

// dropProgram is a filter that passes everything but SYNs from these addresses.
// The packet begins with its TCP header; the IP header is reached by an offset of
// its own (Linux, include/uapi/linux/filter.h, SKF_NET_OFF).
func dropProgram(sources []netip.Addr) []unix.SockFilter {
	const (
		flagsByte, synAck, syn = 13, 0x12, 0x02
		sourceWord             = 12
		netOffset              = 0xfff00000 // -0x100000
		pass                   = 0xffffffff
	)
	program := []unix.SockFilter{
		{Code: unix.BPF_LD | unix.BPF_B | unix.BPF_ABS, K: flagsByte},
		{Code: unix.BPF_ALU | unix.BPF_AND | unix.BPF_K, K: synAck},
		{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: syn, Jt: 1},
		{Code: unix.BPF_RET | unix.BPF_K, K: pass},
		{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: netOffset + sourceWord},
	}
	for _, source := range sources {
		b := source.As4()
		word := uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
		program = append(program,
			unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: word, Jf: 1},
			unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: 0})
	}
	return append(program, unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: pass})
}

// maxDropped keeps the filter within the kernel's 4096 instructions.
const maxDropped = 1000

// count adds the attempts that the kernel has dropped since the last count to the
// rules that have cut off every source of which attempts are dropped: those alone
// are certain to have done it.
func (s *synFilter) count(listener *net.TCPListener) {
	drops, ok := socketDrops(listener)
	if !ok {
		return
	}
	if fresh := drops - s.counted; len(s.dropped) > 0 && fresh > 0 {
		for _, h := range s.harms {
			h.unanswered.Add(int64(fresh))
		}
	}
	s.counted = drops
}

// socketDrops is how many packets the kernel has dropped at the socket (Linux,
// net/core/sock.c, sk_get_meminfo, since 4.12).
func socketDrops(listener *net.TCPListener) (drops uint32, ok bool) {
	const soMemInfo, dropsAt = 55, 8
	raw, err := listener.SyscallConn()
	if err != nil {
		return 0, false
	}
	var info [dropsAt + 1]uint32
	size := uint32(unsafe.Sizeof(info))
	err = raw.Control(func(fd uintptr) {
		_, _, errno := unix.Syscall6(unix.SYS_GETSOCKOPT, fd, unix.SOL_SOCKET, soMemInfo,
			uintptr(unsafe.Pointer(&info)), uintptr(unsafe.Pointer(&size)), 0)
		ok = errno == 0 && size >= uint32(unsafe.Sizeof(info))
	})
	return info[dropsAt], ok && err == nil
}
