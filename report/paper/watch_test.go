package paper

import (
	"slices"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/report/series"
)

// Two faults that overlap, and one that is over at once:
//
//	kill      [100 ──── 200)
//	pause          [150 ──── 300)
//	restart                        [400 ── end of the run at 900)
func TestWatchCountsByWindow(t *testing.T) {
	fault := func(from, to int64, momentary bool) series.Window {
		return series.Window{Fault: series.Fault{From: from, To: to, Momentary: momentary}}
	}
	m := &measured{
		windows:  []series.Window{fault(100, 200, false), fault(150, 300, false), fault(400, 410, true)},
		answered: make([]int, 3), outside: new(spread), under: new(spread),
	}
	saw := history.Int(7)
	m.watch([]history.Op{
		{Call: 99, Return: 101, Outcome: history.OK},
		{Call: 100, Return: 120, Outcome: history.OK},
		{Call: 160, Return: 170, Outcome: history.Fail, Output: saw}, // a mismatch is an answer
		{Call: 199, Return: 205, Outcome: history.Fail},              // a refused dial is none
		{Call: 200, Return: 210, Outcome: history.OK},
		{Call: 299, Return: history.Never, Outcome: history.Info},
		{Call: 300, Return: 310, Outcome: history.Fail},
		{Call: 800, Return: 810, Outcome: history.OK},
	}, 900)
	if want := []int{2, 2, 1}; !slices.Equal(m.answered, want) {
		t.Errorf("answered %v, want %v", m.answered, want)
	}
	if want := (served{answered: 1, called: 2}); m.calm != want {
		t.Errorf("outside %+v, want %+v", m.calm, want)
	}
	if m.outside.total != 1 || m.under.total != 3 {
		t.Errorf("%d latencies outside, %d under faults", m.outside.total, m.under.total)
	}
}
