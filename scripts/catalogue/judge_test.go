package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/harness"
	"github.com/jepsen-lite/jepsen-lite/schedule"
	"github.com/jepsen-lite/jepsen-lite/schedule/catalogue"
)

// word is a schedule of steps alone.
func word(t *testing.T, text string) *schedule.Schedule {
	t.Helper()
	steps, err := schedule.ParseWord(text)
	if err != nil {
		t.Fatal(err)
	}
	return &schedule.Schedule{Steps: steps}
}

// execution is one that a check called broken in some way; empty: in none.
func execution(anomaly string) *schedule.Execution {
	if anomaly == "" {
		return &schedule.Execution{Verdict: checker.Valid}
	}
	broken := checker.Result{Name: "check", Verdict: checker.Invalid, Anomalies: []checker.Anomaly{{Type: anomaly, Explanation: "a sentence"}}}
	return &schedule.Execution{Verdict: checker.Invalid, Results: []checker.Result{broken}}
}

func exploration(s *schedule.Schedule, reproduced int) *harness.Exploration {
	return &harness.Exploration{
		Found:   &schedule.Found{Schedule: s, Execution: execution("lost"), First: s, At: 1, Schedules: 1},
		Verdict: checker.Invalid, Tries: 10, Reproduced: reproduced,
	}
}

// asItMustBe is a bug of which everything is.
func asItMustBe(t *testing.T) result {
	s := word(t, "c0 c0 c1 c1")
	return result{
		bug:      catalogue.Bug{Name: "bug", Right: "right"},
		smallest: s,
		shown:    &harness.Replayed{Verdict: checker.Invalid, Execution: execution("lost"), Times: 1, Reproduced: 1},
		found:    exploration(s, 10),
		right:    &harness.Exploration{Found: &schedule.Found{Schedules: 300}, Verdict: checker.Valid},
		again:    &harness.Replayed{Verdict: checker.Invalid, Execution: execution("lost"), Times: 100, Reproduced: 99},

		foundThere: exploration(s, 10),
	}
}

func TestJudge(t *testing.T) {
	tests := []struct {
		name   string
		change func(*result)
		want   string // empty: nothing is wrong
	}{
		{"as it must be", func(*result) {}, ""},
		{"the smallest does not fail", func(r *result) { r.shown.Verdict = checker.Valid }, "the smallest schedule is valid"},
		{"not found", func(r *result) { r.found.Schedule = nil }, "not found"},
		{"slow", func(r *result) { r.found.Searched, r.found.Shrunk = 40*time.Second, 30*time.Second }, "took 1m10s"},
		{"1.5 times as large", func(r *result) { r.found.Schedule = word(t, "c0 c0 c0 c1 c1 c1") }, ""},
		{"larger", func(r *result) { r.found.Schedule = word(t, "c0 c0 c0 c0 c1 c1 c1") }, "shrunk to 7 steps"},
		{"not each time", func(r *result) { r.found.Reproduced = 9 }, "only 9 of 10"},
		{"an alarm", func(r *result) { r.right = exploration(word(t, "c0"), 10) }, "a false alarm, or right is not right: a sentence"},
		{"mostly unknown", func(r *result) { r.right.Verdict, r.right.Reason = checker.Unknown, "why" }, "right: why"},
		{"seldom there", func(r *result) { r.again.Reproduced = 98 }, "only 98 of 100"},
		{"seldom there, by the clock", func(r *result) { r.again.Reproduced, r.smallest = 98, word(t, "c0 c0 c1 tick:1s") }, ""},
		{"something else there", func(r *result) { r.again.Execution = execution("late") }, "lost in check on the simulator, but late in check on a real server"},
		{"found there, not each time", func(r *result) { r.foundThere.Reproduced = 9 }, "in only 9 of 10"},
		{"no real server", func(r *result) { r.simulated, r.again, r.foundThere = "why", nil, nil }, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := asItMustBe(t)
			test.change(&r)
			got := strings.Join(judge([]result{r}, false), "\n")
			if (got == "") != (test.want == "") || !strings.Contains(got, test.want) {
				t.Errorf("%q, expected %q", got, test.want)
			}
		})
	}
}

func TestTenBugsMustBeFoundOnARealServer(t *testing.T) {
	tried := slices.Repeat([]result{asItMustBe(t)}, enough)
	if mistakes := judge(tried, true); len(mistakes) > 0 {
		t.Error(mistakes)
	}
	tried[3].foundThere = exploration(nil, 0)
	if mistakes := judge(tried, true); len(mistakes) != 1 || !strings.Contains(mistakes[0], "only 9 bugs") {
		t.Error(mistakes)
	}
	if mistakes := judge(tried, false); len(mistakes) > 0 {
		t.Errorf("of some: %v", mistakes)
	}
}

func TestPossibleLeavesOutWhatAProcessCannotDo(t *testing.T) {
	p := schedule.Plan{Faults: []string{"slow-fsync", "tick", "kill", "replicate", "timeout"}}
	if got, want := possible(p).Faults, []string{"tick", "kill", "timeout"}; !slices.Equal(got, want) {
		t.Errorf("%v, expected %v", got, want)
	}
	if p.Faults[0] != "slow-fsync" {
		t.Error("the plan itself was changed")
	}
}

func TestChoose(t *testing.T) {
	all := catalogue.All()
	if bugs, err := choose(""); err != nil || len(bugs) != len(all) {
		t.Errorf("%d bugs, %v", len(bugs), err)
	}
	if bugs, err := choose(all[1].Name); err != nil || len(bugs) != 1 || bugs[0].Name != all[1].Name {
		t.Errorf("%v, %v", bugs, err)
	}
	if _, err := choose("nonsense"); err == nil || !strings.Contains(err.Error(), all[0].Name) {
		t.Errorf("%v", err)
	}
}
