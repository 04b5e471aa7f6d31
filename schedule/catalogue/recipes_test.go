package catalogue

import (
	"slices"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/schedule"
	"github.com/jepsen-lite/jepsen-lite/workloads/recipes"
)

// A recipe that breaks its promise needs others for it, or a fault, unless it is
// marked: a client that is alone finds nothing wrong.
func TestRecipesAreRightWhenAlone(t *testing.T) {
	for _, w := range recipes.All() {
		t.Run(w.Name, func(t *testing.T) {
			plan := exploring(w.Name)
			plan.Clients, plan.Ops, plan.Schedules = 1, 20, 20
			found, err := explorer(t, plan).Explore(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			alone := slices.ContainsFunc(All(), func(b Bug) bool { return b.Plan.Workload.Name == w.Name && b.Alone })
			if alone != (found.Schedule != nil) {
				t.Errorf("found something: %v, although Alone is %v", found.Schedule != nil, alone)
			}
			if found.Schedule != nil && !alone {
				t.Errorf("%s\n%s", found.Execution.Anomaly().Explanation, found.Schedule.Encode())
			}
		})
	}
}

// Every recipe is here: as a bug, or as what is right instead.
func TestEveryRecipeIsInTheCatalogue(t *testing.T) {
	for _, w := range recipes.All() {
		if !slices.ContainsFunc(All(), func(b Bug) bool { return b.Plan.Workload.Name == w.Name || b.Right == w.Name }) {
			t.Errorf("%s is neither", w.Name)
		}
	}
	for _, b := range All() {
		if _, err := recipes.Find(b.Right); b.Right != "" && err != nil {
			t.Errorf("%s: %v", b.Name, err)
		}
		if b.Right == "" && b.RightTarget == (schedule.Target{}) {
			t.Errorf("%s: nothing is right instead", b.Name)
		}
	}
}
