package main

import (
	"fmt"
	"time"

	"github.com/jepsen-lite/jepsen-lite/harness"
	"github.com/jepsen-lite/jepsen-lite/schedule/catalogue"
)

// printed prints a measurement.
func printed(name, text string) { fmt.Printf("  %-13s %s\n", name, text) }

// found says what a search came to that should find something.
func found(x *harness.Exploration, smallest int) string {
	if x.Schedule == nil {
		return fmt.Sprintf("not found in %d schedules, %s", x.Schedules, seconds(x.Searched))
	}
	text := fmt.Sprintf("found in schedule %d, %s; shrunk from %d steps to %d (smallest known: %d), %s; replayed: %d of %d",
		x.At, seconds(x.Searched), len(x.First.Steps), len(x.Schedule.Steps), smallest, seconds(x.Shrunk), x.Reproduced, x.Tries)
	if x.Rate < 1 {
		text += fmt.Sprintf("; as it was found: %.0f %%", 100*x.Rate)
	}
	return text
}

// held says what a search came to that should find nothing.
func held(x *harness.Exploration) string {
	if x.Schedule != nil {
		return fmt.Sprintf("ALARM in schedule %d: %s", x.At, sentence(x))
	}
	return fmt.Sprintf("held in %d schedules, %d of them unknown, %s", x.Schedules, x.Unknown, seconds(x.Searched))
}

// sentence is what jepsen-lite says of what was found.
func sentence(x *harness.Exploration) string {
	if x.Execution == nil || x.Execution.Anomaly() == nil {
		return "a promise was broken"
	}
	return x.Execution.Anomaly().Explanation
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.1f s", d.Seconds()) }

// counterpart names what keeps the promise.
func counterpart(b catalogue.Bug) string {
	if b.Right != "" {
		return b.Right
	}
	return b.Plan.Workload.Name + " on " + b.RightTarget.Persistence
}
