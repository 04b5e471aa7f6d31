package netfault

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Every chunk takes its latency, and they travel at the same time.
func TestLatency(t *testing.T) {
	both(t, func(t *testing.T, s *scene) {
		const latency, chunks = 40 * time.Millisecond, 20
		apply(t, s.fabric, request(), Rule{Latency: latency})
		began := time.Now()
		var wg sync.WaitGroup
		wg.Go(func() {
			for range chunks {
				stamp := binary.BigEndian.AppendUint64(nil, uint64(time.Since(began)))
				if _, err := s.client.Write(stamp); err != nil {
					t.Error(err)
				}
				time.Sleep(time.Millisecond)
			}
		})
		var late time.Duration
		for range chunks {
			var stamp [8]byte
			if _, err := io.ReadFull(s.peer, stamp[:]); err != nil {
				t.Fatal(err)
			}
			took := time.Since(began) - time.Duration(binary.BigEndian.Uint64(stamp[:]))
			if took < latency {
				t.Errorf("took %v", took)
			}
			late = max(late, took-latency)
		}
		wg.Wait()
		t.Logf("at most %v late", late)
	})
}

// The same seed delays the same chunks alike, another one does not.
func TestJitterFollowsTheSeed(t *testing.T) {
	draws := func(seed uint64, l Link) (all [10]float64) {
		f := New(seed)
		defer f.Close()
		f.mu.Lock()
		defer f.mu.Unlock()
		out, _ := f.randoms(l)
		for i := range all {
			all[i] = out.Float64()
		}
		return all
	}
	l := Link{"c0", "n1"}
	if draws(1, l) != draws(1, l) || draws(1, l) == draws(2, l) || draws(1, l) == draws(1, l.back()) {
		t.Error("jitter does not follow the seed and the link alone")
	}
}

