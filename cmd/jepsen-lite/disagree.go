package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/harness"
	"github.com/jepsen-lite/jepsen-lite/history"
)

// errDisagree ends a command whose verdict cannot be trusted: a bug of the tool.
var errDisagree = errors.New("two engines judged the same operations differently, which is a bug of jepsen-lite; please report it with the history, and meanwhile try --engine porcupine")

// disagree reports whether engines contradicted each other.
func disagree(r *harness.Results) bool { return len(disagreements(r)) > 0 }

// disagreements returns the keys on which they did.
func disagreements(r *harness.Results) map[string]bool {
	keys := map[string]bool{}
	for _, c := range r.Checks {
		for _, a := range c.Anomalies {
			if a.Type == checker.EnginesDisagree {
				keys[a.Key] = true
			}
		}
	}
	return keys
}

// saveDisagreement writes the operations of those keys to a file, since what was
// judged may have come from a pipe, and says where.
func saveDisagreement(h *history.History, r *harness.Results) string {
	keys := disagreements(r)
	file, err := os.CreateTemp("", "jepsen-lite-disagreement-*.jsonl")
	if err != nil {
		return fmt.Sprintf("the operations of the keys in question could not be saved: %v", err)
	}
	var text []byte
	next := 0
	for e := range h.Events() {
		if e.Process != history.Nemesis && keys[e.Key] {
			e.Index = next
			text = history.AppendEvent(text, &e)
			next++
		}
	}
	_, err = file.Write(text)
	if err = errors.Join(err, file.Close()); err != nil {
		return fmt.Sprintf("the operations of the keys in question could not be saved: %v", err)
	}
	return "the operations of the keys in question are in " + file.Name()
}
