package promise

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/history"
)

// toll is what went missing with one fault, or with its healing.
type toll struct {
	fault *checker.Incident
	// earliest is the first to be acknowledged of what was lost, and before is how
	// long that was before the fault began.
	earliest *history.Op
	before   int64
}

// bound finds how long before the next fault, or its healing, each operation that
// was lost had been acknowledged. That is a bound only if something that is older
// outlived the fault: a loss of all there was would have been larger, had there been
// more.
func (j *judge) bound(p *Promise, l loss) {
	faults := slices.DeleteFunc(checker.Incidents(j.h), func(i checker.Incident) bool { return i.Prepares != "" || i.Noise })
	slices.SortStableFunc(faults, func(a, b checker.Incident) int { return cmp.Compare(a.TimeNS, b.TimeNS) })
	tolls, after := j.tolls(l.lost, faults)
	switch {
	case after != nil && len(faults) == 0:
		p.violated(j.h, checker.Anomaly{
			Type: "lost-without-fault", Key: after.Key, Ops: []int{after.Invoked},
			Explanation: fmt.Sprintf("%s was acknowledged after %v and lost, without any fault", described(after), at(after.Return)),
		})
		return
	case after != nil:
		// Why this is no violation: a failover goes on when what caused it is healed,
		// and a primary that has been replaced acknowledges writes until it hears of it.
		last := faults[len(faults)-1]
		p.open(fmt.Sprintf("%s was acknowledged after %v and lost; no fault was to come any more, and whether it was the last one, %s at %v, is not known", described(after), at(after.Return), last.F, at(last.TimeNS)))
		return
	}
	seen := lastSeen(j.h.Ops)
	var bare []toll
	longest := toll{before: -1}
	for _, t := range tolls {
		if t.before > longest.before {
			longest = t
		}
		if !outlived(j.h.Ops, t, seen) {
			bare = append(bare, t)
		}
	}
	p.Fault = longest.fault
	p.figure("acknowledged at most", max(longest.before, 0), "ns")
	switch {
	case len(bare) == 0:
		p.Standing = Held
	case len(bare) == len(tolls) && len(bare) > 1:
		last := bare[len(bare)-1]
		p.violated(j.h, checker.Anomaly{
			Type: "unbounded-loss", Key: last.earliest.Key, Ops: []int{last.earliest.Invoked},
			Explanation: fmt.Sprintf("nothing that had been acknowledged before %d faults outlived them: before the last of these, %s at %v, all that had been acknowledged since %v was lost",
				len(bare), last.fault.F, at(last.fault.TimeNS), at(last.earliest.Return)),
		})
	default:
		p.open(fmt.Sprintf("nothing that had been acknowledged before %s at %v outlived it: a loss may reach further back than there was anything to lose", bare[0].fault.F, at(bare[0].fault.TimeNS)))
	}
}

func at(ns int64) time.Duration { return time.Duration(ns).Round(time.Millisecond) }

// tolls attributes what was lost to the incident that followed its acknowledgement,
// in their order. after is an operation that none followed, or nil.
func (j *judge) tolls(lost []int, faults []checker.Incident) (tolls []toll, after *history.Op) {
	of := make([]toll, len(faults))
	for _, invoked := range lost {
		op := opAt(j.h.Ops, invoked)
		if op == nil {
			continue
		}
		next, _ := slices.BinarySearchFunc(faults, op.Return, func(i checker.Incident, t int64) int { return cmp.Compare(i.TimeNS, t) })
		if next == len(faults) {
			return nil, op
		}
		t := &of[next]
		if t.fault = &faults[next]; t.earliest == nil || op.Return < t.earliest.Return {
			t.earliest, t.before = op, max(0, t.fault.TimeNS-t.fault.TookNS-op.Return)
		}
	}
	return slices.DeleteFunc(of, func(t toll) bool { return t.fault == nil }), nil
}

// element is a value of an object.
type element struct {
	key   string
	value history.Value
}

// lastSeen tells when the last operation was called that returned a value; of sets,
// as their last reads say.
func lastSeen(ops []history.Op) map[element]int64 {
	seen, read := map[element]int64{}, map[string]bool{}
	for _, op := range slices.Backward(ops) {
		if op.Outcome != history.OK || op.F != "read" && op.F != "dequeue" {
			continue
		}
		values, isList := op.Output.Elements()
		if !isList {
			values = []history.Value{op.Output}
		} else if read[op.Key] {
			continue
		}
		read[op.Key] = true
		for _, v := range values {
			if e := (element{op.Key, v}); op.Call > seen[e] {
				seen[e] = op.Call
			}
		}
	}
	return seen
}

// outlived reports whether something that was acknowledged before what a fault took
// was seen after that fault.
func outlived(ops []history.Op, t toll, seen map[element]int64) bool {
	return slices.ContainsFunc(ops, func(op history.Op) bool {
		puts := op.F == "write" || op.F == "add" || op.F == "enqueue"
		return puts && op.Outcome == history.OK && op.Return < t.earliest.Return && seen[element{op.Key, op.Input}] > t.fault.TimeNS
	})
}
