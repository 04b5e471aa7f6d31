package series

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/history"
)

// drawHistory draws operations of a few processes, by call.
func drawHistory(t *rapid.T) *history.History {
	h := &history.History{Ended: rapid.Bool().Draw(t, "ended")}
	now := rapid.Int64Range(0, 5e9).Draw(t, "start")
	for i := range rapid.IntRange(0, 60).Draw(t, "operations") {
		now += rapid.Int64Range(0, 2e8).Draw(t, "pause")
		op := history.Op{
			F: rapid.SampledFrom([]string{"read", "write", "cas"}).Draw(t, "f"), Call: now, Return: history.Never,
			Outcome: rapid.SampledFrom([]history.Type{history.OK, history.OK, history.Fail, history.Info}).Draw(t, "outcome"),
			Process: history.Process(i), Invoked: 2 * i, Completed: 2*i + 1,
		}
		switch took := rapid.Int64Range(0, 3e9).Draw(t, "took"); {
		case op.Outcome != history.Info:
			op.Return = now + took
		case rapid.Bool().Draw(t, "open"):
			op.Completed = -1
		default:
			op.GaveUp = now + took
		}
		h.Ops = append(h.Ops, op)
	}
	return h
}

func drawIncidents(t *rapid.T) []checker.Incident {
	var all []checker.Incident
	now := int64(0)
	for range rapid.IntRange(0, 12).Draw(t, "incidents") {
		now += rapid.Int64Range(0, 2e9).Draw(t, "wait")
		x := checker.Incident{
			TimeNS: now, TookNS: rapid.Int64Range(0, 1e8).Draw(t, "took"),
			F:     rapid.SampledFrom([]string{"kill", "pause", "restart"}).Draw(t, "fault"),
			Where: rapid.SampledFrom([]string{"n1", "n2", "n1,n2", ""}).Draw(t, "where"),
			Noise: rapid.IntRange(0, 9).Draw(t, "noise") == 0,
		}
		if rapid.Bool().Draw(t, "heals") {
			x.Heals, x.F = x.F, "start"
		}
		all = append(all, x)
	}
	return all
}

func TestSlicesCountEveryOperationThatEnded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := drawHistory(t)
		s := Of(h, drawIncidents(t))
		if len(s.Slices) > MaxSlices || int64(len(s.Slices)-1)*s.Width > s.End {
			t.Fatalf("%d slices of %d to %d", len(s.Slices), s.Width, s.End)
		}
		took := make([][]int64, len(s.Slices))
		var want, sum Outcomes
		for i := range h.Ops {
			if op := &h.Ops[i]; op.Completed >= 0 {
				want.Count(op.Outcome)
				if op.Outcome == history.OK {
					took[op.Return/s.Width] = append(took[op.Return/s.Width], op.Return-op.Call)
				}
			}
		}
		for i, slice := range s.Slices {
			sum = Outcomes{sum.OK + slice.OK, sum.Fail + slice.Fail, sum.Info + slice.Info}
			slices.Sort(took[i])
			if slice.OK != len(took[i]) || slice.Quantiles != quantiles(took[i]) {
				t.Fatalf("slice %d is %+v of %v", i, slice, took[i])
			}
		}
		if sum != want {
			t.Fatalf("slices hold %+v of %+v", sum, want)
		}
		if s.Counts.Total() != len(h.Ops) {
			t.Fatalf("counted %+v of %d operations", s.Counts, len(h.Ops))
		}
	})
}

func TestHistogramsCountEverySuccess(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := drawHistory(t)
		s := Of(h, nil)
		for _, histogram := range s.Histograms {
			if len(histogram.Counts) != len(s.Histograms[0].Counts) {
				t.Fatal("histograms differ in length")
			}
			want := make([]int, len(histogram.Counts))
			for i := range h.Ops {
				if op := &h.Ops[i]; op.Outcome == history.OK && op.F == s.Operations[histogram.Operation] {
					part := 0
					for part+1 < len(want) && Bound(part+1) <= op.Return-op.Call {
						part++
					}
					want[part]++
				}
			}
			if !slices.Equal(histogram.Counts, want) {
				t.Fatalf("%v, want %v", histogram.Counts, want)
			}
		}
	})
}

func TestWindowsAreWhatTheirContractSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := drawHistory(t)
		s := Of(h, drawIncidents(t))
		for i, w := range s.Windows {
			f := s.Faults[i]
			if w.Fault != f || f.From < 0 || f.To < f.From || f.To > s.End {
				t.Fatalf("window %d of %+v is %+v, in a run until %d", i, f, w, s.End)
			}
			if want := plainWindow(h, s, f); w != want {
				t.Fatalf("window is %+v, want %+v", w, want)
			}
		}
	})
}

