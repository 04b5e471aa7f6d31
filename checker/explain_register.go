package checker

import (
	"slices"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model"
)

func explainRegister(m model.Model, wit witness) (a Anomaly, ok bool) {
	ops := wit.ops
	// sources counts how often a register can have come to hold a value: also
	// from the start, or before the witness begins.
	sources := func(v history.Value, writes int) int {
		if wit.anyState || m.Porcupine().Init() == any(v) {
			return writes + 1
		}
		return writes
	}
	writers := map[history.Value][]*model.Op{}
	for i := range ops {
		if put, _, ok := written(&ops[i]); ok {
			writers[put] = append(writers[put], &ops[i])
		}
	}
	pairs(ops, func(w, r *model.Op) bool {
		put, need, wrote := written(w)
		v, saw := seen(r)
		_, need2, wrote2 := written(r)
		switch {
		case wrote && saw && v != put && len(writers[v]) == 0 && before(w, r):
			a, ok = unseen(wit, w, r), true
		case wrote && saw && v != put && before(w, r) && allBefore(writers[v], w):
			a, ok = anomaly("stale-read", "a read returned %s after %s had been written over it", v, put), true
		case wrote && wrote2 && !need.IsAbsent() && need == need2 && w.Certain && r.Certain && sources(need, len(writers[need])) <= 1 && w.ID < r.ID:
			a, ok = anomaly("lost-update", "two compare-and-sets replaced the same value %s", need), true
		}
		return ok
	})
	if ok {
		return a, true
	}
	return explainReads(ops, writers)
}

func explainReads(ops []model.Op, writers map[history.Value][]*model.Op) (a Anomaly, ok bool) {
	pairs(ops, func(r1, r2 *model.Op) bool {
		v1, saw1 := seen(r1)
		v2, saw2 := seen(r2)
		if saw1 && saw2 && v1 != v2 && before(r1, r2) && allBefore(writers[v2], r1) {
			a, ok = anomaly("read-went-back", "a read returned %s after another had already seen %s", v2, v1), true
		}
		return ok
	})
	return a, ok
}

// putBy returns the values that operations put.
func putBy(ops []model.Op) (values []history.Value) {
	for i := range ops {
		if put, _, wrote := written(&ops[i]); wrote {
			values = append(values, put)
		}
	}
	return values
}

// unseen is the anomaly of a read that does not see a write which had completed. The
// write was lost, unless its value is read later: then the read was stale.
func unseen(wit witness, w, r *model.Op) Anomaly {
	v, _ := seen(r)
	put, _, _ := written(w)
	if wit.seenAfter(r, put) {
		return anomaly("stale-read", "a read returned %s after the write of %s had completed, which was not lost: a later read returned %s", v, put, put)
	}
	return anomaly("lost-write", "a read returned %s after the write of %s had completed", v, put)
}

// seenAfter tells whether a value is read once r is over, and was there all the
// while: nobody can have put it there since r began.
func (w witness) seenAfter(r *model.Op, v history.Value) bool {
	return slices.ContainsFunc(w.key, func(later model.Op) bool {
		got, saw := seen(&later)
		return saw && got == v && before(r, &later) && !slices.ContainsFunc(w.key, func(again model.Op) bool {
			put, _, wrote := written(&again)
			return wrote && put == v && again.Return >= r.Call && again.Call <= later.Return
		})
	})
}

// seen returns what an operation saw, where it is an observation of a value.
func seen(op *model.Op) (history.Value, bool) {
	if op.F == "read" && op.Certain {
		return op.Result, true
	}
	if saw, ok := op.Result.Field("saw"); op.F == "cas" && op.Observes && ok {
		return saw, true
	}
	return history.Value{}, false
}

// written returns the value an operation puts, and the one it needs if any.
func written(op *model.Op) (put, need history.Value, ok bool) {
	switch {
	case op.F == "write":
		return op.Arg, history.Value{}, true
	case op.F == "cas" && !op.Observes:
		pair, _ := op.Arg.Elements()
		return pair[1], pair[0], true
	}
	return
}
