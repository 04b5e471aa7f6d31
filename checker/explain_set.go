package checker

import (
	"slices"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model"
)

func explainSet(ops []model.Op) (a Anomaly, ok bool) {
	adds := map[history.Value]bool{}
	for i := range ops {
		if ops[i].F == "add" {
			adds[ops[i].Arg] = true
		}
	}
	pairs(ops, func(x, y *model.Op) bool {
		members, isRead := y.Result.Elements()
		if !isRead || y.F != "read" {
			return false
		}
		if x.F == "add" && before(x, y) && !slices.Contains(members, x.Arg) {
			a, ok = anomaly("lost", "a read did not contain %s, whose add had completed before", x.Arg), true
			return true
		}
		earlier, isRead := x.Result.Elements()
		if x.F != "read" || !isRead {
			return false
		}
		for _, v := range earlier {
			if before(x, y) && !slices.Contains(members, v) && adds[v] {
				a, ok = anomaly("lost", "a read did not contain %s, which another read had already seen", v), true
				return true
			}
		}
		return false
	})
	if ok || len(ops) != 1 {
		return a, ok
	}
	if members, _ := ops[0].Result.Elements(); len(members) == 1 {
		return anomaly("unexpected", "a read contained %s, which nobody had added", members[0]), true
	}
	return a, false
}
