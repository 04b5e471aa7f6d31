package paper

import (
	"context"
	"strings"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/checker/promise"
	"github.com/jepsen-lite/jepsen-lite/harness"
	"github.com/jepsen-lite/jepsen-lite/history"
)

// emptiness says why a run proves nothing by not showing a violation; "": it does
// prove something.
func emptiness(info harness.Info, checks []checker.Result) string {
	switch {
	case info.Error != "":
		return "the run could not do its part: " + info.Error
	case checks == nil:
		return "nobody has judged the run"
	}
	for _, c := range checks {
		if base(c.Name) == "evidence" && c.Verdict != checker.Valid {
			return c.Reason
		}
	}
	return ""
}

// promises returns those that a run was judged by, or those that its history keeps
// where an earlier version judged it. A violation counts however the run went on; that
// there is none counts only if the run tried enough. A nil history cannot be read.
func promises(ctx context.Context, info harness.Info, results *harness.Results, h *history.History) ([]promise.Promise, error) {
	given := promise.Given{Checks: info.Checks, Known: unjudged(info)}
	empty := emptiness(info, nil)
	var all []promise.Promise
	if results != nil {
		given.Known, all = results.Checks, results.Promises
		empty = emptiness(info, results.Checks)
	}
	if all == nil {
		if h == nil || results == nil {
			h = &history.History{} // then the names and meanings are known
		}
		var err error
		if all, err = promise.Ladder(ctx, h, given); err != nil {
			return nil, err
		}
	}
	promise.TakeBack(all, empty)
	return all, nil
}

// unjudged returns the checks of a run that nobody has judged.
func unjudged(info harness.Info) (checks []checker.Result) {
	for _, name := range info.Checks {
		checks = append(checks, checker.Result{Name: name, Verdict: checker.Unknown, Reason: "nobody has judged the run"})
	}
	return checks
}

// base is a check's name without its parameter.
func base(name string) string {
	name, _, _ = strings.Cut(name, "(")
	return name
}
