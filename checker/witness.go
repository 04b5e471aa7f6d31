package checker

import (
	"context"
	"math"
	"slices"

	"github.com/anishathalye/porcupine"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model"
)

// witness is a part of a history that is not linearizable by itself, from which
// nothing can be left out.
type witness struct {
	ops []model.Op // by invocation
	// anyState: illegal from every first state, not only the model's own. The
	// operations before the witness then do not matter.
	anyState bool
	// dropped are operations of unknown outcome that the witness does without.
	// They may have taken effect: what is said of the witness must not deny it.
	dropped []model.Op
}

// minimize returns a minimal witness of an illegal history of one key.
//
// Why not just remove operations while the rest is illegal: that finds nonsense.
// Of "enqueue 7, dequeue → 7" the dequeue alone is illegal too. Every step here
// keeps the implication that an illegal rest makes the whole illegal:
//
//   - a prefix in time of a linearizable history is linearizable, once what is
//     open at its end has an unknown outcome;
//   - a suffix in time is linearizable from some first state, once what is open
//     at its start may or may not take effect in it;
//   - units are made for it, see [model.Unit].
//
// In the end operations of unknown outcome are dropped where they are no excuse
// for anything.
//
// When the context ends, what has been reached is returned; it is illegal too.
func minimize(ctx context.Context, m model.Model, ops []model.Op, bytes int64) witness {
	z := minimizer{ctx: ctx, model: m, bytes: bytes, own: m.Porcupine()}
	ops = z.shortestPrefix(ops)
	w := z.dropUnknown(z.own, z.dropUnits(z.own, ops))
	if open, ok := m.PorcupineFromAnyState(); ok {
		if window, ok := z.shortestSuffix(open, ops); ok {
			if v := z.dropUnknown(open, z.dropUnits(open, window)); len(v.ops) < len(w.ops) {
				w, w.anyState = v, true
			}
		}
	}
	return w
}

type minimizer struct {
	ctx   context.Context
	model model.Model
	bytes int64
	own   porcupine.Model
}

func (z *minimizer) illegal(pm porcupine.Model, ops []model.Op) bool {
	return search(z.ctx, z.model, pm, ops, z.bytes) == illegal
}

// shortestPrefix finds, by bisection, the first completion at which the history
// was lost.
func (z *minimizer) shortestPrefix(ops []model.Op) []model.Op {
	var ends []int64
	for i := range ops {
		if ops[i].Certain {
			ends = append(ends, ops[i].Return)
		}
	}
	slices.Sort(ends)
	ends = slices.Compact(ends)
	at, _ := slices.BinarySearchFunc(ends, true, func(end int64, _ bool) int {
		if z.illegal(z.own, z.until(ops, end)) {
			return 0
		}
		return -1
	})
	if at == len(ends) {
		return ops
	}
	return z.until(ops, ends[at])
}

// until returns what was known at that time.
func (z *minimizer) until(ops []model.Op, end int64) []model.Op {
	return z.window(ops, math.MinInt64, end)
}

// from returns what can matter from that time on.
func (z *minimizer) from(ops []model.Op, start int64) []model.Op {
	return z.window(ops, start, history.Never)
}

// window returns what can take effect within the time, both ends included; of
// operations that reach beyond it, it is unknown whether they do.
func (z *minimizer) window(ops []model.Op, start, end int64) []model.Op {
	var kept []model.Op
	for _, op := range ops {
		keep := op.Call <= end && op.Return >= start
		if keep && (op.Call < start || op.Certain && op.Return > end) {
			op, keep = z.model.Loosen(op)
		}
		if keep {
			kept = append(kept, op)
		}
	}
	return kept
}

// maxCuts bounds how many suffixes are tried.
const maxCuts = 2000

// shortestSuffix finds the latest moment from which on the history is illegal
// whatever the state was.
func (z *minimizer) shortestSuffix(open porcupine.Model, ops []model.Op) ([]model.Op, bool) {
	for i := range min(len(ops), maxCuts) {
		window := z.from(ops, ops[len(ops)-1-i].Call)
		if z.illegal(open, window) {
			return window, true
		}
		if z.ctx.Err() != nil {
			break
		}
	}
	return nil, false
}

// dropUnits leaves out as many units as it can, in ever smaller portions
// (Zeller and Hildebrandt 2002, delta debugging).
func (z *minimizer) dropUnits(pm porcupine.Model, ops []model.Op) []model.Op {
	units := z.model.Units(ops)
	for size := max(len(units)/2, 1); ; {
		before := len(units)
		for at := 0; at < len(units); {
			end := min(at+size, len(units))
			rest := z.model.Without(ops, units[at:end])
			if !z.illegal(pm, rest) {
				at = end
				continue
			}
			ops, units = rest, slices.Delete(units, at, end)
		}
		switch {
		case z.ctx.Err() != nil || size == 1 && len(units) == before:
			return ops
		case size > 1:
			size /= 2
		}
	}
}

// dropUnknown leaves out operations of unknown outcome that are no excuse.
//
// Why the rest must be minimal: two elements that are missing prove a loss
// although one dequeue of unknown outcome may have taken either. Without that
// dequeue the two would still be illegal, but so would each of them.
func (z *minimizer) dropUnknown(pm porcupine.Model, ops []model.Op) witness {
	var dropped []model.Op
	for i := 0; i < len(ops); {
		if !ops[i].Certain && !z.isSeen(ops, i) {
			rest := slices.Delete(slices.Clone(ops), i, i+1)
			if z.illegal(pm, rest) && z.isMinimal(pm, rest) && z.needsSame(pm, ops, rest) {
				dropped, ops = append(dropped, ops[i]), rest
				continue
			}
		}
		i++
	}
	return witness{ops: ops, dropped: dropped}
}

// needsSame reports whether no result that the illegality of ops needs is
// needless in the rest. It asks about operations that are in no unit: those of
// counters, which would be left with totals that the dropped one explains.
func (z *minimizer) needsSame(pm porcupine.Model, ops, rest []model.Op) bool {
	inUnit := map[int]bool{}
	for _, u := range z.model.Units(rest) {
		for _, id := range u.IDs {
			inUnit[id] = true
		}
	}
	for i := range rest {
		if rest[i].Certain && !inUnit[rest[i].ID] && z.illegal(pm, z.loosened(rest, rest[i].ID)) && !z.illegal(pm, z.loosened(ops, rest[i].ID)) {
			return false
		}
	}
	return true
}

// loosened returns the operations with the outcome of one unknown.
func (z *minimizer) loosened(ops []model.Op, id int) []model.Op {
	ops = slices.Clone(ops)
	for i := range ops {
		if ops[i].ID == id {
			ops[i], _ = z.model.Loosen(ops[i])
		}
	}
	return ops
}

// isSeen reports whether an operation that is certain shares a unit with that
// one: a dequeue of what it enqueued, say.
func (z *minimizer) isSeen(ops []model.Op, at int) bool {
	certain := map[int]bool{}
	for i := range ops {
		certain[ops[i].ID] = ops[i].Certain
	}
	return slices.ContainsFunc(z.model.Units(ops), func(u model.Unit) bool {
		return slices.Contains(u.IDs, ops[at].ID) && slices.ContainsFunc(u.IDs, func(id int) bool { return certain[id] })
	})
}

// isMinimal reports whether no unit can be left out.
func (z *minimizer) isMinimal(pm porcupine.Model, ops []model.Op) bool {
	return !slices.ContainsFunc(z.model.Units(ops), func(u model.Unit) bool {
		return z.illegal(pm, z.model.Without(ops, []model.Unit{u}))
	})
}
