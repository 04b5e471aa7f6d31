package timeline

import (
	"math/bits"

	"github.com/jepsen-lite/jepsen-lite/history"
)

const (
	// MaxOps is how many operations a timeline holds at most.
	MaxOps = 250_000
	// around is how many operations are kept before and after each one that proves
	// an anomaly.
	around = 100
)

// Kept says which operations of a history the timeline holds. Where All is 0 there
// is none.
type Kept struct {
	All, Held int
	// Unknown and Failed count those of such outcomes, as all and as held.
	AllUnknown, Unknown, AllFailed, Failed int
	// Near are held since they, or operations close to them, prove an anomaly; Slow
	// since none of their outcome took longer.
	Near, Slow int
}

// Thinned reports whether operations were left out.
func (k Kept) Thinned() bool { return k.Held < k.All }

// keeper chooses the operations to hold.
type keeper struct {
	ops  []history.Op
	keep []bool
	kept Kept
}

// choose returns which operations are held, at most limit of them, and what they
// are. near are the indexes of invocations that prove anomalies; those of the same
// keys are held too.
//
// Why in this order: what explains an anomaly must be there; a fault shows in the
// operations that failed or hang; the rest is texture.
func choose(ops []history.Op, near []int, limit int) ([]bool, Kept) {
	k := keeper{ops: ops, keep: make([]bool, len(ops)), kept: Kept{All: len(ops)}}
	if len(ops) <= limit {
		for i := range k.keep {
			k.keep[i] = true
		}
	} else {
		keys := k.nearby(near, limit/4)
		k.thin(limit/4, func(op *history.Op) bool { return keys[op.Key] })
		k.kept.Near = k.count()
		k.thin(limit/5, func(op *history.Op) bool { return op.Outcome == history.Info })
		k.thin(limit/5, func(op *history.Op) bool { return op.Outcome == history.Fail })
		before := k.count()
		k.slowest(limit / 20)
		k.kept.Slow = k.count() - before
		k.thin(limit-k.count(), func(*history.Op) bool { return true })
	}
	k.describe()
	return k.keep, k.kept
}

func (k *keeper) count() (n int) {
	for _, keep := range k.keep {
		if keep {
			n++
		}
	}
	return n
}

// nearby keeps the operations invoked at these events, and those around them, as
// long as there are fewer than limit. It returns the names of their keys.
func (k *keeper) nearby(near []int, limit int) (keys map[string]bool) {
	var places []int
	keys = map[string]bool{}
	for _, index := range near {
		if at, ok := history.Find(k.ops, index); ok {
			places = append(places, at)
			if key := k.ops[at].Key; key != "" {
				keys[key] = true
			}
		}
	}
	held := 0
	take := func(at int) {
		if at >= 0 && at < len(k.keep) && !k.keep[at] && held < limit {
			k.keep[at] = true
			held++
		}
	}
	for distance := range around + 1 {
		for _, at := range places {
			take(at - distance)
			take(at + distance)
		}
	}
	return keys
}

// thin keeps at most limit more of those operations, evenly over the run.
func (k *keeper) thin(limit int, which func(*history.Op) bool) {
	total := 0
	for i := range k.ops {
		if !k.keep[i] && which(&k.ops[i]) {
			total++
		}
	}
	if total == 0 || limit <= 0 {
		return
	}
	seen := 0
	for i := range k.ops {
		if k.keep[i] || !which(&k.ops[i]) {
			continue
		}
		// The n-th is kept where n*limit/total grows.
		k.keep[i] = total <= limit || (seen+1)*limit/total > seen*limit/total
		seen++
	}
}

// slowest keeps up to limit of the operations that succeeded and took longest, by
// powers of two.
func (k *keeper) slowest(limit int) {
	var counts [65]int
	for i := range k.ops {
		if op := &k.ops[i]; op.Outcome == history.OK && !k.keep[i] {
			counts[bits.Len64(uint64(op.Return-op.Call))]++
		}
	}
	least, held := len(counts), 0
	for least > 0 && held+counts[least-1] <= limit {
		least--
		held += counts[least]
	}
	for i := range k.ops {
		if op := &k.ops[i]; op.Outcome == history.OK && bits.Len64(uint64(op.Return-op.Call)) >= least {
			k.keep[i] = true
		}
	}
}

func (k *keeper) describe() {
	for i := range k.ops {
		held := 0
		if k.keep[i] {
			held = 1
		}
		k.kept.Held += held
		switch k.ops[i].Outcome {
		case history.Info:
			k.kept.AllUnknown++
			k.kept.Unknown += held
		case history.Fail:
			k.kept.AllFailed++
			k.kept.Failed += held
		}
	}
}
