package netfault

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Links between the client and the server of a scene.
func request() Links { return OneWay(Only("c0"), Only("n1")) }
func reply() Links   { return OneWay(Only("n1"), Only("c0")) }
func either() Links  { return BothWays(Only("c0"), Only("n1")) }

func isReset(err error) bool {
	return errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}
func isEOF(err error) bool { return err == io.EOF }

func TestBytesAndEndsPass(t *testing.T) {
	both(t, func(t *testing.T, s *scene) {
		send(t, s.client, "ask")
		hear(t, s.peer, "ask")
		if err := s.client.(interface{ CloseWrite() error }).CloseWrite(); err != nil {
			t.Fatal(err)
		}
		hearError(t, s.peer, isEOF)
		send(t, s.peer, "answer") // the other half stays open
		hear(t, s.client, "answer")
		s.peer.Close()
		hearError(t, s.client, isEOF)
	})
}

func TestRules(t *testing.T) {
	tests := []struct {
		name           string
		links          Links
		rule           Rule
		there, back    bool // does it pass while the rule lies there
		killsWhenHeals bool
	}{
		{"cut", either(), Rule{Cut: true}, false, false, false},
		{"cut the request", request(), Rule{Cut: true}, false, true, false},
		{"cut the reply", reply(), Rule{Cut: true}, true, false, false},
		{"drop", either(), Rule{Drop: true}, false, false, true},
		{"drop the reply", reply(), Rule{Drop: true}, true, false, true},
		{"others", BothWays(Only("c0"), Except("n1")), Rule{Cut: true}, true, true, false},
		{"everything", BothWays(Except(), Except()), Rule{Cut: true}, false, false, false},
		{"refuse", either(), Rule{Refuse: true}, true, true, false},
		{"slow close", either(), Rule{CloseDelay: time.Hour}, true, true, false},
		{"latency", either(), Rule{Latency: time.Hour}, false, false, false},
		{"nothing", either(), Rule{}, true, true, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			both(t, func(t *testing.T, s *scene) {
				h := apply(t, s.fabric, test.links, test.rule)
				send(t, s.client, "ask")
				send(t, s.peer, "answer")
				arrives(t, s.peer, "ask", test.there)
				arrives(t, s.client, "answer", test.back)
				if effect := h.Effect(); effect.Took() == (test.there && test.back) {
					t.Errorf("effect: %+v", effect)
				}
				if !h.Heal() || h.Heal() {
					t.Error("want the rule to heal once")
				}
				if test.killsWhenHeals {
					hearError(t, s.peer, isReset)
					hearError(t, s.client, isReset)
					if got := h.Effect().Resets; got != 1 {
						t.Errorf("%d resets", got)
					}
					return
				}
				arrives(t, s.peer, "ask", !test.there)
				arrives(t, s.client, "answer", !test.back)
				send(t, s.client, "more")
				hear(t, s.peer, "more")
			})
		})
	}
}

// arrives checks that the text comes, or that nothing does.
func arrives(t *testing.T, conn net.Conn, text string, does bool) {
	t.Helper()
	if does {
		hear(t, conn, text)
	} else {
		silence(t, conn)
	}
}

// A reader that waits when the rule comes must not hear what comes after it.
func TestRuleReachesWhoWaits(t *testing.T) {
	both(t, func(t *testing.T, s *scene) {
		heard := make(chan error, 1)
		go func() {
			_, err := io.ReadFull(s.client, make([]byte, 6))
			heard <- err
		}()
		time.Sleep(glance) // it waits
		h := apply(t, s.fabric, reply(), Rule{Cut: true})
		send(t, s.peer, "answer")
		select {
		case err := <-heard:
			t.Fatalf("heard what was cut off: %v", err)
		case <-time.After(glance):
		}
		h.Heal()
		if err := <-heard; err != nil {
			t.Fatal(err)
		}
		if got := h.Effect().HeldBytes; got != 6 {
			t.Errorf("%d bytes held back", got)
		}
	})
}

