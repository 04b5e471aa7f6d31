package catalogue

import (
	"time"

	"github.com/jepsen-lite/jepsen-lite/schedule"
)

// servers are bugs of targets, not of recipes: what a configuration does not
// promise.
func servers() []Bug {
	on := func(persistence, workload string, faults ...string) schedule.Plan {
		return schedule.Plan{
			Workload: schedule.Workload{Name: workload, Options: options()}, Target: schedule.Target{Persistence: persistence},
			Faults: faults, Ticks: []time.Duration{time.Second}, Seed: 1,
		}
	}
	// Why not durability: where the first fault came before anything was
	// acknowledged it says unknown.
	nothingLost := []string{"linearizable(set)"}
	heldBack := on("aof-everysec", "set", "slow-fsync", "tick", "kill")
	heldBack.MaxFaults = 4 // it takes one of each, in this order
	return []Bug{
		{
			Name:        "none-kill",
			Plan:        on("none", "counter", "kill"),
			RightTarget: onAOF,
			Anomaly:     "acknowledged additions are lost: a killed server without persistence begins anew",
		},
		{
			Name:        "everysec-powerloss",
			Plan:        on("aof-everysec", "set", "powerloss", "tick"),
			RightTarget: onAOF,
			RightChecks: nothingLost,
			Anomaly:     "acknowledged elements of the last second are lost: they were in the append-only file, but not yet on the disk",
			Simulated:   true,
			Why:         "a server that is killed leaves its page cache to the kernel; only a power failure takes it",
		},
		{
			Name:        "held-back-kill",
			Plan:        heldBack,
			RightTarget: onAOF,
			RightChecks: nothingLost,
			Anomaly:     "acknowledged elements are lost in a kill: Redis holds writes back behind an fsync that takes long, and so they were not even in the append-only file",
		},
	}
}

// replicated are bugs of a primary with a replica.
func replicated() []Bug {
	withReplica := schedule.Target{Persistence: "aof-always", Replicas: 1}
	return []Bug{
		{
			Name: "stale-replica-read",
			Plan: schedule.Plan{
				Workload: schedule.Workload{Name: "stale-replica-read", Options: options()}, Target: withReplica,
				Faults: []string{"replicate"}, MaxFaults: 4, Seed: 1,
			},
			Right:   "register",
			Anomaly: "a read does not see what was written and acknowledged before: the replica has not received it yet",
		},
		{
			Name: "unreplicated-failover",
			Plan: schedule.Plan{
				Workload: schedule.Workload{Name: "set", Options: options()}, Target: withReplica,
				Faults: []string{"replicate", "failover"}, MaxFaults: 4, Seed: 1,
			},
			Right: "set-confirmed",
			// Why not durability: where nothing was confirmed it says unknown.
			RightChecks: []string{"linearizable(set)"},
			Anomaly:     "an acknowledged element is lost: the replica becomes the primary before it has received it",
		},
	}
}
