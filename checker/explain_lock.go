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

// releaseOf returns the release of a grant, or nil: by token where releases name
// one, else by process.
func releaseOf(ops []model.Op, grant *model.Op) *model.Op {
	for i := range ops {
		op := &ops[i]
		if op.F != "release" || op.ID < grant.ID {
			continue
		}
		named := !op.Arg.IsAbsent() && !op.Arg.IsNull()
		if named && (op.Arg == grant.Result || op.Arg == grant.Arg) || !named && op.Process == grant.Process {
			return op
		}
	}
	return nil
}

func explainMutex(ops []model.Op) (a Anomaly, ok bool) {
	pairs(ops, func(x, y *model.Op) bool {
		if !granted(x) || !granted(y) || y.ID < x.ID {
			return false
		}
		release := releaseOf(ops, x)
		switch {
		case release == nil && before(x, y):
			a, ok = anomaly("two-holders", "%s was granted the lock while %s still held it", holder(y), holder(x)), true
		case release != nil && before(x, y) && before(y, release):
			a, ok = anomaly("two-holders", "%s was granted the lock while %s still held it and had not begun to release it", holder(y), holder(x)), true
		case release == nil && releaseOf(ops, y) == nil:
			a, ok = anomaly("two-holders", "%s and %s were both granted the lock, and neither had released it", holder(x), holder(y)), true
		}
		return ok
	})
	return a, ok
}

func explainLease(ops []model.Op) (a Anomaly, ok bool) {
	pairs(ops, func(x, y *model.Op) bool {
		switch {
		case !granted(x) || y.ID < x.ID || releaseOf(ops, x) != nil && y.Result != history.Bool(false):
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

func explainFenced(ops []model.Op) (a Anomaly, ok bool) {
	pairs(ops, func(x, y *model.Op) bool {
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
	return explainMutex(ops)
}
