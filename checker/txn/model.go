package txn

import (
	"fmt"
	"strings"
)

// Model is what a database promises about transactions.
type Model struct {
	Name  string
	About string
	// internal: a transaction sees its own steps and one state of each list.
	internal bool
	// updates: no two transactions append after having read the same state.
	updates bool
	// forbidden says of which dependencies cycles are anomalies.
	forbidden cycles
}

// cycles are kinds of cycles, each with those before.
type cycles uint8

const (
	// dirty: of ww and wr: G0 and G1c.
	dirty cycles = iota
	// skewed: with rw, no two of them in a row: G-single and G-nonadjacent.
	skewed
	// item: with any rw: G2-item.
	item
	// realtime: with the order in real time as well.
	realtime
)

// Models returns the models, weakest first; none is implied by one before it.
func Models() []Model {
	return []Model{
		{"read-committed", "no aborted, intermediate or circular reads (G1)", false, false, dirty},
		{"repeatable-read", "nor a cycle of dependencies between items (G2-item)", false, true, item},
		{"snapshot-isolation", "reads from one snapshot, and the first committer wins", true, true, skewed},
		{"serializable", "as if one after another", true, true, item},
		{"strict-serializable", "as if one after another, in real time", true, true, realtime},
	}
}

// Strongest is the model that implies all others.
func Strongest() Model {
	all := Models()
	return all[len(all)-1]
}

// ParseModel returns the model of that name.
func ParseModel(name string) (Model, error) {
	var names []string
	for _, m := range Models() {
		if m.Name == name {
			return m, nil
		}
		names = append(names, m.Name)
	}
	return Model{}, fmt.Errorf("unknown consistency model %q: expected one of %s", name, strings.Join(names, ", "))
}
