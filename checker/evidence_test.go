package checker

import (
	"fmt"
	"strings"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// tried is a history of so many operations f on so many keys, all with that
// outcome.
type tried struct {
	f       string
	n, keys int
	outcome history.Type
	output  history.Value
}

func historyOf(nemesis []history.Event, all ...tried) *history.History {
	h := &history.History{Nemesis: nemesis}
	for _, t := range all {
		for i := range t.n {
			h.Ops = append(h.Ops, history.Op{F: t.f, Key: fmt.Sprint("k", i%t.keys), Outcome: t.outcome, Output: t.output})
		}
	}
	return h
}

func event(f string, value string) history.Event {
	v, err := history.ParseValue([]byte(value))
	if err != nil {
		panic(err)
	}
	return history.Event{Process: history.Nemesis, Type: history.Info, F: f, Value: v}
}

func TestEvidenceAsksWhetherARunTriedAnything(t *testing.T) {
	kill := event("kill", `{"node":"n1","effect":true}`)
	missed := event("kill", `{"node":"n1","effect":false}`)
	start := event("start", `{"node":"n1","heals":"kill","effect":true}`)
	enough := tried{"read", 100, 10, history.OK, history.NullValue}
	for _, test := range []struct {
		name, check string
		history     *history.History
		reason      string // "": valid
	}{
		{"just enough", "evidence(none)", historyOf(nil, enough), ""},
		{"one too few", "evidence(none)", historyOf(nil, tried{"read", 99, 9, history.OK, history.NullValue}), "only 99 operations succeeded"},
		{"failures do not count", "evidence(none)", historyOf(nil, tried{"read", 99, 9, history.OK, history.NullValue}, tried{"read", 50, 1, history.Fail, history.Value{}}),
			"only 99 operations succeeded"},
		{"spread too thin", "evidence(none)", historyOf(nil, tried{"read", 900, 100, history.OK, history.NullValue}), "only 0 operations were on keys"},
		{"one key of many is not enough", "evidence(none)", historyOf(nil, tried{"read", 900, 100, history.OK, history.NullValue}, tried{"read", 50, 1, history.OK, history.NullValue}),
			"only 59 operations were on keys"},
		{"a fault", "evidence(kill)", historyOf([]history.Event{kill, start}, enough), ""},
		{"no fault took effect", "evidence(kill,pause)", historyOf([]history.Event{missed, start}, enough), "no fault took effect, though kill, pause was asked for"},
		{"a healing is no fault", "evidence(kill)", historyOf([]history.Event{start}, enough), "no fault took effect"},
		{"a fault nobody asked for", "evidence(pause)", historyOf([]history.Event{kill}, enough), "no fault took effect, though pause was asked for"},
		{"one fault of two", "evidence(kill,pause)", historyOf([]history.Event{kill}, enough), ""},
		{"writes were all refused", "evidence(none)", historyOf(nil, enough, tried{"write", 100, 10, history.Fail, history.Value{}}, tried{"write", 9, 1, history.OK, history.NullValue}),
			"of 109 operations write only 9 were answered"},
		{"refusals that tell what they saw", "evidence(none)", historyOf(nil, enough, tried{"cas", 100, 10, history.Fail, history.Object("saw", history.Int(1))}), ""},
		{"a rare operation", "evidence(none)", historyOf(nil, enough, tried{"release", 3, 1, history.Fail, history.Value{}}), ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, err := Parse(test.check)
			if err != nil {
				t.Fatal(err)
			}
			r, err := c.Check(t.Context(), test.history, Options{})
			if err != nil || !strings.Contains(r.Reason, test.reason) || (r.Verdict == Valid) != (test.reason == "") || r.Verdict == Invalid {
				t.Errorf("got %s because %q, %v; want %q", r.Verdict, r.Reason, err, test.reason)
			}
		})
	}
}
