package figure

import (
	"fmt"
	"math"
	"strconv"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/report/svg"
)

const (
	// maxLanes bounds how many processes are drawn.
	maxLanes   = 60
	labelRow   = 13.0
	barHeight  = 10.0
	laneGap    = 11.0
	cutWidth   = 84.0
	openBeyond = 26.0 // how far bars of unknown outcome go beyond the last event
)

// Witness draws the operations that prove an anomaly: a lane for each process, a bar
// from each call to its return, the faults behind. Long pauses are cut out of the
// axis. A line stands where the last of them returned: from there on no order of them
// explains all results. Below is an order that explains the others, with the states
// between, where it is known.
func Witness(p Proof, o Options) *svg.Drawing {
	if len(p.Operations) == 0 {
		d := svg.New(o.ID, svg.Size{Width: o.width(), Height: 40})
		d.Text(svg.Point{X: o.width() / 2, Y: 24}, "no operation of this anomaly is in the history", minor(svg.Middle))
		return d
	}
	w := newTimeline(p, o)
	w.Describe("The operations that prove the anomaly " + p.Title() + ", with the faults.")
	w.caption()
	w.axis()
	w.pauses()
	for i := range w.lanes {
		w.lane(&w.lanes[i])
	}
	w.mark()
	w.order()
	return w.Drawing
}

// timeline is a witness being drawn.
type timeline struct {
	*frame
	proof   Proof
	times   *Axis
	lanes   []lane
	dropped int // processes for which there is no room
}

func newTimeline(p Proof, o Options) *timeline {
	w := &timeline{proof: p}
	rows := faultRows(p.Faults)
	names := nameWidth(rows)
	for _, op := range p.Operations {
		names = max(names, svg.Width(laneName(op.Process), major("")))
	}
	f := &frame{Drawing: svg.New(o.ID, svg.Size{Width: o.width()}), left: names + 14, right: o.width() - edge}
	w.frame = f
	w.times = NewAxis(p.Operations, f.left+4, f.right-openBeyond, cutWidth)
	f.at = w.times.At
	f.top = legendHeight + faultsHeight(rows) + 16
	w.lanes, w.dropped = lanesOf(p, f)
	f.bottom = f.top + 4
	for i := range w.lanes {
		w.lanes[i].top = f.bottom
		f.bottom += w.lanes[i].height()
	}
	f.Size.Height = f.bottom + 36
	f.bands(p.Faults)
	f.faultBars(rows)
	return w
}

func (w *timeline) caption() {
	x := w.right
	if scale := svg.RoundUp(w.times.perPlace * 34); w.times.perPlace > 0 {
		width := scale / w.times.perPlace
		label := svg.Duration(scale)
		w.Text(svg.Point{X: x, Y: 11}, label, minor(svg.End))
		x -= svg.Width(label, minor("")) + 6
		line := svg.Style{Stroke: svg.Muted}
		w.Line(svg.Point{X: x - width, Y: 7.5}, svg.Point{X: x, Y: 7.5}, line)
		w.Line(svg.Point{X: x - width, Y: 4.5}, svg.Point{X: x - width, Y: 10.5}, line)
		w.Line(svg.Point{X: x, Y: 4.5}, svg.Point{X: x, Y: 10.5}, line)
		x -= width + 12
	}
	text := w.proof.Title()
	if w.dropped > 0 {
		text += fmt.Sprintf(" (%d processes more)", w.dropped)
	}
	bold := major("")
	bold.Bold = true
	w.Text(svg.Point{Y: 11}, svg.Fit(text, x, bold), bold)
}

// axis draws the lower edge, with the time at which each cluster of operations begins.
func (w *timeline) axis() {
	free := 0.0
	for _, c := range w.times.Clusters() {
		from, to := svg.Point{X: c.Left - 4, Y: w.bottom}, svg.Point{X: c.Right + 4, Y: w.bottom}
		w.Line(from, to, svg.Style{Stroke: svg.Rule})
		label := Moment(c)
		width := svg.Width(label, minor(""))
		x := min(c.Left, w.Size.Width-width)
		if x < free {
			continue
		}
		free = x + width + 8
		w.Line(svg.Point{X: c.Left, Y: w.bottom}, svg.Point{X: c.Left, Y: w.bottom + 4}, svg.Style{Stroke: svg.Rule})
		w.Text(svg.Point{X: x, Y: w.bottom + 14}, label, minor(""))
	}
}

// pauses draws where the axis is cut, and how long that is.
func (w *timeline) pauses() {
	labels := below{drawing: w.Drawing, y: w.bottom + 27}
	for _, p := range w.times.Pieces {
		if !p.Cut {
			continue
		}
		var dots svg.Path
		for x := p.Left + 9; x < p.Right-6; x += 5 {
			dots.Dot(svg.Point{X: x, Y: w.bottom})
		}
		w.Path(&dots, svg.Style{Stroke: svg.Rule, Width: 1.6, Round: true})
		labels.write((p.Left+p.Right)/2, svg.Duration(float64(p.To-p.From)))
	}
}

// mark draws the line at which the anomaly is certain.
func (w *timeline) mark() {
	if w.proof.Broken < 0 {
		return
	}
	x := w.at(w.proof.Operations[w.proof.Broken].Return)
	w.Line(svg.Point{X: x, Y: w.top - 3}, svg.Point{X: x, Y: w.bottom}, svg.Style{Stroke: svg.Violation, Width: 1.2, Dash: "3 2"})
	label, t := "violation", svg.Type{Size: small, Colour: svg.Violation, Bold: true, Anchor: svg.Middle}
	half := svg.Width(label, t) / 2
	w.Text(svg.Point{X: max(half, min(x, w.Size.Width-half)), Y: w.top - 6}, label, t)
}

// order draws the steps of the order as lines of text.
func (w *timeline) order() {
	if w.proof.Order == nil {
		return
	}
	y := w.Size.Height + 12
	line := func(number, text, state string, t svg.Type) {
		w.Text(svg.Point{X: 10, Y: y}, number, minor(svg.Middle))
		w.Titled(text, func() { w.Text(svg.Point{X: 22, Y: y}, svg.Fit(text, w.Size.Width*0.5-30, t), t) })
		w.Titled(state, func() {
			w.Text(svg.Point{X: w.Size.Width * 0.5, Y: y}, svg.Fit(state, w.Size.Width*0.5-edge, minor("")), minor(""))
		})
		y += 16
	}
	line("", "An order that explains the rest", "state: "+w.proof.Start+" at first", minor(""))
	w.Line(svg.Point{Y: y - 11}, svg.Point{X: w.right, Y: y - 11}, svg.Style{Stroke: svg.Grid})
	y += 2
	for i, step := range w.proof.Order {
		line(strconv.Itoa(i+1), w.proof.Operations[step.Operation].Text, "then: "+step.State, major(""))
	}
	broken := w.proof.Operations[w.proof.Broken]
	w.Path(new(svg.Path).Cross(svg.Point{X: 10, Y: y - 3.5}, 3), svg.Style{Stroke: svg.Violation, Width: 1.6, Round: true})
	line("", broken.Text, "fits in no order", svg.Type{Size: normal, Bold: true})
	w.Size.Height = math.Ceil(y)
}

func laneName(process int) string {
	if process < 0 {
		return history.Process(process).String()
	}
	return "process " + strconv.Itoa(process)
}
