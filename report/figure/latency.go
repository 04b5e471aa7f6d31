package figure

import (
	"fmt"
	"math"
	"slices"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/report/series"
	"github.com/jepsen-lite/jepsen-lite/report/svg"
)

// Latency draws how long clients waited over time: a mark for each operation, by
// outcome, and lines of the quantiles of those that succeeded.
func Latency(s *series.Series, o Options) *svg.Drawing {
	f := newFrame(s, o, 230, 46)
	f.Describe("How long operations took over the time of the run, by outcome, with the faults.")
	captions := []string{"Latency, log scale", "Latency"}
	if n := s.Counts.Total(); n > len(s.Points) {
		drawn := fmt.Sprintf("Latency, log scale; %s of %s operations drawn", svg.Count(len(s.Points)), svg.Count(n))
		captions = append([]string{drawn + ", lines are of all", drawn}, captions...)
	}
	caption(f.Drawing, captions, s.Counts, func(out outcome, at svg.Point) {
		var p svg.Path
		out.mark(&p, at, 1)
		style := out.marks()
		if out.of == history.OK {
			style.Width = 4
		}
		f.Path(&p, style)
	})
	if len(s.Points) == 0 {
		f.nothing("no operations")
		f.timeAxis()
		return f.Drawing
	}
	scale := latencyScale(s)
	if o.Beside != nil && len(o.Beside.Points) > 0 {
		other := latencyScale(o.Beside)
		scale.Min, scale.Max = min(scale.Min, other.Min), max(scale.Max, other.Max)
	}
	scale.From, scale.To = f.bottom, f.top+4
	f.valueAxis(scale, 7, svg.Duration)
	f.points(scale)
	f.timeAxis()
	f.quantiles(scale)
	return f.Drawing
}

// latencyScale reaches from the quickest to the slowest that is drawn.
func latencyScale(s *series.Series) svg.Logarithmic {
	low, high := math.MaxFloat64, 1.0
	for _, p := range s.Points {
		low, high = min(low, float64(max(p.Took, 1))), max(high, float64(p.Took))
	}
	for _, slice := range s.Slices {
		if slice.OK > 0 {
			low, high = min(low, float64(max(slice.P50, 1))), max(high, float64(slice.Max))
		}
	}
	return svg.Logarithmic{Min: min(low*0.8, high/10), Max: high * 1.25}
}

// mark adds an operation's mark to a path: a dot, a cross or a triangle.
func (o outcome) mark(p *svg.Path, at svg.Point, size float64) {
	switch o.of {
	case history.OK:
		p.Dot(at)
	case history.Fail:
		p.Cross(at, 2*size)
	default:
		p.Triangle(at, 3.4*size)
	}
}

// marks is how marks of the outcome look.
func (o outcome) marks() svg.Style {
	switch o.of {
	case history.OK:
		return svg.Style{Stroke: o.colour, Width: 2.4, Round: true}
	case history.Fail:
		return svg.Style{Stroke: o.colour, Width: 1}
	default:
		return svg.Style{Stroke: o.colour, Fill: svg.Paper, Width: 1.3}
	}
}

// manyMarks is from how many operations of an outcome on each has a fainter mark.
const manyMarks = 200

// points draws the operations, each place once.
func (f *frame) points(scale svg.Scale) {
	for _, out := range outcomes() {
		var places []svg.Point
		taken := map[svg.Point]bool{}
		for _, op := range f.series.Points {
			at := svg.Point{X: math.Round(2*f.at(op.Call)) / 2, Y: math.Round(2*scale.At(float64(max(op.Took, 1)))) / 2}
			if op.Outcome == out.of && !taken[at] {
				taken[at] = true
				places = append(places, at)
			}
		}
		style, size := out.marks(), 1.0
		if len(places) > manyMarks {
			style.Opacity = 0.5
			if out.of == history.Info {
				style.Fill, style.Width, size = svg.None, 0.9, 0.7
			}
		}
		var p svg.Path
		for _, at := range places {
			out.mark(&p, at, size)
		}
		f.Path(&p, style)
	}
}

// quantile is a line of the picture.
type quantile struct {
	name  string
	of    func(series.Slice) int64
	style svg.Style
	y     float64 // of its label
}

func quantileLines() []*quantile {
	return []*quantile{
		{name: "max", of: func(s series.Slice) int64 { return s.Max }, style: svg.Style{Stroke: svg.Muted, Width: 0.7}},
		{name: "99 %", of: func(s series.Slice) int64 { return s.P99 }, style: svg.Style{Stroke: svg.Ink, Width: 0.8, Dash: "1 1.5"}},
		{name: "95 %", of: func(s series.Slice) int64 { return s.P95 }, style: svg.Style{Stroke: svg.Ink, Width: 0.8, Dash: "4 2"}},
		{name: "50 %", of: func(s series.Slice) int64 { return s.P50 }, style: svg.Style{Stroke: svg.Ink, Width: 1.6}},
	}
}

// fewForLines is below how many operations quantiles say nothing that the marks do
// not.
const fewForLines = 100

func (f *frame) quantiles(scale svg.Scale) {
	if f.series.Counts.OK < fewForLines {
		return
	}
	lines := quantileLines()
	for _, q := range lines {
		var p svg.Path
		broken := true
		for i, slice := range f.series.Slices {
			if slice.OK == 0 {
				broken = true
				continue
			}
			from := int64(i) * f.series.Width
			at := svg.Point{X: f.at(from + f.series.Width/2), Y: scale.At(float64(max(q.of(slice), 1)))}
			q.y = at.Y
			switch {
			case !broken:
				p.Line(at)
			case i+1 == len(f.series.Slices) || f.series.Slices[i+1].OK == 0: // alone
				p.Move(svg.Point{X: f.at(from), Y: at.Y}).Line(svg.Point{X: f.at(from + f.series.Width), Y: at.Y})
			default:
				p.Move(at)
			}
			broken = false
		}
		f.Path(&p, q.style)
	}
	spread(lines, 11, f.top+4, f.bottom)
	for _, q := range lines {
		f.Text(svg.Point{X: f.at(f.series.End) + 5, Y: q.y + 3.2}, q.name, minor(svg.Start))
	}
}

// spread moves labels apart, keeping their order: those of the larger values are
// above.
func spread(lines []*quantile, apart, top, bottom float64) {
	for i, q := range lines {
		if i > 0 {
			q.y = max(q.y, lines[i-1].y+apart)
		} else {
			q.y = max(q.y, top)
		}
	}
	for i, q := range slices.Backward(lines) {
		if i == len(lines)-1 {
			q.y = min(q.y, bottom)
		} else {
			q.y = min(q.y, lines[i+1].y-apart)
		}
	}
}
