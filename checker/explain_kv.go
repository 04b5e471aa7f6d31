package checker

import (
	"slices"
	"strings"

	"github.com/jepsen-lite/jepsen-lite/model"
)

// explainText finds a get that lacks what had been appended before, and was not
// replaced since.
func explainText(w witness) (a Anomaly, ok bool) {
	pairs(w.ops, func(x, y *model.Op) bool {
		text, _ := x.Put.Text()
		got, _ := y.Seen.Text()
		if x.F != "append" || y.F != "get" || !before(x, y) || strings.Contains(got, text) {
			return false
		}
		replaced := slices.ContainsFunc(slices.Concat(w.ops, w.dropped), func(op model.Op) bool {
			return op.F == "put" && op.Return >= x.Call && op.Call <= y.Return
		})
		if !replaced {
			a, ok = anomaly("lost-append", "a get returned %s, without %s, which had been appended before", y.Seen, x.Put), true
		}
		return ok
	})
	return a, ok
}
