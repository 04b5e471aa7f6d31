package checker

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/jepsen-lite/jepsen-lite/model/modeltest"
)

// Histories with few values and much at the same time are the worst case of a
// witness: most of them still fit on a screen.
func TestWitnessesOfRandomViolationsAreSmall(t *testing.T) {
	for _, m := range everyModel(t) {
		t.Run(m.Name(), func(t *testing.T) {
			var sizes []int
			rapid.Check(t, func(rt *rapid.T) {
				for range 6 {
					ops := modeltest.History(m.Kind().Name, 25).Draw(rt, "history")
					if w, isIllegal := witnessOf(rt, m, ops, Auto); isIllegal {
						sizes = append(sizes, len(w.ops))
					}
				}
			})
			slices.Sort(sizes)
			if len(sizes) < 10 || sizes[len(sizes)/2] > 5 || sizes[len(sizes)*9/10] > 12 {
				t.Errorf("sizes of %d witnesses: %v", len(sizes), sizes)
			}
		})
	}
}
