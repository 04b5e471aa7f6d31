package recipes

import (
	"fmt"
	"strings"

	"github.com/jepsen-lite/jepsen-lite/nearest"
	"github.com/jepsen-lite/jepsen-lite/workloads"
)

// All returns the table of all recipes.
func All() []workloads.Workload {
	return []workloads.Workload{
		counterGetSet(),
		queuePopThenRecord(), queueTwoStepMove(), queueReliable(),
		ackRemovesNothing(), ackByPayload(),
		priorityZRangeZRem(), priorityQueue(),
		delayedTwoWorkers(), delayedQueue(),
		staleReplicaRead(), setConfirmed(),
		counterRetry(),
		inventoryCheckThenDecr(),
		idempotencyAfter(), idempotencyAtomic(),
		lockBlindRelease(),
		lockCheckThenDelete(),
		lockSetNXExpire(),
		lockReentrantLocal(), lockReentrant(),
		lockRenewalBlind(), lockRenewal(),
		lockWatchdogSet(), lockWatchdog(),
		cacheStaleFill(), cacheLease(),
	}
}

// Find returns the recipe or the workload of that name. The error names the
// nearest one.
func Find(name string) (workloads.Workload, error) {
	all := append(workloads.All(), All()...)
	var names []string
	for _, w := range all {
		if w.Name == name {
			return w, nil
		}
		names = append(names, w.Name)
	}
	return workloads.Workload{}, fmt.Errorf("unknown workload %q: did you mean %s? (there are %s)",
		name, nearest.Word(name, names), strings.Join(names, ", "))
}
