package catalogue

import "time"

// keptLease judges the workload lock as the recipes that it is the right counterpart
// of are judged.
func keptLease() []string { return []string{"linearizable(lease(" + lockTTL.String() + "))"} }

// locks are bugs of locks that expire.
func locks() []Bug {
	stuck := exploring("lock-setnx-expire", "timeout", "tick")
	stuck.Ticks = []time.Duration{2 * lockTTL} // its time is over for certain
	return []Bug{
		{
			Name:  "lock-blind-release",
			Plan:  exploring("lock-blind-release", "tick"),
			Right: "lock", RightChecks: keptLease(),
			Anomaly: "a release deletes the lock of somebody else: its own had expired",
		},
		{
			Name:  "lock-check-then-delete",
			Plan:  exploring("lock-check-then-delete", "tick"),
			Right: "lock", RightChecks: keptLease(),
			Anomaly: "a release deletes the lock of somebody else: its own expired after it had looked",
		},
		{
			Name:  "lock-setnx-expire",
			Plan:  stuck,
			Right: "lock", RightChecks: []string{"expiry(" + lockTTL.String() + ")"},
			Anomaly: "a lock is never free again: its holder died before it gave it a time to live",
		},
		{
			Name:    "lock-reentrant-local",
			Plan:    exploring("lock-reentrant-local", "tick"),
			Right:   "lock-reentrant",
			Anomaly: "a holder acquires again what has expired and is somebody else's: it only counts for itself",
		},
		{
			Name:    "lock-renewal-blind",
			Plan:    exploring("lock-renewal-blind", "tick"),
			Right:   "lock-renewal",
			Anomaly: "a holder renews what has expired and is somebody else's, and goes on",
		},
		{
			Name:    "lock-watchdog-set",
			Plan:    exploring("lock-watchdog-set", "tick"),
			Right:   "lock-watchdog",
			Alone:   true, // with its own watchdog
			Anomaly: "a watchdog that comes late takes the lock from whoever has it by then",
		},
	}
}
