package catalogue

// keptLease judges the workload lock as the recipes that it is the right counterpart
// of are judged.
func keptLease() []string { return []string{"linearizable(lease(" + lockTTL.String() + "))"} }

// locks are bugs of locks that expire.
func locks() []Bug {
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
	}
}
