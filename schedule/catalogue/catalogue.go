package catalogue

import (
	"path/filepath"
	"slices"
	"time"

	"github.com/jepsen-lite/jepsen-lite/schedule"
	"github.com/jepsen-lite/jepsen-lite/workloads"
)

// Bug is a planted bug.
type Bug struct {
	// Name is short: counter-get-set. Its smallest schedule is in a file of that
	// name in testdata.
	Name string
	// Plan finds it, with the seed that it names. The plan's workload is the
	// recipe that has it.
	Plan schedule.Plan
	// Right names the counterpart that keeps the promise, and RightChecks, if not
	// nil, judge it. Empty: the target is to blame, and RightTarget keeps it.
	Right       string
	RightChecks []string
	// RightTarget, if set, is the target on which the promise is kept.
	RightTarget schedule.Target
	// Anomaly is what goes wrong, in a sentence of ours.
	Anomaly string
	// Alone: one client finds it too, without any fault.
	Alone bool
	// Simulated: only a simulated server can show it, because Why.
	Simulated bool
	Why       string
}

// Counterpart returns the plan for the right counterpart: the same clients and the
// same faults, with the recipe or the target that keeps the promise.
func (b Bug) Counterpart() schedule.Plan {
	p := b.Plan
	p.Checks = b.RightChecks
	if b.Right != "" {
		p.Workload.Name = b.Right
	}
	if b.RightTarget != (schedule.Target{}) {
		p.Target = b.RightTarget
	}
	return p
}

// Smallest reads the smallest schedule known that shows the bug, from the folder
// testdata.
func (b Bug) Smallest(testdata string) (*schedule.Schedule, error) {
	return schedule.Read(filepath.Join(testdata, b.Name+".json"))
}

// All returns the table of all bugs.
func All() []Bug {
	return slices.Concat(
		counters(),
		locks(),
		caches(),
		queues(),
		servers(),
		replicated(),
	)
}

// onAOF is a target that keeps everything it has acknowledged.
var onAOF = schedule.Target{Persistence: "aof-always"}

// lockTTL is how long locks live here.
const lockTTL = 300 * time.Millisecond

func options() workloads.Options {
	return workloads.Options{TTL: lockTTL, Hold: 10 * time.Millisecond, Stock: 2}
}

// exploring returns a plan for a recipe.
func exploring(recipe string, faults ...string) schedule.Plan {
	return schedule.Plan{Workload: schedule.Workload{Name: recipe, Options: options()}, Target: onAOF, Faults: faults, Seed: 1}
}
