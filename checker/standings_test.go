package checker

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/history/sketch"
	"github.com/jepsen-lite/jepsen-lite/model"
)

func TestStandingsAreCounted(t *testing.T) {
	keys := []*keyed{
		{said: 5, certain: 3, decision: decision{answer: legal, by: ByMonitor, confirmed: true}},
		{said: 7, certain: 4, decision: decision{answer: legal, by: BySearch, unfit: "why", confirmed: true}},
		{said: 2, certain: 2, decision: decision{answer: illegal, by: ByMonitor, conflict: "what"}},
		{said: 1, certain: 0, decision: decision{answer: undecided, unfit: "why"}},
		{decision: decision{answer: tooLarge, unfit: "why not"}},
	}
	got := standingsOf(keys)
	want := standings{
		answers: map[answer]int{legal: 2, illegal: 1, undecided: 1, tooLarge: 1}, said: 15, certain: 9,
		by: map[Engine]int{ByMonitor: 2, BySearch: 1}, unfit: map[string]int{"why": 2, "why not": 1}, confirmed: 2, conflicts: 1,
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got.engines(Auto) != "monitor+search" || (standings{}).engines(Auto) != "auto" {
		t.Errorf("got engines %q, and of none %q", got.engines(Auto), standings{}.engines(Auto))
	}
	shown := map[string]any{
		"keys": 5, "operations": 15, "invalid_keys": 1, "unknown_keys": 2, "engines": want.by, "confirmed_keys": 2, "no_monitor": want.unfit,
	}
	if s := got.statistics(5); !reflect.DeepEqual(s, shown) {
		t.Errorf("got %v, want %v", s, shown)
	}
	if _, ok := (standings{}).statistics(0)["no_monitor"]; ok {
		t.Error("the monitor applied to all keys")
	}
	if s := (standings{unfit: map[string]int{"why": 1}}).statistics(1); s["no_monitor"] == nil {
		t.Error("the one reason why there was no monitor is not shown")
	}
}

// A violation beats everything, and what was not decided is never valid.
func TestVerdictsOfStandings(t *testing.T) {
	interrupted, cancel := context.WithCancel(t.Context())
	cancel()
	late, stop := context.WithTimeout(t.Context(), 0)
	defer stop()
	const (
		interruption = "interrupted before 2 of 9 keys were decided"
		memory       = "1 of 9 keys need more than 3 MiB to search; try --memory, or fewer operations per key"
		timeout      = "2 of 9 keys were not decided within 1s; try --timeout, or fewer operations per key"
		unfit        = "the monitor does not apply to 2 of 9 keys (one reason); try --engine auto"
		nothing      = "no operation is known to have taken effect"
	)
	unfits := map[string]int{"one reason": 1, "reason two": 1}
	for _, test := range []struct {
		name    string
		ctx     context.Context
		engine  Engine
		quirks  bool
		answers map[answer]int
		certain int
		verdict Verdict
		reason  string
	}{
		{"all legal", t.Context(), Auto, false, map[answer]int{legal: 9}, 1, Valid, ""},
		{"all legal, in the end", interrupted, Auto, false, map[answer]int{legal: 9}, 1, Valid, ""},
		{"nothing certain", t.Context(), Auto, false, map[answer]int{legal: 9}, 0, Unknown, nothing},
		{"nothing certain, as in Jepsen", t.Context(), Auto, true, map[answer]int{legal: 9}, 0, Valid, ""},
		{"one illegal", interrupted, Auto, false, map[answer]int{legal: 5, illegal: 1, undecided: 2, tooLarge: 1}, 0, Invalid, ""},
		{"interrupted", interrupted, Auto, false, map[answer]int{legal: 6, undecided: 2, tooLarge: 1}, 1, Unknown, interruption},
		{"out of time", late, Auto, false, map[answer]int{legal: 7, undecided: 2}, 1, Unknown, timeout},
		{"out of steps", t.Context(), Auto, false, map[answer]int{legal: 7, undecided: 2}, 1, Unknown, timeout},
		{"no monitor", t.Context(), ByMonitor, false, map[answer]int{legal: 7, undecided: 2}, 1, Unknown, unfit},
		{"too large", t.Context(), Auto, false, map[answer]int{legal: 6, undecided: 2, tooLarge: 1}, 1, Unknown, memory},
		{"too large, when interrupted", interrupted, Auto, false, map[answer]int{legal: 8, tooLarge: 1}, 1, Unknown, memory},
	} {
		t.Run(test.name, func(t *testing.T) {
			j := &judging{options: Options{Engine: test.engine, JepsenQuirks: test.quirks, MemoryBytes: 3 << 20, Timeout: time.Second}}
			v, reason := j.verdict(test.ctx, standings{answers: test.answers, certain: test.certain, unfit: unfits}, 9)
			if v != test.verdict || reason != test.reason {
				t.Errorf("got %s %q, want %s %q", v, reason, test.verdict, test.reason)
			}
		})
	}
}

// Of what does not fit, the earliest is told, whichever key was judged first.
func TestTheFirstMisfitIsTold(t *testing.T) {
	misfit := func(event int) *keyed { return &keyed{err: &model.MisfitError{Event: event}} }
	for _, test := range []struct {
		keys []*keyed
		want int
	}{
		{[]*keyed{{}, misfit(5)}, 5},
		{[]*keyed{misfit(5), misfit(2), {}, misfit(3)}, 2},
		{[]*keyed{misfit(2), misfit(5)}, 2},
		{[]*keyed{misfit(4), misfit(0)}, 0},
	} {
		var got *model.MisfitError
		if err := firstError(test.keys); !errors.As(err, &got) || got.Event != test.want {
			t.Errorf("got %v, want event %d", err, test.want)
		}
	}
	if err := firstError([]*keyed{{}, {}}); err != nil {
		t.Errorf("got %v of keys that fit", err)
	}
}

// What an engine calls illegal and porcupine, asked of the witness, does not, is
// a bug of ours; nothing else may be said of the history.
func TestAWitnessThatIsDeniedIsADisagreement(t *testing.T) {
	m, err := model.Parse("register")
	if err != nil {
		t.Fatal(err)
	}
	ops := sketch.MustParse(`
0  |-write 1-|
1                |-read → 1-|`)
	k := split(ops)[0]
	k.decision = decision{answer: illegal, by: BySearch, last: -1}
	j := &judging{model: m.Survey(ops), ops: ops, options: Options{}.withDefaults(), bytes: 1 << 30, every: 1}
	r := j.conclude(t.Context(), []*keyed{k})
	if r.Verdict != Unknown || !strings.Contains(r.Reason, "search says not linearizable, porcupine says linearizable") {
		t.Errorf("got %s %q", r.Verdict, r.Reason)
	}
	if len(r.Anomalies) != 1 || r.Anomalies[0].Type != EnginesDisagree {
		t.Errorf("got anomalies %+v", r.Anomalies)
	}
}
