package netfault

import (
	"bytes"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// Bytes leave a line in the order in which they came, not before their time, and
// all of them.
func TestLineKeepsOrderAndTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		base := time.Unix(1000, 0)
		b := &burden{
			latency: time.Duration(rapid.IntRange(0, 20).Draw(t, "latency")),
			jitter:  time.Duration(rapid.IntRange(0, 30).Draw(t, "jitter")),
		}
		var l line
		var in, out []byte
		came := map[int]time.Time{} // by the number of the last byte
		now := base
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(0, 10).Draw(t, "passes")))
			if rapid.Bool().Draw(t, "comes") {
				data := rapid.SliceOfN(rapid.Byte(), 1, 5).Draw(t, "data")
				in = append(in, data...)
				l.add(chunk{data: data, came: now, draw: rapid.Float64Range(-1, 0.999).Draw(t, "draw")})
				came[len(in)] = now
			}
			if l.wait(now, b) != 0 || len(l.chunks) == 0 {
				continue
			}
			n := rapid.IntRange(1, len(l.chunks[0].data)).Draw(t, "leaves")
			out = append(out, l.chunks[0].data[:n]...)
			if at, ok := came[len(out)]; ok && now.Sub(at) < b.latency-b.jitter {
				t.Fatalf("left after %v", now.Sub(at))
			}
			l.left(n)
		}
		if l.size != len(in)-len(out) {
			t.Fatalf("size %d: %d came, %d left", l.size, len(in), len(out))
		}
		for len(l.chunks) > 0 {
			if l.wait(now.Add(time.Hour), b) != 0 || l.wait(now, &burden{blocked: true}) != forever {
				t.Fatal("what came must leave in the end, and not while blocked")
			}
			out = append(out, l.chunks[0].data...)
			l.left(len(l.chunks[0].data))
		}
		if !bytes.Equal(in, out) || !l.empty() || l.wait(now, b) != forever {
			t.Fatalf("%q came, %q left", in, out)
		}
	})
}

// A bucket gives no more than its rate and one burst, and gives that.
func TestBucketKeepsItsRate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var b bucket
		rate := rapid.Int64Range(1, 1<<30).Draw(t, "rate")
		base := time.Unix(1000, 0)
		now, got := base, int64(0)
		for range rapid.IntRange(1, 50).Draw(t, "asks") {
			want := rapid.IntRange(1, 1<<20).Draw(t, "want")
			if rapid.Bool().Draw(t, "waits") {
				wait := b.wait(now, rate, want)
				now = now.Add(wait)
				n := b.take(now, rate, want)
				if got += int64(n); n == 0 {
					t.Fatalf("nothing after %v", wait)
				}
				continue
			}
			now = now.Add(time.Duration(rapid.Int64Range(0, 1e9).Draw(t, "passes")))
			n := b.take(now, rate, want)
			b.giveBack(n / 2)
			got += int64(n - n/2)
		}
		if most := now.Sub(base).Seconds()*float64(rate) + burst(rate) + 1; float64(got) > most {
			t.Fatalf("%d tokens, at most %.0f", got, most)
		}
	})
}
