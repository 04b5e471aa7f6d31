package checker

import (
	"fmt"
	"time"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model"
)

// granted reports whether an operation certainly got the lock.
func granted(op *model.Op) bool { return op.F == "acquire" && op.Certain && !op.Observes }

func holder(op *model.Op) string {
	token := op.Result
	if token.IsAbsent() || token.IsNull() {
		token = op.Arg
	}
	if token.IsAbsent() || token.IsNull() {
		return fmt.Sprintf("process %s", op.Process)
	}
	return fmt.Sprintf("process %s (token %s)", op.Process, token)
}

// releaseOf returns the first release to be called that may have ended a grant,
// other than that one, or nil: one that names its token, or none, and that may
// have taken effect after it.
func (s scene) releaseOf(grant, except *model.Op) *model.Op {
	var first *model.Op
	for i := range s.all {
		op := &s.all[i]
		if op.F != "release" || op.Return < grant.Call || except != nil && op.ID == except.ID {
			continue
		}
		nameless := op.Arg.IsAbsent() || op.Arg.IsNull() || op.Arg == history.Bool(true)
		if (nameless || op.Arg == grant.Result || op.Arg == grant.Arg) && (first == nil || op.Call < first.Call) {
			first = op
		}
	}
	return first
}

func explainMutex(s scene) (a Anomaly, ok bool) {
	pairs(s.ops, func(x, y *model.Op) bool {
		if !granted(x) || !granted(y) || y.ID < x.ID {
			return false
		}
		release := s.releaseOf(x, nil)
		switch {
		case release == nil && before(x, y):
			a, ok = anomaly("two-holders", "%s was granted the lock while %s still held it", holder(y), holder(x)), true
		case release != nil && before(x, y) && before(y, release):
			a, ok = anomaly("two-holders", "%s was granted the lock while %s still held it and had not begun to release it", holder(y), holder(x)), true
		case release == nil && s.releaseOf(y, nil) == nil:
			a, ok = anomaly("two-holders", "%s and %s were both granted the lock, and neither had released it", holder(x), holder(y)), true
		}
		return ok
	})
	return a, ok
}

func explainLease(s scene) (a Anomaly, ok bool) {
	pairs(s.ops, func(x, y *model.Op) bool {
		switch {
		case !granted(x) || y.ID < x.ID || s.releaseOf(x, y) != nil || s.allows(x, y):
		case granted(y):
			a, ok = anomaly("lease-broken", "%s was granted the lock at most %s after it was granted to %s, before its time to live was over",
				holder(y), sinceCall(x, y), holder(x)), true
		case y.F == "release" && y.Certain && y.Result.IsFalse() && (y.Arg == x.Arg || y.Arg == x.Result):
			a, ok = anomaly("lease-lost", "the lock of %s was gone at most %s after it was granted, before its time to live was over",
				holder(x), sinceCall(x, y)), true
		}
		return ok
	})
	return a, ok
}

// allows reports whether the model has nothing against y after x, if nothing
// else happened.
func (s scene) allows(x, y *model.Op) bool {
	pm := s.model.Porcupine()
	ok, state := pm.Step(pm.Init(), x, nil)
	if ok {
		ok, _ = pm.Step(state, y, nil)
	}
	return ok
}

func sinceCall(x, y *model.Op) time.Duration {
	return readable(time.Duration(y.Return - x.Call))
}

// readable leaves out digits that nobody reads.
func readable(d time.Duration) time.Duration {
	if d > time.Millisecond {
		return d.Round(10 * time.Microsecond)
	}
	return d
}

func explainFenced(s scene) (a Anomaly, ok bool) {
	pairs(s.ops, func(x, y *model.Op) bool {
		f1, has1 := x.Result.Int()
		f2, has2 := y.Result.Int()
		if !has1 || !has2 || !granted(x) || !granted(y) {
			return false
		}
		switch {
		case f1 == f2 && x.ID < y.ID:
			a, ok = anomaly("token-repeated", "the fencing token %d was granted twice", f1), true
		case before(x, y) && f2 < f1:
			a, ok = anomaly("token-went-back", "the fencing token %d was granted after %d had been", f2, f1), true
		}
		return ok
	})
	if ok {
		return a, true
	}
	return explainMutex(s)
}
