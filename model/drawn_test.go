package model_test

import (
	"testing"

	"github.com/jepsen-lite/jepsen-lite/history/sketch"
)

// drawing is a picture of a history, and whether a model allows it.
type drawing struct {
	name, model string
	legal       bool
	picture     string
}

func (d drawing) run(t *testing.T) {
	t.Helper()
	if got := legal(t, d.model, sketch.MustParse(d.picture)); got != d.legal {
		t.Fatalf("linearizable: got %v, want %v", got, d.legal)
	}
}

// The picture is the history: time to the right, ? an unknown outcome, x a
// failure.
func TestDrawnHistories(t *testing.T) {
	for _, test := range []drawing{
		{"concurrent read sees either", "register", true, `
0  |-write 1 → 1-|
1                   |-write 2 → 2-----|
2                     |-read → 1-|
3                           |-read → 2-|
4                                          |-read → 2-|`},
		{"stale read", "register", false, `
0  |-write 1 → 1-|
1                   |-write 2 → 2-|
2                                    |-read → 2-|
3                                                  |-read → 1-|
4                                                                |-read → 2-|`},
		{"write of unknown outcome takes effect late", "register", true, `
0  |-write 1 → 1-|
1                   |-write 2--?
2                                    |-read → 1-|
3                                                  |-read → 2-|
4                                                                |-read → 2-|`},
		{"write of unknown outcome takes effect once", "register", false, `
0  |-write 1 → 1-|
1                   |-write 2--?
2                                    |-read → 2-|
3                                                  |-read → 1-|
4                                                                |-read → 2-|`},

		{"cas chain", "cas-register", true, `
0  |-write 1 → 1-|
1                   |-cas [1,2] → [1,2]-|
2                     |-cas [2,3] → [2,3]-|
3                     |-cas [7,9] → {"saw":1}-x
4                                             |-read → 3-|`},
		{"two take the same value", "cas-register", false, `
0  |-write 1 → 1-|
1                   |-cas [1,2] → [1,2]-|
2                     |-cas [1,3] → [1,3]-|
3                                            |-read → 3-|
4                                                          |-read → 3-|`},
		{"a mismatch is a read of what it saw", "cas-register", false, `
0  |-write 1 → 1-|
1                   |-write 2 → 2-|
2                                    |-cas [7,9] → {"saw":1}-x
3                                                                |-read → 2-|
4                                                                              |-read → 2-|`},
		{"cas of unknown outcome", "cas-register", true, `
0  |-write 1 → 1-|
1                   |-cas [1,2]-?
2                     |-cas [2,3]-?
3                                   |-read → 1-|
4                                                 |-read → 3-|`},

		{"totals in one order", "counter", true, `
0  |-add-and-get 2 → 5-|
1    |-add-and-get 3 → 3-|
2                          |-read → 5-|
3                                       |-add 4-|
4                                                 |-read → 9-|`},
		{"lost update", "counter", false, `
0  |-add-and-get 1 → 1-|
1    |-add-and-get 1 → 1-|
2                          |-read → 1-|
3                                       |-add 4-|
4                                                 |-read → 5-|`},
		{"add of unknown outcome", "counter", true, `
0  |-add-and-get 1 → 1-|
1    |-add 5-?
2                          |-read → 1-|
3                                       |-read → 6-|
4                                                    |-add-and-get 1 → 7-|`},

		{"refused when the stock is short", "bounded-counter(3)", true, `
0  |-take 2 → 1-|
1                 |-take 2 → null-|
2                 |-put 4 → 5--------|
3                                     |-take 5 → 0-|
4                                                    |-read → 0-|`},
		{"sold twice", "bounded-counter(3)", false, `
0  |-take 2 → 1-|
1  |-take 2 → 1-|
2                 |-read → 1-|
3                              |-take 1 → 0-|
4                                             |-take 1 → null-|`},
		{"below zero", "bounded-counter(1)", false, `
0  |-take 2 → -1-|
1                  |-put 2 → 1-|
2                                |-read → 1-|
3                                             |-read → 1-|
4                                                          |-read → 1-|`},
		{"take of unknown outcome", "bounded-counter(3)", true, `
0  |-take 2-?
1              |-read → 3-|
2                           |-take 2 → null-|
3                                             |-put 1 → 2-|
4                                                           |-read → 2-|`},

		{"one after another", "mutex", true, `
0  |-acquire "a" → "a"-|
1                         |-acquire "b" → {"held_by":"a"}-|
0                                                            |-release "a" → "a"-|
1                                                              |-acquire "c" → "c"-|
1                                                                                     |-release "c" → "c"-|`},
		{"two holders", "mutex", false, `
0  |-acquire "a" → "a"-|
1                         |-acquire "b" → "b"-|
0                                                |-release "a" → false-|
1                                                                         |-release "b" → "b"-|
2                                                                                               |-acquire "c" → "c"-|`},
		{"without tokens, released by anyone", "mutex", true, `
0  |-acquire-|
1               |-release-|
1                            |-acquire-|
0                                         |-release-|
0                                                      |-acquire-|`},
		{"acquire of unknown outcome holds the lock", "mutex", true, `
0  |-acquire "a"-?
1                      |-acquire "b" → {"held_by":"a"}-|
2                                                         |-release "a" → "a"-|
1                                                                                |-acquire "c" → "c"-|
1                                                                                                       |-release "c" → "c"-|`},
		{"a belief that ended without a rival", "mutex", true, `
0  |-acquire "a" → "a"-|
0                         |-release "a" → false-|
1                                                  |-acquire "b" → "b"-|
1                                                                         |-release "b" → "b"-|
0                                                                                                |-acquire "c" → "c"-|`},
		{"found gone by one who never held it", "mutex", true, `
0  |-acquire "b" → "b"-|
1                         |-acquire "a"-?
2                                          |-release "a" → false-|
0                                                                   |-release "b" → "b"-|
2                                                                                          |-acquire "c" → "c"-|`},

		// A column is a nanosecond: with a TTL of 10 ms nothing here expires.
		{"granted again at once", "lease(10ms)", false, `
0  |-acquire "a" → "a"-|
1                         |-acquire "b" → "b"-|
0                                                |-release "a" → false-|
1                                                                         |-release "b" → "b"-|
2                                                                                               |-acquire "c" → "c"-|`},
		{"gone at once", "lease(10ms)", false, `
0  |-acquire "a" → "a"-|
0                         |-release "a" → false-|
1                                                  |-acquire "b" → "b"-|
1                                                                         |-release "b" → "b"-|
0                                                                                                |-acquire "c" → "c"-|`},
		{"acquired again by its holder, and released as often", "reentrant-lease(10ms)", true, `
0  |-acquire "a" → "a"-|
0                         |-acquire "a" → "a"-|
0                                                |-release "a" → "a"-|
1                                                                       |-acquire "b" → {"held_by":"a"}-|
0                                                                                                          |-release "a" → "a"-|
1                                                                                                                                 |-acquire "b" → "b"-|`},
		{"granted to another after one release of two", "reentrant-lease(10ms)", false, `
0  |-acquire "a" → "a"-|
0                         |-acquire "a" → "a"-|
0                                                |-release "a" → "a"-|
1                                                                       |-acquire "b" → "b"-|`},
		{"acquired again when it was another's", "reentrant-lease(10ms)", false, `
0  |-acquire "a" → "a"-|
0                         |-release "a" → "a"-|
1                                                |-acquire "b" → "b"-|
0                                                                       |-acquire "a" → "a"-|`},
		{"acquired again, perhaps", "reentrant-lease(10ms)", true, `
0  |-acquire "a" → "a"-|
0                         |-acquire "a"-?
2                                                |-release "a" → "a"-|
1                                                                       |-acquire "b" → "b"-|`},
		{"released too often", "reentrant-lease(10ms)", false, `
0  |-acquire "a" → "a"-|
0                         |-release "a" → "a"-|
0                                                |-release "a" → "a"-|`},
		{"renewed when it was another's", "lease(10ms)", false, `
0  |-acquire "a" → "a"-|
0                         |-release "a" → "a"-|
1                                                |-acquire "b" → "b"-|
0                                                                       |-renew "a" → "a"-|`},
		{"not renewed, when it was another's", "lease(10ms)", true, `
0  |-acquire "a" → "a"-|
0                         |-release "a" → "a"-|
1                                                |-acquire "b" → "b"-|
0                                                                       |-renew "a" → false-|`},
		{"a renewal of unknown outcome", "lease(10ms)", true, `
0  |-acquire "a" → "a"-|
2                         |-renew "b"-?
0                                                |-release "a" → "a"-|
1                                                                       |-acquire "b" → "b"-|`},
		{"not renewed, at once", "lease(10ms)", false, `
0  |-acquire "a" → "a"-|
0                         |-renew "a" → false-|
1                                                |-acquire "b" → "b"-|`},
		{"released in between", "lease(10ms)", true, `
0  |-acquire "a" → "a"-|
0                         |-release "a" → "a"-|
1                                                |-acquire "b" → "b"-|
1                                                                       |-release "b" → "b"-|
0                                                                                              |-acquire "c" → "c"-|`},
		{"release of unknown outcome", "lease(10ms)", true, `
0  |-acquire "a" → "a"-|
0                         |-release "a"-?
1                                          |-acquire "b" → "b"-|
1                                                                 |-release "b" → "b"-|
2                                                                                        |-acquire "c" → "c"-|`},

		{"growing tokens", "fenced-mutex", true, `
0  |-acquire → 3-|
0                   |-release 3 → 3-|
1                                      |-acquire → 7-|
0                                                       |-acquire → {"held_by":7}-|
1                                                                                    |-release 7 → 7-|`},
		{"the same token again", "fenced-mutex", false, `
0  |-acquire → 3-|
0                   |-release 3 → 3-|
1                                      |-acquire → 3-|
0                                                       |-acquire → {"held_by":3}-|
1                                                                                    |-release 3 → 3-|`},
		{"found gone by one who never held it", "fenced-mutex", true, `
0  |-acquire → 3-|
1                   |-acquire-?
2                                 |-release 2 → false-|
0                                                        |-release 3 → 3-|
2                                                                           |-acquire → 7-|`},
		{"released by another", "fenced-mutex", false, `
0  |-acquire → 3-|
1                   |-release-|
1                                |-acquire → 7-|
1                                                 |-release-|
0                                                              |-acquire → 8-|`},
		{"acquire of unknown outcome", "fenced-mutex", true, `
0  |-acquire-?
1               |-acquire → {"held_by":4}-|
1                                            |-acquire → {"held_by":4}-|
2                                                                         |-release 4 → 4-|
1                                                                                            |-acquire → 5-|`},

		{"in order", "fifo-queue", true, `
0  |-enqueue 1-|
1    |-enqueue 2-|
2                   |-dequeue → 2-|
3                     |-dequeue → 1-|
4                                     |-dequeue → null-|`},
		{"out of order", "fifo-queue", false, `
0  |-enqueue 1-|
1                 |-enqueue 2-|
2                                |-dequeue → 2-|
3                                                 |-dequeue → 1-|
4                                                                  |-dequeue → null-|`},
		{"dequeue of unknown outcome took the first", "fifo-queue", true, `
0  |-enqueue 1-|
1                 |-enqueue 2-|
2                                |-dequeue-?
3                                              |-dequeue → 2-|
4                                                               |-dequeue → null-|`},
		{"one dequeue of unknown outcome took one", "fifo-queue", false, `
0  |-enqueue 1-|
1                 |-enqueue 2-|
2                                |-dequeue-?
3                                              |-enqueue 3-|
4                                                             |-dequeue → 3-|`},

		{"any order", "unordered-queue", true, `
0  |-enqueue 1-|
1                 |-enqueue 2-|
2                                |-dequeue → 2-|
3                                                 |-dequeue → 1-|
4                                                                  |-dequeue → null-|`},
		{"delivered twice", "unordered-queue", false, `
0  |-enqueue 1-|
1                 |-enqueue 2-|
2                                |-dequeue → 1-|
3                                                 |-dequeue → 1-|
4                                                                  |-dequeue → null-|`},
		{"dequeue of unknown outcome took either", "unordered-queue", true, `
0  |-enqueue 1-|
1                 |-enqueue 2-|
2                                |-dequeue-?
3                                              |-dequeue → 1-|
4                                                               |-dequeue → null-|`},

		{"reads grow", "set", true, `
0  |-add 1-|
1             |-add 2--------------|
2               |-read → [1]-|
3                        |-read → [2,1]-|
4                                         |-read → [1,2]-|`},
		{"lost element", "set", false, `
0  |-add 1-|
1             |-add 2-|
2                        |-read → [1,2]-|
3                                          |-read → [2]-|
4                                                         |-read → [1,2]-|`},
		{"an element twice", "set", false, `
0  |-add 1-|
1             |-add 2-|
2                        |-read → [1,2]-|
3                                          |-read → [1,2,2]-|
4                                                             |-read → [1,2]-|`},
		{"add of unknown outcome", "set", true, `
0  |-add 1-|
1             |-add 2-?
2                        |-read → [1]-|
3                                        |-read → [1,2]-|
4                                                         |-read → [1,2]-|`},

		{"reads grow at the end", "log", true, `
0  |-append 1-|
1                |-append 3------------|
2                  |-append 2-|
3                                |-read → [1,2]-|
4                                                  |-read → [1,2,3]-|`},
		{"in another order", "log", false, `
0  |-append 1-|
1                |-append 2-|
2                              |-read → [1,2]-|
3                                                |-append 3-|
4                                                              |-read → [1,3,2]-|`},
		{"against the order of the appends", "log", false, `
0  |-append 1-|
1                |-append 2-|
2                              |-append 3-?
3                                             |-read → [2,1]-|
4                                                               |-read → [2,1,3]-|`},
		{"append of unknown outcome", "log", true, `
0  |-append 1-|
1                |-append 2-?
2                              |-read → [1]-|
3                                              |-append 3-|
4                                                            |-read → [1,2,3]-|`},
	} {
		t.Run(test.model+" "+test.name, test.run)
	}
}

