package checker

import (
	"cmp"
	"context"
	"math"
	"slices"
	"sort"

	"github.com/jepsen-lite/jepsen-lite/checker/monitor"
	"github.com/jepsen-lite/jepsen-lite/checker/search"
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
	// key are the operations of a register's key, early or late, that put or saw what
	// the witness puts; nil: they are not known.
	key []model.Op
}

// grounds are the operations of one key that are not linearizable.
type grounds struct {
	ops []model.Op // by invocation
	// aside are operations of unknown outcome, and additions to a total, that are
	// known not to matter.
	aside []model.Op
	// anyState: ops are illegal from every first state, and mean nothing from the
	// model's own.
	anyState bool
	// last is the ID of an operation by whose return all may have been lost; -1:
	// not known.
	last int
}

type minimizer struct {
	ctx   context.Context
	model model.Model
	bytes int64
}

func newMinimizer(ctx context.Context, m model.Model, bytes int64) *minimizer {
	return &minimizer{ctx, m, bytes}
}

// start is the first state that operations are judged from.
type start bool

const (
	fromOwn start = false
	fromAny start = true
)

// minimize returns a minimal witness of an illegal history of one key.
//
// Why not just remove operations while the rest is illegal: that finds nonsense.
// Of "enqueue 7, dequeue → 7" the dequeue alone is illegal too. Every step here
// keeps the implication that an illegal rest makes the whole illegal:
//
//   - what a monitor calls the core, see [monitor.Outcome];
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
func (z *minimizer) minimize(g grounds) witness {
	w := witness{ops: g.ops, anyState: g.anyState}
	if !g.anyState {
		if cut := z.shortestPrefix(g); z.holds(fromOwn, cut, g.aside) {
			g.ops = cut
		}
		w = z.dropUnknown(fromOwn, z.dropUnits(fromOwn, g.ops))
	}
	if _, ok := z.model.Open(); ok {
		if window, ok := z.shortestSuffix(g.ops); ok {
			if v := z.dropUnknown(fromAny, z.dropUnits(fromAny, window)); g.anyState || len(v.ops) < len(w.ops) && z.holds(fromAny, v.ops, g.aside) {
				w, w.anyState = v, true
			}
		}
	}
	w.dropped = append(w.dropped, g.aside...)
	return w
}

// smallOps is up to how many operations porcupine is the quickest to ask, and
// smallSteps what it may take for them.
const smallOps, smallSteps = 32, 100_000

// illegal reports whether the operations are known to be illegal.
func (z *minimizer) illegal(from start, ops []model.Op) bool {
	if len(ops) <= smallOps {
		if a := z.porcupine(from, ops, smallSteps); a == legal || a == illegal {
			return a == illegal
		}
	}
	if mon, ok := monitor.New(z.model, len(ops)); ok && from == fromOwn {
		for i := range ops {
			mon.Add(&ops[i])
		}
		if o := mon.Judge(); o.Answer != monitor.Unfit {
			return o.Answer == monitor.Illegal
		}
	}
	r := search.Check(z.ctx, z.model, ops, search.Options{MemoryBytes: z.bytes, FromAnyState: bool(from)})
	return r.Answer == search.Illegal
}

func (z *minimizer) porcupine(from start, ops []model.Op, steps int) answer {
	pm := z.model.Porcupine()
	if from == fromAny {
		pm, _ = z.model.PorcupineFromAnyState()
	}
	return tryPorcupine(z.ctx, z.model, pm, ops, bound{bytes: z.bytes, steps: steps})
}

// denied reports whether porcupine says that a witness is legal: then it, or one
// of our engines, is wrong. It is not asked to search for ever.
func (z *minimizer) denied(w witness) bool {
	return z.porcupine(start(w.anyState), w.ops, 100*smallSteps) == legal
}

