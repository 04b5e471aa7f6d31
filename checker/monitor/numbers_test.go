package monitor

import (
	"math/rand/v2"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// Values are numbered as a map would, in order of first use: small integers and
// whatever else, more of both than were foreseen.
func TestNumbers(t *testing.T) {
	for _, expected := range []int{0, 10, 5000} {
		r := rand.New(rand.NewPCG(1, uint64(expected)))
		numbers, want := newNumbers(expected), map[history.Value]int32{}
		for range 5000 {
			v := history.Int(r.Int64N(3000))
			switch r.IntN(4) {
			case 0:
				v = history.Int(-r.Int64N(3000))
			case 1:
				v = history.Int(1<<40 + r.Int64N(3000))
			case 2:
				v = history.Str(history.Int(r.Int64N(3000)).String())
			}
			if _, ok := want[v]; !ok {
				want[v] = int32(len(want))
			}
			if got := numbers.of(v); got != want[v] {
				t.Fatalf("for about %d operations: %s is %d, want %d", expected, v, got, want[v])
			}
		}
	}
}
