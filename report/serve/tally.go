package serve

import (
	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/report/series"
)

// tally counts the events of a run as they come. What it holds is bounded, however
// long the run is.
type tally struct {
	Counts  series.Outcomes
	open    int   // operations that were invoked and have no outcome yet
	Last    int64 // when the newest event was
	ended   bool
	Unread  int // lines that were not understood
	fine    []series.Outcomes
	width   int64 // of each of fine
	nemesis []history.Event
	dropped int // of the nemesis' events, the oldest
}

const (
	// finest is how short a time is counted apart, in nanoseconds.
	finest = int64(10e6)
	// maxFine bounds how many such times there are: ten for each slice of a picture,
	// so that slices of 1, 2 or 5 times a power of ten can be made of them.
	maxFine = 10 * series.MaxSlices
	// maxNemesis bounds the events of the nemesis that are kept, a thousand faults.
	maxNemesis = 2000
)

func newTally() *tally { return &tally{width: finest} }

// line counts a line of the history.
func (t *tally) line(text []byte) {
	e, err := history.ParseEvent(text)
	if err != nil {
		t.Unread++
		return
	}
	t.Last = max(t.Last, e.Time)
	switch {
	case e.Process == history.Nemesis && e.F == history.End:
		t.ended = true
	case e.Process == history.Nemesis:
		t.nemesis = append(t.nemesis, e)
		if len(t.nemesis) > maxNemesis {
			t.dropped += maxNemesis / 2
			t.nemesis = append(t.nemesis[:0], t.nemesis[maxNemesis/2:]...)
		}
	case e.Type == history.Invoke:
		t.open++
	default:
		t.open = max(0, t.open-1)
		t.complete(e.Time, e.Type)
	}
}

func (t *tally) complete(at int64, outcome history.Type) {
	for at/t.width >= int64(maxFine) {
		t.coarsen()
	}
	i := int(max(0, at) / t.width)
	for len(t.fine) <= i {
		t.fine = append(t.fine, series.Outcomes{})
	}
	for _, o := range []*series.Outcomes{&t.Counts, &t.fine[i]} {
		o.Count(outcome)
	}
}

// coarsen makes one of ten.
func (t *tally) coarsen() {
	t.width *= 10
	t.fine = merged(t.fine, 10)
}

// merged adds up each so many, the last ones as many as there are.
func merged(fine []series.Outcomes, times int) []series.Outcomes {
	coarse := make([]series.Outcomes, (len(fine)+times-1)/times)
	for i, o := range fine {
		to := &coarse[i/times]
		to.OK, to.Fail, to.Info = to.OK+o.OK, to.Fail+o.Fail, to.Info+o.Info
	}
	return coarse
}

// series returns what happened so far, without how long operations took. Its faults
// are those of the events that were kept.
func (t *tally) series() *series.Series {
	h := &history.History{Nemesis: t.nemesis, Ended: t.ended}
	s := series.Of(h, checker.Incidents(h))
	s.End, s.Counts = max(t.Last, s.End), t.Counts
	times := 1
	for _, times = range []int{1, 2, 5, 10} {
		if s.End/(t.width*int64(times)) < series.MaxSlices {
			break
		}
	}
	s.Width = t.width * int64(times)
	s.Slices = make([]series.Slice, s.End/s.Width+1)
	for i, o := range merged(t.fine, times) {
		if i < len(s.Slices) {
			s.Slices[i].Outcomes = o
		}
	}
	return s
}

// rate is how many operations ended per second, over the last second that is past.
func (t *tally) rate() (o series.Outcomes) {
	span := max(int64(1e9), t.width)
	to := t.Last / t.width
	for i := max(0, to-span/t.width); i < to && i < int64(len(t.fine)); i++ {
		o.OK, o.Fail, o.Info = o.OK+t.fine[i].OK, o.Fail+t.fine[i].Fail, o.Info+t.fine[i].Info
	}
	perSecond := func(n int) int { return int(int64(n) * int64(1e9) / span) }
	return series.Outcomes{OK: perSecond(o.OK), Fail: perSecond(o.Fail), Info: perSecond(o.Info)}
}
