package netfault

import (
	"sync"
	"time"
)

// bucket is a token bucket, one token a byte, that the connections of one link
// share. The zero bucket is ready for use.
type bucket struct {
	mu     sync.Mutex
	rate   int64 // bytes per second, as last asked
	tokens float64
	filled time.Time
}

// burst is how much the bucket holds: what the rate carries in 20 ms, so that a
// bandwidth is seen as such and not as bursts and pauses.
func burst(rate int64) float64 { return max(1, float64(rate)/50) }

// wait is how long it takes until that many tokens, or a full bucket, are there.
func (b *bucket) wait(now time.Time, rate int64, want int) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.fill(now, rate)
	missing := min(float64(want), burst(rate)) - b.tokens
	if missing <= 0 {
		return 0
	}
	return time.Duration(missing/float64(rate)*float64(time.Second)) + time.Microsecond
}

// take takes up to want tokens and returns how many.
func (b *bucket) take(now time.Time, rate int64, want int) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.fill(now, rate)
	n := min(want, int(b.tokens))
	b.tokens -= float64(n)
	return n
}

// giveBack returns tokens that were not used.
func (b *bucket) giveBack(n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.tokens += float64(n)
}

func (b *bucket) fill(now time.Time, rate int64) {
	if rate != b.rate {
		b.rate, b.tokens, b.filled = rate, burst(rate), now // another rule: from the start
	}
	if passed := now.Sub(b.filled); passed > 0 {
		b.tokens = min(burst(rate), b.tokens+passed.Seconds()*float64(rate))
		b.filled = now
	}
}
