package checker

// Verdict is what a check, or a whole run, concludes.
type Verdict string

const (
	// Valid: the promise was tried and held.
	Valid Verdict = "valid"
	// Invalid: the promise was broken, and an anomaly proves it.
	Invalid Verdict = "invalid"
	// Unknown: nothing was proved, for the reason given.
	Unknown Verdict = "unknown"
)

// Combine returns the verdict over all: invalid beats unknown beats valid. Over
// none it is unknown.
func Combine(verdicts ...Verdict) Verdict {
	rank := map[Verdict]int{Valid: 1, Unknown: 2, Invalid: 3}
	combined := Unknown
	for i, v := range verdicts {
		if i == 0 || rank[v] > rank[combined] {
			combined = v
		}
	}
	return combined
}
