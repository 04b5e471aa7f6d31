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
	// Width is how long a Slice is: 1, 2 or 5 times a power of ten, in nanoseconds.
	// Slice i begins at i*Width; the last one holds End. There are up to [MaxSlices].
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

// MaxPoints is how many Points there are at most, MaxSlices how many Slices.
const (
	MaxPoints = 5000
	MaxSlices = 150
)

// Outcomes counts operations by how they ended.
type Outcomes struct{ OK, Fail, Info int }

// Total returns how many there are.
func (o Outcomes) Total() int { return o.OK + o.Fail + o.Info }

// Count counts one more.
func (o *Outcomes) Count(outcome history.Type) {
	switch outcome {
	case history.OK:
		o.OK++
	case history.Fail:
		o.Fail++
	default:
		o.Info++
	}
}

// Fault is a fault that took effect, from there to its healing.
type Fault struct {
	Name string // kill
	// Where is a node or a client, several with commas between, or links.
	Where string
	// Call is the fault as the plan has it, where that says more.
	Call string
	// From is when it began, and To when it was healed: where there was nothing to
	// heal, when it was over; where nobody healed it, End, or when it took effect
	// there once more.
	From, To int64
	// Healed is false where nobody healed it.
	Healed bool
	// Momentary: there was nothing to heal, as of a restart.
	Momentary bool
}

// Slice is a short time of the run. What it counts is by when operations ended; of
// unknown outcomes, by when the client gave up, and those left open are in none.
type Slice struct {
	Outcomes
	// P50, P95, P99 and Max are of how long the operations that succeeded took,
	// in nanoseconds; all 0 where OK is.
	Quantiles
}

// Point is an operation: when it was called, and how long its client waited; of one
// that was left open, until End.
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
	Counts []int
	Quantiles
}

// Of makes the series of a history and of what the nemesis did, which results.json
// lists and [checker.Incidents] finds in a history. Operations are by call, as every
// history that was read has them. It keeps nothing of the history.
func Of(h *history.History, incidents []checker.Incident) *Series {
	s := &Series{End: end(h, incidents)}
	s.Width = width(s.End)
	s.faults(h, incidents)
	names := s.operations(h.Ops)
	s.slices(h.Ops)
	s.points(h.Ops, names)
	s.histograms(h.Ops, names)
	s.windows(h.Ops)
	return s
}

// end returns when the last thing happened.
func end(h *history.History, incidents []checker.Incident) (last int64) {
	for i := range h.Ops {
		last = max(last, h.Ops[i].Call)
		if at, ended := ended(&h.Ops[i]); ended {
			last = max(last, at)
		}
	}
	for i := range h.Nemesis {
		last = max(last, h.Nemesis[i].Time)
	}
	for _, x := range incidents {
		last = max(last, x.TimeNS)
	}
	return last
}

// ended returns when its client had a result, or gave up.
func ended(op *history.Op) (at int64, ended bool) {
	switch {
	case op.Completed < 0:
		return 0, false
	case op.Return == history.Never:
		return op.GaveUp, true
	}
	return op.Return, true
}

// operations names what was called and counts outcomes. It returns the place of each
// operation's name in Operations.
func (s *Series) operations(ops []history.Op) []int32 {
	places := map[string]int32{}
	names := make([]int32, len(ops))
	for i := range ops {
		place, known := places[ops[i].F]
		if !known {
			place = int32(len(s.Operations))
			places[ops[i].F] = place
			s.Operations = append(s.Operations, ops[i].F)
		}
		names[i] = place
		s.Counts.Count(ops[i].Outcome)
	}
	return names
}
