package figure

import (
	"github.com/jepsen-lite/jepsen-lite/report/series"
	"github.com/jepsen-lite/jepsen-lite/report/svg"
)

// Options say how to draw. The zero value is for a file.
type Options struct {
	// ID tells a drawing from the others of its page.
	ID string
	// Width is in pixels; 720 if zero, and at least 320.
	Width float64
	// Beside, where it is not nil, makes the scales long enough for that series as
	// well, so that the pictures of two runs can be compared.
	Beside *series.Series
}

func (o Options) width() float64 {
	if o.Width == 0 {
		return 720
	}
	return max(o.Width, 320)
}

// Sizes of text, in pixels. Nothing is smaller than small.
const (
	small  = 9.5
	normal = 10.5
)

func minor(a svg.Anchor) svg.Type { return svg.Type{Size: small, Colour: svg.Muted, Anchor: a} }
func major(a svg.Anchor) svg.Type { return svg.Type{Size: normal, Anchor: a} }

// frame is a plot over the time of a run: the legend on top, the faults below it, the
// field with the axes.
type frame struct {
	*svg.Drawing
	series *series.Series
	time   svg.Linear
	// at is where a time is drawn.
	at func(ns int64) float64
	// The field.
	left, right, top, bottom float64
}

// Measures of a frame.
const (
	legendHeight = 22.0
	axisHeight   = 20.0
	edge         = 12.0 // to the right of what has nothing there
	// beside is to the right of a field: labels of lines. It is the same for every
	// frame, so that the times of pictures that stand one below the other agree.
	beside = 40.0
)

// newFrame draws all but the field's values: field is its height, least what is
// needed to its left.
func newFrame(s *series.Series, o Options, field, least float64) *frame {
	rows := faultRows(s.Faults)
	f := &frame{series: s, left: max(least, nameWidth(rows)) + 10, right: o.width() - beside}
	f.top = legendHeight + faultsHeight(rows)
	f.bottom = f.top + field
	f.Drawing = svg.New(o.ID, svg.Size{Width: o.width(), Height: f.bottom + axisHeight})
	end := s.End
	if o.Beside != nil {
		end = max(end, o.Beside.End)
	}
	f.time = svg.Linear{Max: float64(max(end, 1)), From: f.left, To: f.right}
	f.at = func(ns int64) float64 { return f.time.At(float64(ns)) }
	f.bands(s.Faults)
	f.faultBars(rows)
	return f
}

// timeAxis draws the lower edge of the field with its ticks.
func (f *frame) timeAxis() {
	f.Line(svg.Point{X: f.left, Y: f.bottom}, svg.Point{X: f.right, Y: f.bottom}, svg.Style{Stroke: svg.Rule})
	labels := below{drawing: f.Drawing, y: f.bottom + 15}
	for _, t := range svg.TimeTicks(f.time.Max, int((f.right-f.left)/70)) {
		x := f.time.At(t.Value)
		f.Line(svg.Point{X: x, Y: f.bottom}, svg.Point{X: x, Y: f.bottom + 4}, svg.Style{Stroke: svg.Rule})
		labels.write(x, t.Label)
	}
}

// valueAxis draws horizontal lines with their labels to the left of the field.
func (f *frame) valueAxis(scale svg.Scale, most int, label func(float64) string) {
	for _, v := range scale.Ticks(most) {
		y := scale.At(v)
		f.Line(svg.Point{X: f.left, Y: y}, svg.Point{X: f.right, Y: y}, svg.Style{Stroke: svg.Grid})
		f.Text(svg.Point{X: f.left - 7, Y: y + 3.3}, label(v), minor(svg.End))
	}
}

// nothing says in the middle of the field why there is nothing in it.
func (f *frame) nothing(why string) {
	f.Text(svg.Point{X: (f.left + f.right) / 2, Y: (f.top + f.bottom) / 2}, why, minor(svg.Middle))
}
