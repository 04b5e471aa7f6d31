package checker

import "fmt"

// disagreement says that two engines contradict each other, which nothing of the
// verdict survives.
func disagreement(keys []*keyed) string {
	for _, k := range keys {
		if k.conflict != "" {
			return fmt.Sprintf("a bug of jepsen-lite: of key %q %s; please report it with this history", k.key, k.conflict)
		}
	}
	return ""
}

// conflicts returns an anomaly for each key on which engines disagree.
func conflicts(keys []*keyed) []Anomaly {
	var found []Anomaly
	for _, k := range keys {
		if k.conflict != "" && len(found) < maxWitnesses {
			a := anomaly(EnginesDisagree, "a bug of jepsen-lite: %s", k.conflict)
			a.Key = k.key
			found = append(found, a)
		}
	}
	return found
}

// EnginesDisagree is the type of the anomaly that is no violation but a bug of
// ours: two engines judged the same operations differently.
const EnginesDisagree = "engines-disagree"
