package checker

import (
	"fmt"

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

// isRegister tells the models whose witnesses [explainRegister] explains.
func isRegister(m model.Model) bool {
	return m.Kind().Name == "register" || m.Kind().Name == "cas-register"
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

func allBefore(ops []*model.Op, b *model.Op) bool {
	for _, op := range ops {
		if !before(op, b) {
			return false
		}
	}
	return true
}
