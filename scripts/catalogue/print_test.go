package main

import (
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/harness"
	"github.com/jepsen-lite/jepsen-lite/schedule"
	"github.com/jepsen-lite/jepsen-lite/schedule/catalogue"
)

func TestFound(t *testing.T) {
	x := exploration(word(t, "c0 c0 c1"), 9)
	x.First = word(t, "c0 c0 c0 c1 c1")
	x.Searched, x.Shrunk, x.Rate = 1240*time.Millisecond, 2*time.Second, 1
	want := "found in schedule 1, 1.2 s; shrunk from 5 steps to 3 (smallest known: 2), 2.0 s; replayed: 9 of 10"
	if got := found(x, 2); got != want {
		t.Errorf("%q, expected %q", got, want)
	}
	x.Rate = 0.7
	if got := found(x, 2); got != want+"; as it was found: 70 %" {
		t.Errorf("%q", got)
	}
	x.Schedule, x.Schedules = nil, 300
	if got := found(x, 2); got != "not found in 300 schedules, 1.2 s" {
		t.Errorf("%q", got)
	}
}

func TestHeld(t *testing.T) {
	if got := held(exploration(word(t, "c0"), 10)); got != "ALARM in schedule 1: a sentence" {
		t.Errorf("%q", got)
	}
	x := &harness.Exploration{Found: &schedule.Found{Schedules: 300, Unknown: 2, Searched: time.Second}, Verdict: checker.Valid}
	if got := held(x); got != "held in 300 schedules, 2 of them unknown, 1.0 s" {
		t.Errorf("%q", got)
	}
}

func TestCounterpart(t *testing.T) {
	if got := counterpart(catalogue.Bug{Right: "lock"}); got != "lock" {
		t.Error(got)
	}
	b := catalogue.Bug{RightTarget: schedule.Target{Persistence: "aof-always"}}
	b.Plan.Workload.Name = "set"
	if got := counterpart(b); got != "set on aof-always" {
		t.Error(got)
	}
}