// A rule need not wait for who writes to somebody that does not read, and what
// was written in part goes on where it stopped.
func TestRuleReachesWhoWrites(t *testing.T) {
	both(t, func(t *testing.T, s *scene) {
		data := make([]byte, 16<<20)
		random := rand.New(rand.NewPCG(1, 1))
		for i := range len(data) / 8 {
			binary.NativeEndian.PutUint64(data[8*i:], random.Uint64())
		}
		var wg sync.WaitGroup
		wg.Go(func() {
			if _, err := s.client.Write(data); err != nil {
				t.Error(err)
			}
		})
		got := make([]byte, len(data))
		if _, err := io.ReadFull(s.peer, got[:1]); err != nil {
			t.Fatal(err)
		}
		time.Sleep(glance) // nobody reads: the buffers are full, and the write waits
		for _, rule := range []Rule{{Cut: true}, {Latency: time.Millisecond}, {}} {
			apply(t, s.fabric, request(), rule)
			s.fabric.Heal()
		}
		h := apply(t, s.fabric, request(), Rule{Cut: true})
		passed := func() int64 { return s.fabric.Stats(Link{"c0", "n1"}).Bytes }
		before := passed()
		wg.Go(func() {
			if n, err := io.ReadFull(s.peer, got[1:]); err != nil || !bytes.Equal(got, data) {
				t.Errorf("%d of %d bytes, or others: %v", n+1, len(data), err)
			}
		})
		time.Sleep(glance)
		if after := passed(); after != before {
			t.Errorf("%d bytes passed a cut", after-before)
		}
		h.Heal()
		wg.Wait()
	})
}

func TestCutHoldsConnectionsBack(t *testing.T) {
	for _, w := range ways() {
		for name, links := range map[string]Links{"request": request(), "reply": reply()} {
			t.Run(w.name+"/"+name, func(t *testing.T) {
				s := newScene(t, w)
				if err := s.fabric.Name("127.0.0.1", "c0"); err != nil {
					t.Fatal(err)
				}
				h := apply(t, s.fabric, links, Rule{Cut: true})
				ctx, cancel := context.WithTimeout(t.Context(), glance)
				defer cancel()
				conn, err := w.dial(t, ctx, s.fabric, s.proxy)
				var timeout net.Error
				if !errors.As(err, &timeout) || !timeout.Timeout() || !errors.Is(err, context.DeadlineExceeded) && w.name == "dial" {
					t.Errorf("dial: %v, %v", conn, err)
				}
				s.server.none(t)
				if got := h.Effect().Unanswered; got == 0 {
					t.Error("no attempt counted")
				}
				opened := make(chan net.Conn)
				go func() { opened <- s.open() }()
				time.Sleep(glance)
				h.Heal()
				client := <-opened
				send(t, client, "ask")
				hear(t, s.server.next(t), "ask")
			})
		}
	}
}

func TestRefusal(t *testing.T) {
	for _, w := range ways() {
		for _, why := range []string{"rule", "server down", "no server yet"} {
			t.Run(w.name+"/"+why, func(t *testing.T) {
				s := newScene(t, w)
				switch why {
				case "rule":
					h := apply(t, s.fabric, either(), Rule{Refuse: true})
					defer func() {
						if got := h.Effect().Refused; got != 1 {
							t.Errorf("%d refused", got)
						}
					}()
				case "server down":
					s.server.Close()
				default:
					s.proxy.Forward("")
				}
				conn, err := w.dial(t, testContext(t), s.fabric, s.proxy)
				if w.name == "dial" {
					if !errors.Is(err, syscall.ECONNREFUSED) {
						t.Errorf("dial: %v, %v", conn, err)
					}
					return
				}
				if err != nil {
					if !isReset(err) {
						t.Fatal(err)
					}
					return
				}
				defer conn.Close()
				bound(t, conn)
				hearError(t, conn, isReset)
			})
		}
	}
}

func TestReset(t *testing.T) {
	for name, links := range map[string]Links{"request": request(), "reply": reply()} {
		t.Run(name, func(t *testing.T) {
			both(t, func(t *testing.T, s *scene) {
				if n := s.fabric.Reset(OneWay(Only("c0"), Only("n2"))); n != 0 {
					t.Errorf("reset %d of another link", n)
				}
				if n := s.fabric.Reset(links); n != 1 {
					t.Errorf("reset %d", n)
				}
				hearError(t, s.peer, isReset)
				hearError(t, s.client, isReset)
				if stats := s.fabric.Stats(Link{"c0", "n1"}); stats.Connections != 1 || stats.Resets != 1 {
					t.Errorf("%+v", stats)
				}
			})
		})
	}
}

