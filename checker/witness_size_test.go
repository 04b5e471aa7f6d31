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
					ops, err := m.Prepare(modeltest.History(m.Kind().Name, 25).Draw(rt, "history"))
					if err != nil {
						rt.Fatal(err)
					}
					if search(t.Context(), m, m.Porcupine(), ops, 1<<30) == illegal {
						sizes = append(sizes, len(minimize(t.Context(), m, ops, 1<<30).ops))
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
