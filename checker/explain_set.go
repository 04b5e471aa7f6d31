package checker

import (
	"slices"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model"
)

func explainSet(ops []model.Op) (a Anomaly, ok bool) {
	pairs(ops, func(x, y *model.Op) bool {
		a, ok = explainRead(x, y)
		return ok
	})
	if v, twice := repeatedMember(ops); !ok && twice {
		return anomaly("duplicate-element", "a read contained %s twice", v), true
	}
	if !ok && len(ops) == 1 && len(ops[0].Members()) == 1 {
		return anomaly("unexpected", "a read contained %s, which nobody had added", ops[0].Members()[0]), true
	}
	return a, ok
}

// explainRead says what is wrong with the read y next to x.
func explainRead(x, y *model.Op) (Anomaly, bool) {
	if y.F != "read" {
		return Anomaly{}, false
	}
	if x.F == "add" {
		if before(x, y) && !slices.Contains(y.Members(), x.Arg) {
			return anomaly("lost", "a read did not contain %s, whose add had completed before", x.Arg), true
		}
		return Anomaly{}, false
	}
	v, lacksV := lacking(x, y)
	w, lacksW := lacking(y, x)
	switch {
	case lacksV && before(x, y):
		return anomaly("lost", "a read did not contain %s, which another read had already seen", v), true
	case lacksV && lacksW && x.ID < y.ID:
		return anomaly("reads-disagree", "of two reads one contained %s and not %s, the other %s and not %s", v, w, w, v), true
	}
	return Anomaly{}, false
}

// lacking returns the first member of x that y lacks.
func lacking(x, y *model.Op) (history.Value, bool) {
	for _, v := range x.Members() {
		if !slices.Contains(y.Members(), v) {
			return v, true
		}
	}
	return history.Value{}, false
}

// repeatedMember finds an element that stands twice in a read.
func repeatedMember(ops []model.Op) (history.Value, bool) {
	for i := range ops {
		members := ops[i].Members() // in order
		for j := 1; j < len(members); j++ {
			if members[j] == members[j-1] {
				return members[j], true
			}
		}
	}
	return history.Value{}, false
}