// plainWindow reads the contract word for word.
func plainWindow(h *history.History, s *Series, f Fault) Window {
	w := Window{Fault: f, FirstSuccess: -1}
	from, to := f.From, f.To
	if f.Momentary {
		to = max(f.To, min(f.From+int64(time.Second), s.End))
	}
	ends := []int64{from, to}
	for i := range h.Ops {
		op := &h.Ops[i]
		if op.Call >= from && op.Call < to {
			w.Count(op.Outcome)
		}
		if op.Outcome != history.OK {
			continue
		}
		if op.Return >= from && op.Return <= to {
			ends = append(ends, op.Return)
		}
		if op.Call >= f.To && (w.FirstSuccess < 0 || op.Return-f.To < w.FirstSuccess) {
			w.FirstSuccess = op.Return - f.To
		}
	}
	slices.Sort(ends)
	for i := range ends[1:] {
		w.LongestGap = max(w.LongestGap, ends[i+1]-ends[i])
	}
	return w
}

func TestPointsAreThinned(t *testing.T) {
	const n = 4*MaxPoints + 17
	h := &history.History{}
	for i := range n {
		op := history.Op{F: "read", Call: int64(i) * 1e6, Outcome: history.OK, Invoked: 2 * i, Completed: 2*i + 1}
		op.Return = op.Call + int64(i*7919%1000)*1000
		switch {
		case i%500 == 3:
			op.Outcome, op.Return, op.GaveUp = history.Info, history.Never, op.Call+5e6
		case i%10 == 3:
			op.Outcome = history.Fail
		}
		h.Ops = append(h.Ops, op)
	}
	s, again := Of(h, nil), Of(h, nil)
	if len(s.Points) != MaxPoints || !slices.Equal(s.Points, again.Points) {
		t.Fatalf("%d points, the second time %d", len(s.Points), len(again.Points))
	}
	if !slices.IsSortedFunc(s.Points, func(a, b Point) int { return int(a.Call - b.Call) }) {
		t.Error("points are not by call")
	}
	infos := 0
	for _, p := range s.Points {
		if p.Outcome == history.Info {
			infos++
		}
	}
	if infos != s.Counts.Info {
		t.Errorf("%d of %d rare outcomes are drawn", infos, s.Counts.Info)
	}
	for i, slice := range s.Slices {
		slowest := int64(-1)
		for _, p := range s.Points {
			if p.Outcome == history.OK && s.slice(p.Call+p.Took) == i {
				slowest = max(slowest, p.Took)
			}
		}
		if slice.OK > 0 && slowest != slice.Max {
			t.Fatalf("the slowest of slice %d took %d, and drawn is %d", i, slice.Max, slowest)
		}
	}
}

func TestSeriesOfLittle(t *testing.T) {
	empty := Of(&history.History{}, nil)
	if len(empty.Slices) != 1 || empty.Width < 1 || len(empty.Points)+len(empty.Faults)+len(empty.Histograms) != 0 {
		t.Errorf("of nothing: %+v", empty)
	}
	infos := Of(&history.History{Ops: []history.Op{
		{F: "write", Call: 5, Return: history.Never, Outcome: history.Info, Completed: -1},
		{F: "write", Call: 7, Return: history.Never, Outcome: history.Info, GaveUp: 90, Completed: 2},
	}}, []checker.Incident{{TimeNS: 500, F: "kill", Where: "n1"}})
	if infos.End != 500 || infos.Counts != (Outcomes{Info: 2}) || infos.Points[0].Took != 495 || infos.Points[1].Took != 83 {
		t.Errorf("of infos: %+v", infos)
	}
	if w := infos.Windows[0]; w.FirstSuccess != -1 || w.Share() != 0 || w.LongestGap != 0 || w.Fault.Healed {
		t.Errorf("window: %+v", w)
	}
}

func TestWidthIsRound(t *testing.T) {
	for end, want := range map[int64]time.Duration{
		0: 1, int64(time.Second): 10 * time.Millisecond, int64(30 * time.Second): 500 * time.Millisecond,
		int64(24 * time.Hour): 1000 * time.Second,
	} {
		if got := width(end); got != int64(want) {
			t.Errorf("%v: %v, want %v", time.Duration(end), time.Duration(got), want)
		}
	}
}
