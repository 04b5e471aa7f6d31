package checker

import (
	"slices"
	"strings"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model"
)

// claimLostAppend: appended before the get, missing from it, and no put can have
// taken effect between the two.
func claimLostAppend(_ string, _ []history.Value, shown, all []model.Op) bool {
	return some(shown, func(x, y *model.Op) bool {
		appended, _ := x.Arg.Text()
		got, _ := y.Result.Text()
		return x.F == "append" && y.F == "get" && earlier(x, y) && !strings.Contains(got, appended) &&
			!slices.ContainsFunc(all, func(op model.Op) bool {
				return op.F == "put" && op.Call <= y.Return && op.Return >= x.Call
			})
	})
}

// claimTwiceInRead: a read returned the element twice.
func claimTwiceInRead(_ string, values []history.Value, shown, _ []model.Op) bool {
	return slices.ContainsFunc(shown, func(op model.Op) bool {
		members, _ := op.Result.Elements()
		first := slices.Index(members, values[0])
		return first >= 0 && slices.Contains(members[first+1:], values[0])
	})
}
