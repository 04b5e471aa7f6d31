package figure

import (
	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/report/svg"
)

// lane is a process' row of a witness.
type lane struct {
	process int
	top     float64
	bars    []bar
	rows    int // of labels
}

// bar is an operation with its place.
type bar struct {
	Operation
	left, right float64
	broken      bool
	label       string
	labelX      float64
	row         int // of the label, from the bar upwards
}

// maxLabelRows bounds how many rows of labels a lane has, widestLabel how wide one is.
const (
	maxLabelRows = 3
	widestLabel  = 340.0
)

func (l *lane) height() float64 { return float64(l.rows)*labelRow + barHeight + laneGap }

// lanesOf gives each process a lane, by first call.
func lanesOf(p Proof, f *frame) (lanes []lane, dropped int) {
	numbers := map[int]int{}
	for i, op := range p.Operations {
		at, known := numbers[op.Process]
		if !known {
			if at = len(lanes); at == maxLanes {
				at = -1
				dropped++
			} else {
				lanes = append(lanes, lane{process: op.Process})
			}
			numbers[op.Process] = at
		}
		if at < 0 {
			continue
		}
		b := bar{Operation: op, left: f.at(op.Call), right: f.right, broken: i == p.Broken}
		if op.Return != history.Never {
			b.right = max(f.at(op.Return), b.left+3)
		}
		lanes[at].bars = append(lanes[at].bars, b)
	}
	right := f.right
	if p.Broken >= 0 {
		right = f.at(p.Operations[p.Broken].Return) - 5 // texts do not cross its line
	}
	for i := range lanes {
		lanes[i].label(f.left, right)
	}
	return lanes, dropped
}

// label finds a place for each bar's text: above the bar, from its beginning on, and
// further left where the edge is near. Texts that are in each other's way are put one
// above the other, or shortened.
func (l *lane) label(left, right float64) {
	const apart, least, enough = 8.0, 22.0, 140.0
	ends := [maxLabelRows]float64{left, left, left}
	l.rows = 1
	for i := range l.bars {
		b := &l.bars[i]
		text := svg.Fit(b.Text, min(widestLabel, right-left, max(right-b.left, enough)), b.labelType())
		width := svg.Width(text, b.labelType())
		b.row = -1
		for row := range ends {
			if x := min(max(b.left, ends[row]), right-width); x >= ends[row] && x <= b.left+2 {
				b.row, b.labelX, b.label = row, x, text
				break
			}
		}
		for row := 0; b.row < 0 && row < maxLabelRows; row++ {
			if x := max(b.left, ends[row]); right-x >= least && x < b.left+60 {
				b.row, b.labelX = row, x
				b.label = svg.Fit(b.Text, right-x, b.labelType())
			}
		}
		if b.row >= 0 {
			ends[b.row] = b.labelX + svg.Width(b.label, b.labelType()) + apart
			l.rows = max(l.rows, b.row+1)
		}
	}
}

func (b *bar) labelType() svg.Type { return svg.Type{Size: normal, Bold: b.broken} }

// lane draws a lane.
func (w *timeline) lane(l *lane) {
	top := l.top + float64(l.rows)*labelRow + 2
	w.Text(svg.Point{X: w.left - 10, Y: top + barHeight - 1.5}, laneName(l.process), minor(svg.End))
	w.rail(top + barHeight/2)
	for i := range l.bars {
		b := &l.bars[i]
		w.Titled(b.title(), func() {
			w.bar(b, top)
			if b.label != "" {
				at := svg.Point{X: b.labelX, Y: top - 4.5 - float64(b.row)*labelRow}
				w.Text(at, b.label, b.labelType())
			}
		})
	}
}

// rail draws the line that a lane's bars lie on, dotted where the axis is cut.
func (w *timeline) rail(y float64) {
	var line, dots svg.Path
	x := w.left
	for _, p := range w.times.Pieces {
		if p.Cut {
			line.Move(svg.Point{X: x, Y: y}).Line(svg.Point{X: p.Left + 4, Y: y})
			for x = p.Left + 9; x < p.Right-6; x += 5 {
				dots.Dot(svg.Point{X: x, Y: y})
			}
			x = p.Right - 4
		}
	}
	line.Move(svg.Point{X: x, Y: y}).Line(svg.Point{X: w.right, Y: y})
	w.Path(&line, svg.Style{Stroke: svg.Rule, Width: 0.7})
	w.Path(&dots, svg.Style{Stroke: svg.Rule, Width: 1.4, Round: true})
}

// bar draws an operation: one of unknown outcome is dotted and has a torn end.
func (w *timeline) bar(b *bar, top float64) {
	box := svg.Box{X: b.left, Y: top, Width: b.right - b.left, Height: barHeight, Radius: 1.5}
	switch b.Outcome {
	case history.OK:
		style := svg.Style{Fill: svg.OK}
		if b.broken {
			style.Stroke, style.Width = svg.Violation, 2
		}
		w.Rect(box, style)
	case history.Fail:
		w.Rect(box, svg.Style{Fill: svg.Fail, Texture: svg.Stripes, Stroke: svg.Fail})
	default:
		var torn svg.Path
		torn.Move(svg.Point{X: b.right, Y: top}).Line(svg.Point{X: b.left, Y: top}).Line(svg.Point{X: b.left, Y: top + barHeight}).Line(svg.Point{X: b.right, Y: top + barHeight})
		for i, x := range []float64{-5, 0, -5, 0} {
			torn.Line(svg.Point{X: b.right + x, Y: top + barHeight*(1-float64(i+1)/5)})
		}
		w.Path(torn.Close(), svg.Style{Fill: svg.Info, Texture: svg.Dots, Stroke: svg.Info})
	}
}
