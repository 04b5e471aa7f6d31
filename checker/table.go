package checker

import (
	"fmt"
	"strings"

	"github.com/jepsen-lite/jepsen-lite/model"
)

// Entry is a line of the table of checks.
type Entry struct {
	Name string
	// Parameter says what stands in brackets after the name; empty: nothing.
	Parameter string
	// Optional: the name may stand alone too.
	Optional bool
	About    string

	make func(parameter string) (Check, error)
}

// Table returns all checks.
func Table() []Entry {
	plain := func(c Check) func(string) (Check, error) {
		return func(string) (Check, error) { return c, nil }
	}
	return []Entry{
		{"linearizable", "model", false, "every operation takes effect at one moment between its call and its return",
			func(parameter string) (Check, error) { return parseLinearizable(parameter) }},
		{"exclusion", "", false, "no two holders of a lock at the same moment, by what they were told", plain(exclusion{})},
		{"expiry", "time to live", false, "nobody holds a lock for longer than its time to live", parseExpiry},
		{"fencing", "", false, "fencing tokens grow, and the protected resource never goes back", plain(fencing{})},
		{"freshness", "", false, "no read returns a value that was overwritten before the read began", plain(freshness{})},
		{"durability", "", false, "a set's acknowledged elements are all there at the end, and nothing else", plain(durability{})},
		{"delivery", "", false, "a queue's elements come out, once each, and nothing else", plain(delivery{})},
		{"at-least-once", "", false, "a queue's acknowledged elements come out of dequeues that finished their work, once or more", plain(atLeastOnce{})},
		{"evidence", "faults", false, "a run tried enough to conclude anything", parseEvidence},
		{"stats", "", false, "counts and latencies of operations by outcome; judges nothing", plain(stats{})},
		{"bounds-counter", "", false, "every read of a counter is within the bounds of what was added (Jepsen's counter)", plain(boundsCounter{})},
		{"pn-counter", "", false, "the final reads of a counter are its additions, with those of unknown outcome or without", plain(pnCounter{})},
		{"set-full", "linearizable", true, "no element of a set is lost; linearizable: and none is missing from a later read", parseSetFull},
		{"queue", "", false, "what is dequeued had been enqueued", plain(sourced{})},
		{"total-queue", "", false, "of a queue that was drained everything came out, once", plain(totalQueue{})},
		{"unique-ids", "", false, "no id is generated twice", plain(uniqueIDs{})},
		{"bank", "total, negative", true, "all accounts together always hold the same, and none is negative unless it may be", parseBank},
		{"list-append", "consistency model", true, "transactions over lists depend on each other without a cycle", parseListAppend},
		{"each-succeeds", "", false, "of each kind of operation at least one succeeded (Jepsen's stats)", plain(eachSucceeds{})},
	}
}

// Parse returns the check of that name, with its parameter in brackets:
// "stats", "linearizable(lease(300ms))".
func Parse(text string) (Check, error) {
	name, parameter, given := strings.Cut(text, "(")
	if given {
		var closed bool
		if parameter, closed = strings.CutSuffix(parameter, ")"); !closed {
			return nil, fmt.Errorf("check %q: expected a closing bracket", text)
		}
	}
	var names []string
	for _, e := range Table() {
		names = append(names, e.Name)
		switch {
		case e.Name != name:
		case given != (e.Parameter != "") && (given || !e.Optional):
			return nil, fmt.Errorf("check %q: expected %s", text, strings.TrimSuffix(name+"("+e.Parameter+")", "()"))
		default:
			return e.make(parameter)
		}
	}
	if ours, ok := jepsenNames()[name]; ok {
		return nil, fmt.Errorf("unknown check %q: Jepsen's checker of that name is %s here", name, ours)
	}
	return nil, fmt.Errorf("unknown check %q: expected one of %s", name, strings.Join(names, ", "))
}

// Linearizable returns the check that histories of each key are linearizable
// with respect to the model.
func Linearizable(m model.Model) Check { return linearizable{m} }

func parseLinearizable(parameter string) (Check, error) {
	m, err := model.Parse(parameter)
	if err != nil {
		return nil, err
	}
	return Linearizable(m), nil
}
