package checker

import (
	"encoding/json"
	"fmt"
	"strings"
)

// jepsenNames maps the names of Jepsen's checkers to ours. Some differ because ours
// is taken by a model or by another check.
func jepsenNames() map[string]string {
	return map[string]string{
		"counter": "bounds-counter", "set": "durability", "set-full": "set-full", "queue": "queue",
		"total-queue": "total-queue", "unique-ids": "unique-ids", "stats": "each-succeeds",
		"pn-counter": "pn-counter", "bank": "bank", "list-append": "list-append", "linearizable": "linearizable",
	}
}

// ByEvents reports whether a check also looks at completions that nobody invoked,
// as some of Jepsen's do. To others such a history is not whole.
func ByEvents(c Check) bool {
	switch c.(type) {
	case boundsCounter, pnCounter, setFull, sourced, totalQueue, uniqueIDs, bank, listAppend, eachSucceeds, durability:
		return true
	}
	return false
}

// ForJepsen returns the check that does what the checker of that name does in
// Jepsen, Maelstrom or elle-cli, given its options by their names there, and for
// linearizable and queue the model. It is to be run with Options.JepsenQuirks for
// the same verdicts. A checker of which there is more to say than that it is
// unknown is an error that says it.
func ForJepsen(name string, options map[string]json.RawMessage, modelName string) (Check, error) {
	text := jepsenNames()[strings.TrimPrefix(name, "jepsen.checker/")]
	option := func(names ...string) string {
		for _, name := range names {
			if v, ok := options[name]; ok && string(v) != "null" && string(v) != "false" {
				return strings.Trim(string(v), `[]" `)
			}
		}
		return ""
	}
	var parameter string
	switch text {
	case "":
		return nil, fmt.Errorf("unknown checker %q: expected one of Jepsen's counter, set, set-full, queue, total-queue, unique-ids, stats, pn-counter, bank, list-append or linearizable", name)
	case "linearizable":
		if modelName == "" {
			return nil, fmt.Errorf("the checker linearizable needs a model: expected the field \"model\"")
		}
		parameter = modelName
	case "queue":
		if modelName != "" && modelName != "nil" && modelName != "unordered-queue" {
			return nil, fmt.Errorf("the checker queue with the model %s looks at one order of concurrent operations only: try --model %s", modelName, modelName)
		}
	case "set-full":
		if option("linearizable?", "linearizable") != "" {
			parameter = "linearizable"
		}
	case "bank":
		parameter = option("total-amount", "total_amount")
		if option("negative-balances?", "negative_balances", "negative-balances") != "" {
			parameter = strings.TrimPrefix(parameter+",negative", ",")
		}
	case "list-append":
		parameter = option("consistency-models", "consistency_models", "consistency-model")
	}
	if parameter != "" {
		text += "(" + parameter + ")"
	}
	return Parse(text)
}
