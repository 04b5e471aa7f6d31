package figure

import (
	"fmt"
	"time"

	"github.com/jepsen-lite/jepsen-lite/report/series"
	"github.com/jepsen-lite/jepsen-lite/report/svg"
)

// Throughput draws how many operations a second ended over time: those that
// succeeded below, failed ones and those of unknown outcome on top of them.
func Throughput(s *series.Series, o Options) *svg.Drawing {
	f := newFrame(s, o, 150, 46)
	f.Describe("Operations a second over the time of the run, by outcome, with the faults.")
	captions := []string{fmt.Sprintf("Operations a second, by %s", svg.Duration(float64(s.Width))), "Operations a second", "Ops/s"}
	caption(f.Drawing, captions, s.Counts, swatch(f.Drawing))
	highest := busiest(s)
	if highest == 0 {
		f.nothing("no operation ended")
		f.timeAxis()
		return f.Drawing
	}
	if o.Beside != nil {
		highest = max(highest, busiest(o.Beside))
	}
	scale := svg.Linear{Max: highest * 1.05, From: f.bottom, To: f.top + 4}
	f.valueAxis(scale, 4, svg.Amount)
	f.stack(scale, perSecond(s))
	f.timeAxis()
	return f.Drawing
}

// perSecond turns the count of a slice into a rate.
func perSecond(s *series.Series) float64 { return float64(time.Second) / float64(s.Width) }

// busiest returns the highest rate of a slice.
func busiest(s *series.Series) float64 {
	highest := 0
	for _, slice := range s.Slices {
		highest = max(highest, slice.Total())
	}
	return float64(highest) * perSecond(s)
}

// stack draws an area for each outcome, one on the other. Why the least height: a
// single operation of unknown outcome matters among thousands.
func (f *frame) stack(scale svg.Scale, perSecond float64) {
	const least = 1.5
	ground := make([]float64, len(f.series.Slices))
	for i := range ground {
		ground[i] = f.bottom
	}
	below := make([]int, len(ground))
	for _, out := range outcomes() {
		var p svg.Path
		for i, slice := range f.series.Slices {
			n := out.count(slice.Outcomes)
			if n == 0 {
				continue
			}
			below[i] += n
			from, to := f.at(int64(i)*f.series.Width), f.at(int64(i+1)*f.series.Width)
			top := min(scale.At(float64(below[i])*perSecond), ground[i]-least)
			p.Move(svg.Point{X: from, Y: ground[i]}).Line(svg.Point{X: from, Y: top}).
				Line(svg.Point{X: to, Y: top}).Line(svg.Point{X: to, Y: ground[i]}).Close()
			ground[i] = top
		}
		f.Path(&p, out.area())
	}
}
