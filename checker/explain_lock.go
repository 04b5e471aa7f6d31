package checker

import (
	"context"
	"fmt"
	"slices"
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

// mayBeReleased reports whether a release of the grant can have happened by
// then. One without a token may be of any grant, and any of one without a token.
func mayBeReleased(ops []model.Op, grant *model.Op, by int64) bool {
	return slices.ContainsFunc(ops, func(op model.Op) bool {
		of := tokens(grant)
		may := !names(op.Arg) || len(of) == 0 || slices.Contains(of, op.Arg)
		return op.F == "release" && may && op.Call <= by && op.Return >= grant.Call
	})
}

func explainMutex(ops []model.Op) (a Anomaly, ok bool) {
	pairs(ops, func(x, y *model.Op) bool {
		switch {
		case !granted(x) || !granted(y) || y.ID < x.ID || mayBeReleased(ops, x, y.Return):
			return false
		case before(x, y) && mayBeReleased(ops, x, history.Never):
			a, ok = anomaly("two-holders", "%s was granted the lock while %s still held it and had not begun to release it", holder(y), holder(x)), true
		case before(x, y):
			a, ok = anomaly("two-holders", "%s was granted the lock while %s still held it", holder(y), holder(x)), true
		case !mayBeReleased(ops, y, x.Return):
			a, ok = anomaly("two-holders", "%s and %s were both granted the lock, and neither had released it", holder(x), holder(y)), true
		}
		return ok
	})
	if ok {
		return a, true
	}
	return explainSeenHeld(ops)
}

// explainSeenHeld finds a lock seen held with one token while it was granted with
// another.
func explainSeenHeld(ops []model.Op) (a Anomaly, ok bool) {
	pairs(ops, func(x, y *model.Op) bool {
		if !granted(x) || y.Action != model.Held || y.Need.IsAbsent() || slices.Contains(tokens(x), y.Need) ||
			!before(x, y) || mayBeReleased(ops, x, y.Return) {
			return false
		}
		a, ok = anomaly("two-holders", "process %s saw the lock held with the token %s while %s still held it", y.Process, y.Need, holder(x)), true
		return true
	})
	return a, ok
}

// explainLease says what a pair of operations proves by itself: how long a lease
// lasts is for the model to know.
func explainLease(m model.Model, w witness) (a Anomaly, ok bool) {
	ops := w.ops
	pairs(ops, func(x, y *model.Op) bool {
		gone := (y.F == "release" || y.F == "renew") && y.Certain && y.Result.IsFalse() && slices.Contains(tokens(x), y.Arg)
		if !granted(x) || y.ID < x.ID || !granted(y) && !gone {
			return false
		}
		others := slices.DeleteFunc(slices.Concat(ops, w.dropped), func(op model.Op) bool { return op.ID == y.ID })
		pair := []model.Op{*x, *y}
		if mayBeReleased(others, x, y.Return) || tryPorcupine(context.Background(), m, m.Porcupine(), pair, bound{bytes: 1 << 20}) != illegal {
			return false
		}
		a = anomaly("lease-broken", "%s was granted the lock at most %s after it was granted to %s, before its time to live was over",
			holder(y), sinceCall(x, y), holder(x))
		if gone {
			a = anomaly("lease-lost", "the lock of %s was gone at most %s after it was granted, before its time to live was over",
				holder(x), sinceCall(x, y))
		}
		ok = true
		return ok
	})
	if ok {
		return a, true
	}
	return explainStolen(m, ops)
}

// explainStolen finds a release or a renewal with a token that cannot have held
// the lock any more, or a lock that was seen held with it.
func explainStolen(m model.Model, ops []model.Op) (a Anomaly, ok bool) {
	pairs(ops, func(x, y *model.Op) bool {
		did, token := map[string]string{"release": "released", "renew": "renewed"}[y.F], y.Arg
		if by, seen := y.Result.Field("held_by"); seen {
			did, token = "held", by
		}
		if did == "" || !y.Certain || y.Result.IsFalse() || !names(token) || slices.Contains(tokens(x), token) || !granted(x) || !before(x, y) {
			return false
		}
		others := slices.DeleteFunc(slices.Clone(ops), func(op model.Op) bool { return op.ID == y.ID })
		ok = !slices.ContainsFunc(others, func(op model.Op) bool {
			return op.F == "acquire" && !op.Observes && slices.Contains(tokens(&op), token) && mayFollow(m, others, x, op)
		})
		if ok {
			a = anomaly("lease-stolen", "the lock was %s with the token %s, although it had been granted to %s since", did, token, holder(x))
		}
		return ok
	})
	return a, ok
}

// mayFollow reports whether an acquire can have been granted after x was.
func mayFollow(m model.Model, ops []model.Op, x *model.Op, op model.Op) bool {
	if op.Return < x.Call {
		return false
	}
	if op.ID == x.ID || !op.Certain || mayBeReleased(ops, x, op.Return) {
		return true
	}
	// As early as x, and op after it, can have been.
	early := *x
	early.Return, op.Call = x.Call, max(op.Call, x.Call+1)
	return op.Return >= op.Call && tryPorcupine(context.Background(), m, m.Porcupine(), []model.Op{early, op}, bound{bytes: 1 << 20}) != illegal
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
		case f1 < f2 && !mayBeReleased(ops, x, y.Return):
			a, ok = anomaly("two-holders", "the fencing token %d was granted while the holder of %d still had the lock", f2, f1), true
		}
		return ok
	})
	return a, ok
}

// explainOwned: a lock granted twice, or released by another than its holder.
func explainOwned(ops []model.Op) (a Anomaly, ok bool) {
	if a, ok = explainMutex(ops); ok {
		return a, true
	}
	pairs(ops, func(x, y *model.Op) bool {
		released := y.Action == model.Free && y.Certain && before(x, y)
		if granted(x) && released && len(ops) == 2 {
			a, ok = anomaly("released-by-another", "process %s released the lock that %s held", y.Process, holder(x)), true
		}
		return ok
	})
	return a, ok
}