// shortestPrefix finds the first completion at which the history was lost: at
// once where a search said where to look, and it is large; else by bisection.
func (z *minimizer) shortestPrefix(g grounds) []model.Op {
	const large = 5000
	var ends []int64
	known := int64(history.Never)
	for i := range g.ops {
		if op := &g.ops[i]; op.Certain {
			ends = append(ends, op.Return)
			if op.ID == g.last {
				known = op.Return
			}
		}
	}
	switch prefix := z.until(g.ops, known); {
	case known == history.Never:
	case !z.illegal(fromOwn, prefix):
		known = history.Never
	case len(prefix) > large:
		return prefix
	default:
		g.ops = prefix
	}
	slices.Sort(ends)
	ends = slices.Compact(ends)
	at := sort.Search(len(ends), func(i int) bool { return ends[i] >= known || z.illegal(fromOwn, z.until(g.ops, ends[i])) })
	if at == len(ends) {
		return g.ops
	}
	return z.until(g.ops, ends[at])
}

// holds reports whether what was cut in time is illegal with what was left aside
// as well, which may take effect whenever it was called.
//
// Why it need not be: that a core makes the whole illegal is true of the core as
// it is. What comes after the cut may be what denies an excuse to those left
// aside: an element that came out at the end cannot have been taken by a dequeue
// of unknown result before.
func (z *minimizer) holds(from start, cut, aside []model.Op) bool {
	if len(aside) == 0 {
		return true
	}
	end := int64(math.MinInt64)
	for i := range cut {
		if cut[i].Certain {
			end = max(end, cut[i].Return)
		}
	}
	both := slices.Concat(cut, z.until(aside, end))
	slices.SortStableFunc(both, func(a, b model.Op) int { return cmp.Compare(a.Call, b.Call) })
	return z.illegal(from, both)
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

// shortestSuffix finds the latest moment from which on the history is illegal
// whatever the state was: twice as many operations each time, then by bisection,
// since what is illegal stays so when more is known of what came before.
func (z *minimizer) shortestSuffix(ops []model.Op) ([]model.Op, bool) {
	last := func(n int) []model.Op { return z.from(ops, ops[len(ops)-n].Call) }
	enough := 1
	for ; !z.illegal(fromAny, last(min(enough, len(ops)))); enough *= 2 {
		if enough >= len(ops) || z.ctx.Err() != nil {
			return nil, false
		}
	}
	enough = min(enough, len(ops))
	least := enough/2 + 1
	least += sort.Search(enough-least, func(i int) bool { return z.illegal(fromAny, last(least+i)) })
	return last(least), true
}

// dropUnits leaves out as many units as it can, in ever smaller portions
// (Zeller and Hildebrandt 2002, delta debugging).
func (z *minimizer) dropUnits(from start, ops []model.Op) []model.Op {
	units := z.model.Units(ops)
	for size := max(len(units)/2, 1); ; {
		before := len(units)
		for at := 0; at < len(units); {
			end := min(at+size, len(units))
			rest := z.model.Without(ops, units[at:end])
			if !z.illegal(from, rest) {
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
func (z *minimizer) dropUnknown(from start, ops []model.Op) witness {
	var dropped []model.Op
	for i := 0; i < len(ops); {
		if !ops[i].Certain && !z.isSeen(ops, i) {
			rest := slices.Delete(slices.Clone(ops), i, i+1)
			if z.illegal(from, rest) && z.isMinimal(from, rest) && z.needsSame(from, ops, rest) {
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
func (z *minimizer) needsSame(from start, ops, rest []model.Op) bool {
	inUnit := map[int]bool{}
	for _, u := range z.model.Units(rest) {
		for _, id := range u.IDs {
			inUnit[id] = true
		}
	}
	for i := range rest {
		if rest[i].Certain && !inUnit[rest[i].ID] && z.illegal(from, z.loosened(rest, rest[i].ID)) && !z.illegal(from, z.loosened(ops, rest[i].ID)) {
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
func (z *minimizer) isMinimal(from start, ops []model.Op) bool {
	return !slices.ContainsFunc(z.model.Units(ops), func(u model.Unit) bool {
		return z.illegal(from, z.model.Without(ops, []model.Unit{u}))
	})
}
