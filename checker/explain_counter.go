package checker

import (
	"slices"

	"github.com/jepsen-lite/jepsen-lite/model"
)

// amount returns how much an operation adds to the total.
func amount(op *model.Op) int64 {
	n, _ := op.Arg.Int()
	if op.F == "take" {
		return -n
	}
	return n
}

func explainCounter(w witness) (a Anomaly, ok bool) {
	ops, growing := w.ops, true
	for _, op := range slices.Concat(ops, w.dropped) {
		growing = growing && (op.F == "read" || amount(&op) > 0)
	}
	pairs(ops, func(x, y *model.Op) bool {
		t1, has1 := x.Result.Int()
		t2, has2 := y.Result.Int()
		switch {
		case !growing || !has1 || !has2:
		case t1 == t2 && x.F == "add-and-get" && y.F == "add-and-get" && x.ID < y.ID:
			a, ok = anomaly("lost-update", "two additions both made the total %d", t1), true
		case before(x, y) && (t2 < t1 || t2 == t1 && y.F == "add-and-get"):
			a, ok = anomaly("lost-update", "the total was %d after it had already been %d, although every addition is positive: an addition was lost", t2, t1), true
		}
		return ok
	})
	if !ok && growing && !w.anyState {
		a, ok = explainExcess(ops, w.dropped)
	}
	if !ok && len(ops) > 1 {
		a, ok = anomaly("wrong-total", "no order of the additions gives the totals that were returned"), true
	}
	return a, ok
}

// explainExcess finds a total that is larger than all additions together, none of
// which is negative.
func explainExcess(ops, dropped []model.Op) (a Anomaly, ok bool) {
	for i := range ops {
		seen, has := ops[i].Result.Int()
		var asked int64
		for _, op := range slices.Concat(ops, dropped) {
			if op.F != "read" && op.Call <= ops[i].Return {
				asked += amount(&op)
			}
		}
		if has && seen > asked {
			return anomaly("counted-twice", "the total was %d, although all additions asked for by then make %d: one was counted twice", seen, asked), true
		}
	}
	return a, false
}

func explainStock(w witness) (a Anomaly, ok bool) {
	ops, shrinking := w.ops, true
	for _, op := range slices.Concat(ops, w.dropped) {
		if left, has := op.Result.Int(); has && left < 0 {
			return anomaly("negative-stock", "the stock went below zero: %s", &op), true
		}
		shrinking = shrinking && op.F != "put"
	}
	pairs(ops, func(x, y *model.Op) bool {
		s1, has1 := x.Result.Int()
		s2, has2 := y.Result.Int()
		switch {
		case !shrinking || !has1 || !has2:
		case s1 == s2 && x.F == "take" && y.F == "take" && amount(x) != 0 && amount(y) != 0 && x.ID < y.ID:
			a, ok = anomaly("lost-update", "two deductions both left a stock of %d: the same goods were sold twice", s1), true
		case before(x, y) && s2 > s1:
			a, ok = anomaly("lost-update", "the stock was %d after it had already been down to %d, although nothing was put back: a deduction was lost", s2, s1), true
		}
		return ok
	})
	if !ok && len(ops) > 1 {
		a, ok = anomaly("wrong-stock", "no order of the deductions gives the stocks that were returned"), true
	}
	return a, ok
}
