package checker

import (
	"slices"
	"strings"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model"
)

// count returns how many operations are so.
func count(ops []model.Op, is func(op *model.Op) bool) int {
	n := 0
	for i := range ops {
		if is(&ops[i]) {
			n++
		}
	}
	return n
}

// took reports whether an operation is a dequeue that returned v.
func took(op *model.Op, v history.Value) bool {
	return op.F == "dequeue" && op.Certain && op.Result == v
}

// enqueuedBy counts the enqueues of v that were called by then.
func enqueuedBy(all []model.Op, v history.Value, by int64) int {
	return count(all, func(op *model.Op) bool { return op.F == "enqueue" && op.Arg == v && op.Call <= by })
}

// openBy counts the dequeues of unknown outcome called by then.
func openBy(all []model.Op, by int64) int {
	return count(all, func(op *model.Op) bool { return op.F == "dequeue" && !op.Certain && op.Call <= by })
}

// lastReturn returns by when everything shown had happened.
func lastReturn(shown []model.Op) int64 {
	end := int64(0)
	for i := range shown {
		if shown[i].Certain {
			end = max(end, shown[i].Return)
		}
	}
	return end
}

func claimDuplicate(_ string, values []history.Value, shown, all []model.Op) bool {
	last := int64(0)
	out := count(shown, func(op *model.Op) bool {
		if took(op, values[0]) {
			last = max(last, op.Return)
		}
		return took(op, values[0])
	})
	return out > 1 && out > enqueuedBy(all, values[0], last)
}

func claimNeverEnqueued(_ string, values []history.Value, shown, all []model.Op) bool {
	return slices.ContainsFunc(shown, func(op model.Op) bool {
		return took(&op, values[0]) && enqueuedBy(all, values[0], op.Return) == 0
	})
}

// claimLost is about queues and sets.
func claimLost(sentence string, values []history.Value, shown, all []model.Op) bool {
	switch {
	case strings.HasPrefix(sentence, "a read"):
		return claimMissing(sentence, values[0], shown)
	case strings.HasPrefix(sentence, "a dequeue found the queue empty"):
		return slices.ContainsFunc(shown, func(op model.Op) bool {
			return took(&op, history.NullValue) && leftBehind(sentence, values, op.Call, op.Return, all)
		})
	}
	return false
}

// claimOutOfOrder: a dequeue returned the first value, and what went in before it
// stayed.
func claimOutOfOrder(sentence string, values []history.Value, shown, all []model.Op) bool {
	return some(shown, func(in, out *model.Op) bool {
		return in.F == "enqueue" && in.Arg == values[0] && took(out, values[0]) && enqueuedBy(all, values[0], out.Return) == 1 &&
			leftBehind(sentence, values[1:], in.Call, out.Return, all)
	})
}

// leftBehind: more had been enqueued before a call than dequeues can have taken
// until the return.
func leftBehind(sentence string, values []history.Value, call, end int64, all []model.Op) bool {
	inside := func(v history.Value) int {
		in := count(all, func(op *model.Op) bool { return op.F == "enqueue" && op.Arg == v && op.Certain && op.Return < call })
		return in - count(all, func(op *model.Op) bool { return took(op, v) && op.Call <= end })
	}
	if !strings.Contains(sentence, "cannot have taken all") {
		return inside(values[0]) > 0 && openBy(all, end) == 0
	}
	n, _ := values[0].Int()
	total, counted := int64(0), map[history.Value]bool{}
	for i := range all {
		if v := all[i].Arg; all[i].F == "enqueue" && !counted[v] {
			counted[v] = true
			total += int64(max(0, inside(v)))
		}
	}
	return total >= n && n > int64(openBy(all, end))
}

func contains(read *model.Op, v history.Value) bool {
	members, _ := read.Result.Elements()
	return slices.Contains(members, v)
}

func claimMissing(sentence string, v history.Value, shown []model.Op) bool {
	return some(shown, func(x, y *model.Op) bool {
		if !earlier(x, y) || y.F != "read" || contains(y, v) {
			return false
		}
		if strings.Contains(sentence, "whose add") {
			return x.F == "add" && x.Arg == v
		}
		return x.F == "read" && contains(x, v)
	})
}

func claimUnexpected(_ string, values []history.Value, shown, all []model.Op) bool {
	return slices.ContainsFunc(shown, func(op model.Op) bool {
		return op.F == "read" && contains(&op, values[0]) &&
			count(all, func(add *model.Op) bool { return add.F == "add" && add.Arg == values[0] && add.Call <= op.Return }) == 0
	})
}

func claimDisagree(_ string, values []history.Value, shown, _ []model.Op) bool {
	v, w := values[0], values[1]
	return some(shown, func(x, y *model.Op) bool {
		return x.F == "read" && y.F == "read" && contains(x, v) && !contains(x, w) && contains(y, w) && !contains(y, v)
	})
}