// A lease may have expired its TTL after the earliest moment at which the grant
// can have happened, which the other operations may make later than its call.
func TestLeaseExpiry(t *testing.T) {
	const ms = 1_000_000
	at := func(scale int64, drawing string) bool {
		ops := sketch.MustParse(drawing)
		for i := range ops {
			ops[i].Call *= scale
			if ops[i].Completed >= 0 {
				ops[i].Return *= scale
			}
		}
		return legal(t, "lease(40ms)", ops)
	}
	expired := `
0  |-acquire "a" → "a"-|
1                                                            |-acquire "b" → "b"-|
0                                                                                   |-release "a" → false-|
1                                                                                                            |-release "b" → "b"-|
2                                                                                                                                   |-acquire "c" → "c"-|`
	if !at(ms, expired) {
		t.Error("granted up to 79 ms after the call of a grant of 40 ms: allowed")
	}
	if at(ms*4/10, expired) {
		t.Error("granted less than 33 ms after the earliest grant of 40 ms: too early")
	}
	// b can only have been granted after c's release was called, at column 31,
	// so it cannot have expired when d's acquire returns, at column 66.
	late := `
0  |-acquire "c" → "c"-|
1  |-acquire "b" → "b"-----------------------------|
0                              |-release "c" → "c"-|
2                                               |-acquire "d"→"d"-|
2                                                                    |-release "d"→"d"-|`
	if at(ms, late) {
		t.Error("the grant of b follows the release of c, called at 31 ms: d at 66 ms is too early")
	}
}
