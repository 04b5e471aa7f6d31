package monitor

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"
)

// Moments come in any order: nearly sorted, as histories have them, and so far from
// it that there is no point in moving them one by one.
func TestOrder(t *testing.T) {
	const n = 2000
	r := rand.New(rand.NewPCG(1, 2))
	for _, test := range []struct {
		name string
		time func(i int) int64
	}{
		{"sorted", func(i int) int64 { return int64(i) }},
		{"nearly sorted", func(i int) int64 { return int64(i) + r.Int64N(50) }},
		{"sorted, and the last comes first", func(i int) int64 { return int64(i+1) % n }},
		{"reversed", func(i int) int64 { return int64(n - i) }},
		{"at random", func(int) int64 { return r.Int64() }},
		{"at random, mostly equal", func(int) int64 { return r.Int64N(5) }},
		{"reversed halfway", func(i int) int64 { return int64(min(i, n-i)) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			moments := make([]moment, n)
			for i := range moments {
				moments[i] = moment{test.time(i), int32(i)}
			}
			sorted := order(slices.Clone(moments))
			if !slices.IsSortedFunc(sorted, func(a, b moment) int { return cmp.Compare(a.time, b.time) }) {
				t.Error("not sorted")
			}
			for _, m := range sorted {
				if moments[m.row] != m {
					t.Fatalf("%v is no longer with the row it came with", m)
				}
				moments[m.row].row = -1 // seen
			}
		})
	}
}
