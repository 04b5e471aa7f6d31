package catalogue

import (
	"fmt"
	"os"
	"strconv"
	"testing"
)

// Whether a bug is found must not hang on one lucky seed: they are tried from 1 to
// JEPSEN_LITE_SEEDS, if that is set.
func TestEveryBugIsFoundFromEverySeed(t *testing.T) {
	seeds, err := strconv.Atoi(os.Getenv("JEPSEN_LITE_SEEDS"))
	if err != nil {
		t.Skip("JEPSEN_LITE_SEEDS is not set")
	}
	for _, b := range All() {
		for seed := range seeds {
			t.Run(fmt.Sprintf("%s/%d", b.Name, seed+1), func(t *testing.T) {
				b.Plan.Seed, b.Plan.Workers = uint64(seed+1), 2
				found, err := explorer(t, b.Plan).Explore(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				if found.Schedule == nil {
					t.Fatalf("not found: %+v", found)
				}
				got, want := len(found.Schedule.Steps), len(smallest(t, b).Steps)
				t.Logf("at %d, %.2fs, shrunk %.1fs, %d of %d steps: %v\n%s", found.At, found.Searched.Seconds(), found.Shrunk.Seconds(),
					got, want, found.Schedule.Steps, found.Execution.Anomaly().Explanation)
				if 2*got > 3*want {
					t.Errorf("%d steps, more than 1.5 times the smallest known, %d:\n%s", got, want, found.Schedule.Encode())
				}
			})
		}
	}
}
