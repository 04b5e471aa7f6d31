package schedule

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestAStepIsReadAsItWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		step := anyStep(t)
		again, err := ParseStep(step.String())
		if err != nil || again != step {
			t.Fatalf("%s: %+v, %v; want %+v", step, again, err, step)
		}
	})
}

func TestParseStep(t *testing.T) {
	for _, test := range []struct {
		text string
		want Step
		err  string
	}{
		{text: "c0", want: Step{Verb: Move}},
		{text: "c12", want: Step{Verb: Move, Client: 12}},
		{text: "timeout:c1", want: Step{Verb: Timeout, Client: 1}},
		{text: "kill", want: Step{Verb: Kill}},
		{text: "kill:n2", want: Step{Verb: Kill, Node: "n2"}},
		{text: "tick:1m30s", want: Step{Verb: Tick, For: 90 * time.Second}},
		{text: "", err: `unknown step ""`},
		{text: "c01", err: `unknown step "c01"`},
		{text: "timeout", err: `step "timeout": expected it like "timeout:c0"`},
		{text: "timeout:n1", err: `expected it like "timeout:c0"`},
		{text: "kill:c1", err: `expected it like "kill"`},
		{text: "heal:n1", err: `expected it like "heal"`},
		{text: "tick:-1s", err: `expected it like "tick:300ms"`},
		{text: "kil", err: "did you mean kill?"},
	} {
		t.Run(test.text, func(t *testing.T) {
			got, err := ParseStep(test.text)
			if test.err != "" {
				if err == nil || !strings.Contains(err.Error(), test.err) {
					t.Errorf("got %v, want %q", err, test.err)
				}
			} else if err != nil || got != test.want {
				t.Errorf("got %+v, %v, want %+v", got, err, test.want)
			}
		})
	}
}
