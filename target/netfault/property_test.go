package netfault

import (
	"crypto/sha256"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// drawRule is a rule that no connection dies of.
func drawRule(t *rapid.T) Rule {
	return Rule{
		Cut:            rapid.Bool().Draw(t, "cut"),
		Latency:        time.Duration(rapid.IntRange(0, 3).Draw(t, "latency_ms")) * time.Millisecond,
		Jitter:         time.Duration(rapid.IntRange(0, 3).Draw(t, "jitter_ms")) * time.Millisecond,
		BytesPerSecond: rapid.SampledFrom([]int64{0, 0, 1 << 20, 100 << 20}).Draw(t, "bandwidth"),
		CloseDelay:     time.Duration(rapid.IntRange(0, 3).Draw(t, "close_ms")) * time.Millisecond,
		Refuse:         rapid.Bool().Draw(t, "refuse"),
	}
}

// step is a change of rules while bytes flow.
type step struct {
	links Links
	rule  Rule
	heals int // which rule is healed instead, if any
	pause time.Duration
}

func drawSteps(t *rapid.T) []step {
	links := []Links{request(), reply(), either(), BothWays(Except(), Except())}
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) step {
		return step{
			links: rapid.SampledFrom(links).Draw(t, "links"),
			rule:  drawRule(t),
			heals: rapid.IntRange(-2, 5).Draw(t, "heals"),
			pause: time.Duration(rapid.IntRange(0, 2000).Draw(t, "pause_us")) * time.Microsecond,
		}
	}), 1, 12).Draw(t, "steps")
}

// Whatever rules come and go, a stream arrives whole after healing, in both
// directions, and so does its end; and nobody who hears it stalls.
func TestStreamSurvivesRules(t *testing.T) {
	for _, w := range ways() {
		t.Run(w.name, func(t *testing.T) {
			rapid.Check(t, func(rt *rapid.T) {
				s := connected(t, w)
				defer s.fabric.Close()
				seed := rapid.Uint64().Draw(rt, "seed")
				size := rapid.IntRange(0, 4<<20).Draw(rt, "size")
				steps := drawSteps(rt)
				var wg sync.WaitGroup
				streams := []*stream{{from: s.client, to: s.peer}, {from: s.peer, to: s.client}}
				for i, st := range streams {
					wg.Go(func() { st.write(seed+uint64(i), size) })
					wg.Go(func() { st.read() })
				}
				play(s, steps)
				wg.Wait()
				for i, st := range streams {
					if st.err != nil || st.got != st.sent {
						rt.Fatalf("stream %d: %d of %d bytes, or others: %v", i, st.size, size, st.err)
					}
				}
			})
		})
	}
}

// play goes through the steps, and then heals everything.
func play(s *scene, steps []step) {
	var harms []*Harm
	for _, step := range steps {
		if step.heals >= 0 && step.heals < len(harms) {
			harms[step.heals].Heal()
		} else {
			harms = append(harms, apply(s.t, s.fabric, step.links, step.rule))
		}
		time.Sleep(step.pause)
	}
	s.fabric.Heal()
}

// stream is bytes from one end to the other, in pieces of random size.
type stream struct {
	from, to  net.Conn
	sent, got [sha256.Size]byte
	size      int64

	mu  sync.Mutex
	err error
}

func (s *stream) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.err = errors.Join(s.err, err)
}

func (s *stream) write(seed uint64, size int) {
	random := rand.New(rand.NewPCG(seed, 0))
	sum := sha256.New()
	for size > 0 {
		piece := make([]byte, min(size, 1+random.IntN(1<<random.IntN(18))))
		for i := range piece {
			piece[i] = byte(random.Uint32())
		}
		sum.Write(piece)
		if _, err := s.from.Write(piece); err != nil {
			s.fail(err)
		}
		size -= len(piece)
	}
	sum.Sum(s.sent[:0])
	if err := s.from.(interface{ CloseWrite() error }).CloseWrite(); err != nil {
		s.fail(err)
	}
}

func (s *stream) read() {
	sum := sha256.New()
	var err error
	if s.size, err = io.Copy(sum, s.to); err != nil {
		s.fail(err)
	}
	sum.Sum(s.got[:0])
}

// Rules that connections die of, and a closing fabric, leave no goroutine and no
// port behind, also in the midst of traffic.
func TestNothingIsLeft(t *testing.T) {
	for _, w := range ways() {
		t.Run(w.name, func(t *testing.T) {
			rapid.Check(t, func(rt *rapid.T) {
				s := connected(t, w)
				steps := drawSteps(rt)
				for i := range steps {
					steps[i].rule.Drop = rapid.Bool().Draw(rt, "drop")
					steps[i].rule.HalfOpen = rapid.Bool().Draw(rt, "half open")
				}
				var wg sync.WaitGroup
				for _, st := range []*stream{{from: s.client, to: s.peer}, {from: s.peer, to: s.client}} {
					wg.Go(func() { _, _ = io.CopyN(st.from, zeros{}, 8<<20) })
					wg.Go(func() { st.read() })
				}
				play(s, steps[:len(steps)/2])
				for _, step := range steps[len(steps)/2:] {
					apply(t, s.fabric, step.links, step.rule)
				}
				if rapid.Bool().Draw(rt, "client closes") {
					s.client.Close()
				}
				if err := s.fabric.Close(); err != nil {
					rt.Fatal(err)
				}
				s.client.Close()
				s.peer.Close()
				wg.Wait()
				if len(s.fabric.circuits) > 0 {
					rt.Fatal("a connection is left")
				}
				again, err := net.Listen("tcp4", s.proxy.Addr())
				if err != nil {
					rt.Fatal(err)
				}
				again.Close()
			})
		})
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }
