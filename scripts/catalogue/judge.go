package main

import (
	"fmt"
	"time"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/schedule"
)

// What must be.
const (
	// findLimit is how long finding and shrinking may take on the simulator.
	findLimit = time.Minute
	// enough is how many bugs must be found, shrunk and replayed on a real server.
	enough = 10
)

// judge returns what is not as it must be; all says that all bugs were tried.
func judge(tried []result, all bool) []string {
	var mistakes []string
	there := 0
	for _, r := range tried {
		for _, m := range append(r.onSimulator(), r.onServer()...) {
			mistakes = append(mistakes, r.bug.Name+": "+m)
		}
		if r.foundOnServer() {
			there++
		}
	}
	if all && there < enough {
		mistakes = append(mistakes, fmt.Sprintf("only %d bugs were found and replayed on a real server: expected %d", there, enough))
	}
	return mistakes
}

// onSimulator returns what is wrong with what the simulator showed.
func (r result) onSimulator() (mistakes []string) {
	wrong := func(format string, a ...any) { mistakes = append(mistakes, fmt.Sprintf(format, a...)) }
	if r.shown.Verdict != checker.Invalid {
		wrong("the smallest schedule is %s on the simulator", r.shown.Verdict)
	}
	if x := r.found; x.Schedule == nil {
		wrong("not found on the simulator in %d schedules", x.Schedules)
	} else {
		if took := x.Searched + x.Shrunk; took > findLimit {
			wrong("finding it took %v on the simulator, more than %v", took, findLimit)
		}
		if got, want := len(x.Schedule.Steps), len(r.smallest.Steps); 2*got > 3*want {
			wrong("shrunk to %d steps, more than 1.5 times the smallest known, %d", got, want)
		}
		if x.Reproduced != x.Tries {
			wrong("only %d of %d replays on the simulator broke the promise", x.Reproduced, x.Tries)
		}
	}
	if x := r.right; x.Schedule != nil {
		wrong("a false alarm, or %s is not right: %s\n%s", counterpart(r.bug), sentence(x), x.Schedule.Encode())
	} else if x.Verdict != checker.Valid {
		wrong("%s: %s", counterpart(r.bug), x.Reason)
	}
	return mistakes
}

// onServer returns what is wrong with what a real server showed.
func (r result) onServer() (mistakes []string) {
	if r.simulated != "" {
		return nil
	}
	wrong := func(format string, a ...any) { mistakes = append(mistakes, fmt.Sprintf(format, a...)) }
	if !clocked(r.smallest) && !almostAlways(r.again.Reproduced, r.again.Times) {
		wrong("only %d of %d replays on a real server broke the promise", r.again.Reproduced, r.again.Times)
	}
	if here, there := kind(r.shown.Execution), kind(r.again.Execution); r.again.Reproduced > 0 && here != there {
		wrong("%s on the simulator, but %s on a real server", here, there)
	}
	if x := r.foundThere; x.Schedule != nil && !clocked(x.Schedule) && x.Reproduced != x.Tries {
		wrong("what was found on a real server broke the promise in only %d of %d replays", x.Reproduced, x.Tries)
	}
	return mistakes
}

// foundOnServer reports whether a real server showed the bug without help of the
// simulator.
func (r result) foundOnServer() bool {
	return r.foundThere != nil && r.foundThere.Schedule != nil && r.foundThere.Reproduced > 0
}

// almostAlways: 99 of 100.
func almostAlways(reproduced, times int) bool { return 100*reproduced >= 99*times }

// kind says which check failed, and how.
func kind(e *schedule.Execution) string {
	for _, r := range e.Results {
		if r.Verdict == checker.Invalid && len(r.Anomalies) > 0 {
			return fmt.Sprintf("%s in %s", r.Anomalies[0].Type, r.Name)
		}
	}
	return "nothing"
}
