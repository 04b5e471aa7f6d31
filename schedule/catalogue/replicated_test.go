package catalogue

import (
	"testing"

	"github.com/jepsen-lite/jepsen-lite/workloads/recipes"
)

// What waits for replicas in the simulated world is at least well formed.
func TestTheSchedulesThatNeedReplicasAreValid(t *testing.T) {
	for _, b := range replicated() {
		t.Run(b.Name, func(t *testing.T) {
			if err := smallest(t, b).Validate(recipes.Find); err != nil {
				t.Fatal(err)
			}
			for _, name := range []string{b.Plan.Workload.Name, b.Right} {
				if _, err := recipes.Find(name); err != nil {
					t.Error(err)
				}
			}
		})
	}
}
