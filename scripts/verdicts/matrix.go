package main

import (
	"time"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/target"
)

// row is a line of the table: one configuration, run once for each seed.
type row struct {
	workload, persistence, faults string
	flags                         []string
	seeds                         []string
	// expected are the verdicts of the checks that matter, by name.
	expected map[string]checker.Verdict
}

// A run that is to show that a promise holds must have tried so much.
const (
	minOperations = 5000
	minFaults     = 3
)

const serverFaults = "kill,pause,restart"

// matrix returns all rows.
func matrix(limit time.Duration) []row {
	limits := []string{"--time-limit", limit.String()}
	linearizable := func(model string, v checker.Verdict) map[string]checker.Verdict {
		return map[string]checker.Verdict{"linearizable(" + model + ")": v}
	}
	correct := []struct{ workload, model string }{
		{"register", "cas-register"}, {"counter", "counter"}, {"inventory", "bounded-counter(100)"},
		{"queue", "fifo-queue"}, {"set", "set"}, {"lock", "mutex"},
	}
	var rows []row
	for _, persistence := range []string{target.AOFAlways, target.AOFEverysec} {
		for _, c := range correct {
			rows = append(rows, row{c.workload, persistence, serverFaults, limits, []string{"1", "2", "3"},
				linearizable(c.model, checker.Valid)})
		}
	}
	for _, c := range correct {
		if c.workload == "counter" || c.workload == "queue" || c.workload == "set" || c.workload == "register" {
			rows = append(rows, row{c.workload, target.None, serverFaults, limits, []string{"1"},
				linearizable(c.model, checker.Invalid)})
		}
	}
	short := append([]string{"--ttl", "300ms", "--nemesis-interval", "500ms"}, limits...)
	both := linearizable("mutex", checker.Invalid)
	both["linearizable(lease(300ms))"] = checker.Valid
	return append(rows,
		row{"lock", target.AOFEverysec, "pause,client-pause", short, []string{"1"}, both},
		row{"lock-naive", target.AOFEverysec, "pause,client-pause", short, []string{"1"},
			linearizable("mutex", checker.Invalid)})
}
