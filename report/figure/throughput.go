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
	bars, width := barsOf(s)
	captions := []string{fmt.Sprintf("Operations a second, by %s", svg.Duration(float64(width))), "Operations a second", "Ops/s"}
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
	perSecond := perSecond(width)
	scale := svg.Linear{Max: highest * 1.05, From: f.bottom, To: f.top + 4}
	f.valueAxis(scale, 4, svg.Amount)
	for _, area := range stack(bars, func(n int) float64 { return scale.At(float64(n) * perSecond) }) {
		var p svg.Path
		for _, part := range area.parts {
			from, to := f.at(int64(part.bar)*width), f.at(int64(part.bar+1)*width)
			p.Move(svg.Point{X: from, Y: part.bottom}).Line(svg.Point{X: from, Y: part.top}).
				Line(svg.Point{X: to, Y: part.top}).Line(svg.Point{X: to, Y: part.bottom}).Close()
		}
		f.Path(&p, area.area())
	}
	f.timeAxis()
	return f.Drawing
}

// perSecond turns the count of a bar that is so long into a rate.
func perSecond(width int64) float64 { return float64(time.Second) / float64(width) }

// busiest returns the highest rate of a bar.
func busiest(s *series.Series) float64 {
	bars, width := barsOf(s)
	highest := 0
	for _, bar := range bars {
		highest = max(highest, bar.Total())
	}
	return float64(highest) * perSecond(width)
}

// barsOf returns the slices, or where there are few operations for each of them ten
// together, and how long one is.
func barsOf(s *series.Series) (bars []series.Outcomes, width int64) {
	const few, together = 3, 10
	times := 1
	if s.Counts.Total() < few*len(s.Slices) {
		times = together
	}
	bars = make([]series.Outcomes, (len(s.Slices)+times-1)/times)
	for i, slice := range s.Slices {
		bar := &bars[i/times]
		bar.OK, bar.Fail, bar.Info = bar.OK+slice.OK, bar.Fail+slice.Fail, bar.Info+slice.Info
	}
	return bars, int64(times) * s.Width
}

// layer is what is drawn of an outcome.
type layer struct {
	outcome
	parts []part
}

// part is a layer's part of a bar.
type part struct {
	bar         int
	top, bottom float64
}

// stack puts the outcomes of each bar one on the other: at gives the height of a
// count. Why the least height: a single operation of unknown outcome matters among
// thousands.
func stack(bars []series.Outcomes, at func(n int) float64) (layers []layer) {
	const least = 1.5
	ground, below := make([]float64, len(bars)), make([]int, len(bars))
	for i := range ground {
		ground[i] = at(0)
	}
	for _, out := range outcomes() {
		l := layer{outcome: out}
		for i, bar := range bars {
			if n := out.count(bar); n > 0 {
				below[i] += n
				top := min(at(below[i]), ground[i]-least)
				l.parts = append(l.parts, part{i, top, ground[i]})
				ground[i] = top
			}
		}
		layers = append(layers, l)
	}
	return layers
}
