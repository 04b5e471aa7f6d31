package checker

import (
	"fmt"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model"
)

// maxExplained bounds the witnesses of which more is said than the general
// sentence: explaining takes time that grows with the cube of the size, and a
// larger witness is one whose making was interrupted.
const maxExplained = 100

// explain says in a sentence what is wrong with a witness. A sentence is only
// used if its claim was checked on the witness; where none fits, the general
// one is true of every witness.
func explain(m model.Model, w witness) Anomaly {
	explainers := map[string]func([]model.Op) (Anomaly, bool){
		"register":        func([]model.Op) (Anomaly, bool) { return explainRegister(m, w) },
		"cas-register":    func([]model.Op) (Anomaly, bool) { return explainRegister(m, w) },
		"counter":         func([]model.Op) (Anomaly, bool) { return explainCounter(w) },
		"bounded-counter": func([]model.Op) (Anomaly, bool) { return explainStock(w) },
		"mutex":           explainMutex,
		"lease":           func([]model.Op) (Anomaly, bool) { return explainLease(m, w) },
		"reentrant-lease": func([]model.Op) (Anomaly, bool) { return explainLease(m, w) },
		"fenced-mutex":    explainFenced,
		"owner-mutex":     explainOwned,
		"kv":              func([]model.Op) (Anomaly, bool) { return explainText(w) },
		"fifo-queue":      explainFIFO,
		"unordered-queue": explainQueue,
		"set":             explainSet,
	}
	if f := explainers[m.Kind().Name]; f != nil && len(w.ops) <= maxExplained {
		if a, ok := f(w.ops); ok {
			return a
		}
	}
	if len(w.ops) == 1 {
		return anomaly("impossible-result", "%s is a result that no order of the operations gives", &w.ops[0])
	}
	return anomaly("non-linearizable", "no order of these %d operations gives the results they had", len(w.ops))
}

func anomaly(kind, format string, args ...any) Anomaly {
	return Anomaly{Type: kind, Explanation: fmt.Sprintf(format, args...)}
}

// before reports whether a returned before b was called.
func before(a, b *model.Op) bool { return a.Certain && a.Return < b.Call }

// pairs calls visit with every ordered pair until it returns true.
func pairs(ops []model.Op, visit func(a, b *model.Op) bool) {
	for i := range ops {
		for j := range ops {
			if i != j && visit(&ops[i], &ops[j]) {
				return
			}
		}
	}
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

func explainRegister(m model.Model, w witness) (a Anomaly, ok bool) {
	ops := w.ops
	// sources counts how often a register can have come to hold a value: also
	// from the start, or before the witness begins.
	sources := func(v history.Value, writes int) int {
		if w.anyState || m.Porcupine().Init() == any(v) {
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
			a, ok = anomaly("lost-write", "a read returned %s after the write of %s had completed", v, put), true
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

func allBefore(ops []*model.Op, b *model.Op) bool {
	for _, op := range ops {
		if !before(op, b) {
			return false
		}
	}
	return true
}