func TestHalfOpen(t *testing.T) {
	both(t, func(t *testing.T, s *scene) {
		h := apply(t, s.fabric, request(), Rule{HalfOpen: true})
		hearError(t, s.peer, isReset)
		send(t, s.client, "anybody there?")
		silence(t, s.client)
		if got := h.Effect().HalfOpened; got != 1 {
			t.Errorf("%d half open", got)
		}
		h.Heal()
		hearError(t, s.client, isReset)
	})
	both(t, func(t *testing.T, s *scene) {
		h := apply(t, s.fabric, reply(), Rule{HalfOpen: true})
		hearError(t, s.client, isReset)
		s.client.Close()
		send(t, s.peer, "anybody there?")
		silence(t, s.peer)
		s.client = s.open() // another connection is not concerned
		send(t, s.client, "ask")
		hear(t, s.server.next(t), "ask")
		h.Heal()
		hearError(t, s.peer, isReset)
	})
}

func TestSlowClose(t *testing.T) {
	both(t, func(t *testing.T, s *scene) {
		h := apply(t, s.fabric, request(), Rule{CloseDelay: time.Hour})
		send(t, s.client, "bye")
		s.client.Close()
		hear(t, s.peer, "bye")
		silence(t, s.peer)
		if got := h.Effect(); got.SlowCloses != 1 || got.HeldBytes != 0 {
			t.Errorf("%+v", got)
		}
		h.Heal()
		hearError(t, s.peer, isEOF)
	})
}

// What was sent before the client closed arrives after the cut.
func TestCloseBehindACut(t *testing.T) {
	both(t, func(t *testing.T, s *scene) {
		h := apply(t, s.fabric, either(), Rule{Cut: true})
		send(t, s.client, "last words")
		s.client.Close()
		silence(t, s.peer)
		h.Heal()
		hear(t, s.peer, "last words")
		hearError(t, s.peer, isEOF)
	})
}

func TestCutMakesTheSenderWait(t *testing.T) {
	both(t, func(t *testing.T, s *scene) {
		h := apply(t, s.fabric, request(), Rule{Cut: true})
		if err := s.client.SetWriteDeadline(time.Now().Add(10 * glance)); err != nil {
			t.Fatal(err)
		}
		sent, err := s.client.Write(make([]byte, 64<<20))
		var timeout net.Error
		if !errors.As(err, &timeout) || !timeout.Timeout() {
			t.Fatalf("wrote %d, %v", sent, err)
		}
		if got := h.Effect().HeldBytes; got != blockedBytes {
			t.Errorf("took in %d bytes", got)
		}
		s.fabric.Heal()
		go func() { s.client.(interface{ CloseWrite() error }).CloseWrite() }()
		got, err := io.Copy(io.Discard, s.peer)
		if err != nil || got != int64(sent) {
			t.Errorf("%d of %d bytes arrived, %v", got, sent, err)
		}
	})
}

func TestBadRules(t *testing.T) {
	f := newFabric(t)
	for _, r := range []Rule{{Latency: -1}, {Jitter: -1}, {CloseDelay: -1}, {BytesPerSecond: -1}} {
		if _, err := f.Apply(either(), r); err == nil {
			t.Errorf("%+v was applied", r)
		}
	}
	if err := f.Name("localhost", "c0"); err == nil {
		t.Error("a host's name names an endpoint")
	}
	if _, err := f.Listen("n1", "0.0.0.0:0"); err == nil {
		t.Error("a proxy listens to other machines")
	}
	if _, err := f.Dial(t.Context(), "c0", "127.0.0.1:1"); err == nil {
		t.Error("dialled a stranger")
	}
}

func TestCloseEndsAWriteThatWaits(t *testing.T) {
	s := connected(t, ways()[1])
	apply(t, s.fabric, request(), Rule{Cut: true})
	wrote := make(chan error, 1)
	go func() {
		_, err := s.client.Write(make([]byte, 2*blockedBytes))
		wrote <- err
	}()
	time.Sleep(glance) // it waits
	s.client.Close()
	select {
	case err := <-wrote:
		if !errors.Is(err, net.ErrClosed) {
			t.Errorf("write: %v", err)
		}
	case <-time.After(patience):
		t.Error("the write still waits")
	}
}