// The connections of a link share its bandwidth.
func TestBandwidth(t *testing.T) {
	both(t, func(t *testing.T, s *scene) {
		const rate, size = 1 << 20, 100 << 10
		other := s.open()
		otherPeer := s.server.next(t)
		h := apply(t, s.fabric, request(), Rule{BytesPerSecond: rate})
		began := time.Now()
		var wg sync.WaitGroup
		for _, ends := range [][2]net.Conn{{s.client, s.peer}, {other, otherPeer}} {
			wg.Go(func() {
				if _, err := ends[0].Write(make([]byte, size)); err != nil {
					t.Error(err)
				}
			})
			wg.Go(func() {
				if _, err := io.CopyN(io.Discard, ends[1], size); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		least := time.Duration((2*size - burst(rate)) / rate * float64(time.Second))
		if took := time.Since(began); took < least {
			t.Errorf("took %v, less than %v", took, least)
		}
		if h.Effect().HeldBytes == 0 {
			t.Error("nothing was held back")
		}
	})
}

func TestNames(t *testing.T) {
	f := newFabric(t)
	s := newServer(t)
	p, err := f.Listen("n1", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p.Forward(s.Addr().String())
	conn, err := net.Dial("tcp", p.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	bound(t, conn)
	peer := s.next(t)
	eventually(t, "it goes by its address", func() bool { return f.Stats(Link{"127.0.0.1", "n1"}).Connections == 1 })
	// A name holds for the connection that is there, and the port's goes first.
	if err := errors.Join(f.Name(conn.LocalAddr().String(), "c7"), f.Name("127.0.0.1", "c8")); err != nil {
		t.Fatal(err)
	}
	h := apply(t, f, OneWay(Only("c7"), Only("n1")), Rule{Cut: true})
	send(t, conn, "ask")
	silence(t, peer)
	h.Heal()
	hear(t, peer, "ask")
}

// Where the kernel cannot tell who is cut off, the proxy holds the connection;
// one whose opener gives up is never made.
func TestHeldConnection(t *testing.T) {
	s := newScene(t, ways()[0])
	if err := s.fabric.Name("127.0.0.1:1", "c9"); err != nil { // from now on a port matters
		t.Fatal(err)
	}
	h := apply(t, s.fabric, either(), Rule{Cut: true})
	gone, stays := s.open(), s.open()
	send(t, gone, "too early")
	send(t, stays, "patient")
	eventually(t, "both are held", func() bool { return h.Effect().Unanswered == 2 })
	gone.Close()
	eventually(t, "one has gone", func() bool {
		s.fabric.mu.Lock()
		defer s.fabric.mu.Unlock()
		return len(s.fabric.circuits) == 1
	})
	s.server.none(t)
	h.Heal()
	hear(t, s.server.next(t), "patient")
	s.server.none(t)
}

func TestForward(t *testing.T) {
	for _, w := range ways() {
		t.Run(w.name, func(t *testing.T) {
			s := connected(t, w)
			other := newServer(t)
			s.proxy.Forward(other.Addr().String())
			send(t, s.open(), "ask")
			hear(t, other.next(t), "ask")
			send(t, s.client, "still there")
			hear(t, s.peer, "still there")
		})
	}
}

// A reset travels by the rules of its way, after what was sent before it.
func TestResetIsHeldBack(t *testing.T) {
	both(t, func(t *testing.T, s *scene) {
		h := apply(t, s.fabric, reply(), Rule{Cut: true})
		send(t, s.peer, "last words")
		hangUp(s.peer)
		for range 5 {
			send(t, s.client, "anybody there?")
			time.Sleep(time.Millisecond)
		}
		silence(t, s.client)
		h.Heal()
		if s.way.name == "proxy" {
			// What the reset overtook in the proxy's own socket is lost, as it may be
			// in any.
			_, err := io.ReadAll(s.client)
			if err != nil && !isReset(err) {
				t.Error(err)
			}
			return
		}
		said, err := io.ReadAll(s.client)
		if !strings.HasPrefix("last words", string(said)) || err != nil && !isReset(err) {
			t.Errorf("heard %q, %v", said, err)
		}
	})
}

// looked is what a look at a connection's descriptor shows.
func looked(t *testing.T, conn net.Conn) string {
	t.Helper()
	raw, err := conn.(syscall.Conn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	var n int
	var peek error
	err = raw.Read(func(fd uintptr) bool {
		n, _, peek = syscall.Recvfrom(int(fd), make([]byte, 1), syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
		return true
	})
	switch {
	case errors.Is(err, net.ErrClosed):
		return "closed"
	case err != nil:
		return err.Error()
	case errors.Is(peek, syscall.EAGAIN):
		return "nothing"
	case peek != nil || n == 0:
		return "end"
	}
	return "bytes"
}

func TestDescriptorShowsWhatIsDue(t *testing.T) {
	s := connected(t, ways()[1])
	shows := func(when, want string) {
		t.Helper()
		eventually(t, when+": "+want, func() bool { return looked(t, s.client) == want })
	}
	shows("at first", "nothing")
	send(t, s.peer, "x")
	shows("without rules", "bytes")
	hear(t, s.client, "x")
	h := apply(t, s.fabric, reply(), Rule{Cut: true})
	send(t, s.peer, "x")
	s.peer.CloseWrite()
	time.Sleep(glance)
	if got := looked(t, s.client); got != "nothing" {
		t.Errorf("while the way is cut: %s", got)
	}
	h.Heal()
	shows("after healing", "bytes")
	hear(t, s.client, "x")
	shows("after the last byte", "end")
	s.client.Close()
	shows("after Close", "closed")
}

func TestDialIsBounded(t *testing.T) {
	s := newScene(t, ways()[1])
	apply(t, s.fabric, either(), Rule{Latency: time.Hour})
	ctx, cancel := context.WithTimeout(t.Context(), glance)
	defer cancel()
	if conn, err := s.fabric.Dial(ctx, "c0", s.proxy.Addr()); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("dial: %v, %v", conn, err)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if conn, err := s.fabric.Dial(cancelled, "c0", s.proxy.Addr()); !errors.Is(err, context.Canceled) {
		t.Errorf("dial: %v, %v", conn, err)
	}
	s.fabric.Close()
	if conn, err := s.fabric.Dial(t.Context(), "c0", s.proxy.Addr()); err == nil {
		t.Errorf("dialled a closed fabric: %v", conn)
	}
}
