package netfault

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/process/processtest"
)

// BenchmarkRedis compares three ways to a server, side by side: a connection of
// one's own, [Fabric.Dial], and a proxy's port. Clients ask SET and GET in turn,
// one request at a time. The ways take turns, so that a slow moment of the machine
// meets all of them.
func BenchmarkRedis(b *testing.B) {
	addr := processtest.Start(b, target.None).Nodes()[0].Addr()
	f := newFabric(b)
	p, err := f.Listen("n1", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	p.Forward(addr)
	var direct net.Dialer
	dials := []struct {
		name string
		dial func(context.Context) (net.Conn, error)
	}{
		{"direct", func(ctx context.Context) (net.Conn, error) { return direct.DialContext(ctx, "tcp", addr) }},
		{"dial", func(ctx context.Context) (net.Conn, error) { return f.Dial(ctx, "c0", p.Addr()) }},
		{"proxy", func(ctx context.Context) (net.Conn, error) { return direct.DialContext(ctx, "tcp", p.Addr()) }},
	}
	for _, clients := range []int{1, 10, 50} {
		b.Run(fmt.Sprintf("%d-clients", clients), func(b *testing.B) {
			took := make([][]time.Duration, len(dials))
			const turn = 500 * time.Millisecond
			for b.Loop() {
				for i, d := range dials {
					took[i] = append(took[i], load(b, clients, turn, d.dial)...)
				}
			}
			base := rate(took[0], turn, b.N)
			for i, d := range dials {
				slices.Sort(took[i])
				b.ReportMetric(rate(took[i], turn, b.N), d.name+"-ops/s")
				b.ReportMetric(100*rate(took[i], turn, b.N)/base, d.name+"-%")
				b.ReportMetric(float64(took[i][len(took[i])/2].Nanoseconds())/1e3, d.name+"-µs")
			}
		})
	}
}

func rate(took []time.Duration, turn time.Duration, turns int) float64 {
	return float64(len(took)) / (turn.Seconds() * float64(turns))
}

// load returns how long each request took of those that clients make in a turn.
func load(b *testing.B, clients int, turn time.Duration, dial func(context.Context) (net.Conn, error)) []time.Duration {
	b.Helper()
	took := make([][]time.Duration, clients)
	var wg sync.WaitGroup
	for i := range clients {
		wg.Go(func() {
			conn, err := dial(b.Context())
			if err != nil {
				b.Error(err)
				return
			}
			defer conn.Close()
			took[i], err = askInTurn(conn, i, time.Now().Add(turn))
			if err != nil {
				b.Error(err)
			}
		})
	}
	wg.Wait()
	return slices.Concat(took...)
}

// askInTurn sets and gets a key until the deadline.
func askInTurn(conn net.Conn, client int, deadline time.Time) (took []time.Duration, err error) {
	requests := [][]byte{
		fmt.Appendf(nil, "SET k%d 1234567890\r\n", client),
		fmt.Appendf(nil, "GET k%d\r\n", client),
	}
	in := bufio.NewReader(conn)
	for began := time.Now(); began.Before(deadline); {
		if _, err = conn.Write(requests[len(took)%2]); err != nil {
			return took, err
		}
		line, err := in.ReadSlice('\n')
		if err == nil && bytes.HasPrefix(line, []byte("$")) {
			_, err = in.ReadSlice('\n')
		}
		if err != nil {
			return took, err
		}
		now := time.Now()
		took = append(took, now.Sub(began))
		began = now
	}
	return took, nil
}

// BenchmarkBulk is one stream of bytes as fast as it goes.
func BenchmarkBulk(b *testing.B) {
	for _, w := range append(ways(), way{"direct", func(_ testing.TB, ctx context.Context, _ *Fabric, p *Proxy) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "tcp", p.upstream)
	}}) {
		b.Run(w.name, func(b *testing.B) {
			s := newScene(b, w)
			client := s.open()
			peer := s.server.next(b)
			piece := make([]byte, 256<<10)
			var wg sync.WaitGroup
			wg.Go(func() {
				for range b.N {
					if _, err := client.Write(piece); err != nil {
						b.Error(err)
						return
					}
				}
			})
			b.SetBytes(int64(len(piece)))
			b.ResetTimer()
			if _, err := io.CopyN(io.Discard, peer, int64(len(piece))*int64(b.N)); err != nil {
				b.Error(err)
			}
			wg.Wait()
		})
	}
}
