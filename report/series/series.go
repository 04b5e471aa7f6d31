package series

import (
	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/history"
)

// Series is what a run did over time.
type Series struct {
	// End is the time of the last event; the first is at 0 or later.
	End int64
	// Operations are the names (f) of what clients called, by first use.
	Operations []string
	// Counts are how many operations there were, by outcome: see [history.Type].
	Counts Outcomes
	// Faults are those that took effect, by beginning.
	Faults []Fault
	// Width is how long a Slice is; slice i begins at i*Width.
	Width  int64
	Slices []Slice
	// Points are single operations, by call: all, or where there are more than
	// [MaxPoints] a part of them in which the slowest of each slice and outcome are.
	Points []Point
	// Histograms are one for each of Operations, in that order.
	Histograms []Histogram
	// Windows are one for each of Faults, in that order.
	Windows []Window
}

// MaxPoints is how many Points there are at most.
const MaxPoints = 5000

// Outcomes counts operations by how they ended.
type Outcomes struct{ OK, Fail, Info int }

// Total returns how many there are.
func (o Outcomes) Total() int { return o.OK + o.Fail + o.Info }

// Fault is a fault that took effect, from there to its healing.
type Fault struct {
	Name string // kill
	// Where is a node or a client, several with commas between, or links.
	Where string
	// Call is the fault as the plan has it, where that says more.
	Call string
	// From is when it began to take effect. To is when it was healed: the same as
	// From where there was nothing to heal, End of the run where nobody did.
	From, To int64
	Healed   bool
}

// Slice is a short time of the run. What it counts is by when operations ended; of
// unknown outcomes, by when the client gave up, and those left open are in none.
type Slice struct {
	Outcomes
	// P50, P95, P99 and Max are of how long the operations that succeeded took,
	// in nanoseconds; all 0 where OK is.
	P50, P95, P99, Max int64
}

// Point is an operation: when it was called, and how long its client waited.
type Point struct {
	Call, Took int64
	Operation  int // in Operations
	Outcome    history.Type
}

// Histogram counts how long the operations of a name that succeeded took.
type Histogram struct {
	Operation int // in Operations
	// Counts[i] are those that took at least Bound(i) and less than Bound(i+1).
	// Leading and trailing zeros are kept, so that all histograms of a run have
	// the same length.
	Counts             []int
	P50, P95, P99, Max int64
}

// Window says what a fault did to those who called while it lasted.
type Window struct {
	Fault Fault
	// Outcomes are of the operations called from its beginning to its healing; of
	// a fault that has no healing, within a second.
	Outcomes
	// LongestGap is the longest time within the window in which no operation
	// succeeded, in nanoseconds.
	LongestGap int64
	// FirstSuccess is how long after the healing the first operation that was
	// called after it succeeded, in nanoseconds; -1: none did.
	FirstSuccess int64
}

// Share returns the share of operations that succeeded; 0 of none.
func (w Window) Share() float64 {
	if w.Total() == 0 {
		return 0
	}
	return float64(w.OK) / float64(w.Total())
}

// Of makes the series of a history and of what the nemesis did, which results.json
// lists and [checker.Incidents] finds in a history.
func Of(h *history.History, incidents []checker.Incident) *Series {
	s := &Series{}
	s.faults(incidents)
	return s
}
