package main

import (
	"bytes"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/harness"
	"github.com/jepsen-lite/jepsen-lite/history"
)

func TestStatusLineSaysWhatMatters(t *testing.T) {
	counts := history.Counts{OK: 4200, Fail: 17, Info: 3}
	for _, test := range []struct {
		status harness.Status
		want   string
	}{
		{harness.Status{Phase: "starting"}, "  0.0 s  starting  0 ok 0 fail 0 info  0 faults"},
		{harness.Status{Phase: "running", Elapsed: 3200 * time.Millisecond, Limit: 20 * time.Second, Counts: counts, PerSecond: 1987.6, Faults: 2, Doing: "pause n1"},
			"  3.2 s of 20s   1988 ops/s  4200 ok 17 fail 3 info  2 faults  pause n1"},
		{harness.Status{Phase: "judging", Elapsed: 21 * time.Second, Counts: counts, Faults: 2}, " 21.0 s  judging  4200 ok 17 fail 3 info  2 faults"},
	} {
		if got := statusLine(test.status); got != test.want {
			t.Errorf("got  %q\nwant %q", got, test.want)
		}
	}
}

func TestProgressOffATerminalIsALineNowAndThen(t *testing.T) {
	var out bytes.Buffer
	p := newProgress(&out, false)
	p.show("too soon")
	p.last = p.last.Add(-plainEvery)
	p.show("first")
	p.show("too soon")
	p.last = p.last.Add(-plainEvery)
	p.began = p.began.Add(-time.Minute)
	p.judging("linearizable(set)", 3, 8)
	p.done()
	if want := "first\n 60.0 s  linearizable(set): 3 of 8 keys\n"; out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
}

func TestQuietShowsNoProgress(t *testing.T) {
	var out bytes.Buffer
	p := newProgress(&out, true)
	p.last = p.last.Add(-time.Hour)
	p.show("something")
	p.done()
	if out.Len() > 0 {
		t.Errorf("got %q", out.String())
	}
}
