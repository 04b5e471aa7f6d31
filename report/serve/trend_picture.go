package serve

import (
	"fmt"
	"html/template"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/report/svg"
)

// Measures of a trend's picture, in pixels.
const (
	trendWidth = 720
	trendLeft  = 156 // names and ticks
	trendRight = 84  // what the lines are
	trendGap   = 20
)

// trendPicture draws a trend: a column for each run, and rows that share it.
type trendPicture struct {
	*svg.Drawing
	trend *trend
	top   float64
}

// draw makes the picture. A single run has none: its figures say it all.
func (t *trend) draw() {
	if len(t.Runs) < 2 {
		return
	}
	p := trendPicture{svg.New("trend-"+t.Last().ID.String(), svg.Size{Width: trendWidth}), t, 8}
	p.Describe(fmt.Sprintf("%d runs of %s over time: verdicts, throughput, latency", len(t.Runs), t.Workload))
	p.verdicts()
	p.throughput()
	p.latency()
	p.lost()
	p.dates()
	p.columns()
	t.Picture = template.HTML(p.Inline()) // package svg escapes every text
}

// x is the middle of a run's column.
func (p *trendPicture) x(run int) float64 { return trendLeft + p.step()*(float64(run)+0.5) }

func (p *trendPicture) step() float64 {
	return min(48, (trendWidth-trendLeft-trendRight)/float64(len(p.trend.Runs)))
}

// end is where the columns end.
func (p *trendPicture) end() float64 { return trendLeft + p.step()*float64(len(p.trend.Runs)) }

func (p *trendPicture) name(y float64, name string) {
	p.Text(svg.Point{X: 0, Y: y}, svg.Fit(name, trendLeft-54, svg.Type{Size: 11}), svg.Type{Size: 11})
}

func (p *trendPicture) verdicts() {
	y := p.top + 8
	p.name(y+4, "verdict")
	r := min(6, p.step()*0.38)
	for i := range p.trend.Runs {
		at := svg.Point{X: p.x(i), Y: y}
		round := svg.Box{X: at.X - r, Y: at.Y - r, Width: 2 * r, Height: 2 * r, Radius: r}
		switch p.trend.Runs[i].Verdict() {
		case checker.Valid:
			p.Rect(round, svg.Style{Fill: svg.Valid})
		case checker.Invalid:
			p.Path(new(svg.Path).Cross(at, r), svg.Style{Stroke: svg.Violation, Width: max(1.5, r/2.5), Round: true})
		default:
			p.Rect(round, svg.Style{Stroke: svg.Info, Width: 1.5, Dash: "2 2"})
		}
	}
	p.top = y + r + trendGap
}

// axis draws the ticks of a row and returns its bottom.
func (p *trendPicture) axis(name string, scale svg.Scale, ticks int, label func(float64) string) {
	for _, v := range scale.Ticks(ticks) {
		y := scale.At(v)
		p.Line(svg.Point{X: trendLeft, Y: y}, svg.Point{X: p.end(), Y: y}, svg.Style{Stroke: svg.Grid})
		p.Text(svg.Point{X: trendLeft - 8, Y: y + 3}, label(v), svg.Type{Size: 9.5, Colour: svg.Muted, Anchor: svg.End})
	}
	p.name(p.top+9, name)
}

// line draws a line through the runs that have a value (larger than 0), with a gap
// where one has none, and says at its end what it is.
func (p *trendPicture) line(scale svg.Scale, c svg.Colour, width float64, value func(*digest) float64) (last float64) {
	var line, dots svg.Path
	broken, any := true, false
	for i := range p.trend.Runs {
		v := value(p.trend.Runs[i])
		if v <= 0 {
			broken = true
			continue
		}
		at := svg.Point{X: p.x(i), Y: scale.At(v)}
		if broken {
			line.Move(at)
		} else {
			line.Line(at)
		}
		dots.Dot(at)
		broken, any, last = false, true, at.Y
	}
	if any {
		p.Path(&line, svg.Style{Stroke: c, Width: width})
		p.Path(&dots, svg.Style{Stroke: c, Width: width + 2.5, Round: true})
	}
	return last
}

func (p *trendPicture) throughput() {
	most := 0.0
	for i := range p.trend.Runs {
		most = max(most, p.trend.Runs[i].PerSecond())
	}
	if most == 0 {
		return
	}
	const height = 54
	scale := svg.Linear{Min: 0, Max: svg.RoundUp(most), From: p.top + height, To: p.top}
	p.axis("ok/s", scale, 2, svg.Amount)
	p.line(scale, svg.OK, 1.5, (*digest).PerSecond)
	p.top += height + trendGap
}

// quantile returns a time of the trend's operation, 0 where a run has none.
func (p *trendPicture) quantile(of func(*checker.Latency) int64) func(*digest) float64 {
	return func(d *digest) float64 {
		if l := d.LatencyOf[p.trend.Operation].Latency; l != nil {
			return float64(max(1, of(l)))
		}
		return 0
	}
}

func (p *trendPicture) latency() {
	p50 := p.quantile(func(l *checker.Latency) int64 { return l.P50NS })
	p99 := p.quantile(func(l *checker.Latency) int64 { return l.P99NS })
	least, most := 0.0, 0.0
	for i := range p.trend.Runs {
		d := p.trend.Runs[i]
		if v := p50(d); v > 0 && (least == 0 || v < least) {
			least = v
		}
		most = max(most, p99(d))
	}
	if least == 0 {
		return
	}
	const height = 72
	scale := svg.Logarithmic{Min: least / 1.5, Max: most * 1.5, From: p.top + height, To: p.top}
	p.axis(p.trend.Operation+" takes", scale, 3, svg.Duration)
	p.mark(p.line(scale, svg.Muted, 1.5, p99), "99 %")
	p.mark(p.line(scale, svg.Ink, 1.5, p50), "50 %")
	p.top += height + trendGap
}

// mark says at the end of a line what it is.
func (p *trendPicture) mark(y float64, text string) {
	p.Text(svg.Point{X: p.end() + 8, Y: y + 3}, text, svg.Type{Size: 9.5, Colour: svg.Muted})
}

func (p *trendPicture) lost() {
	most := p.trend.Lost()
	if most <= 0 {
		return
	}
	const height = 36
	scale := svg.Linear{Min: 0, Max: max(1, svg.RoundUp(float64(most))), From: p.top + height, To: p.top}
	p.axis("lost", scale, 1, svg.Amount)
	width := max(1, p.step()*0.5)
	for i := range p.trend.Runs {
		if n := p.trend.Runs[i].Lost; n > 0 {
			y := scale.At(float64(n))
			p.Rect(svg.Box{X: p.x(i) - width/2, Y: y, Width: width, Height: p.top + height - y}, svg.Style{Fill: svg.Violation})
		}
	}
	p.top += height + trendGap
}

// dates writes when the first and the last run were.
func (p *trendPicture) dates() {
	first, last := p.trend.First().Started(), p.trend.Last().Started()
	layout := "2 Jan 2006"
	if first.Format(layout) == last.Format(layout) {
		layout = "2 Jan 15:04:05"
	}
	style := svg.Type{Size: 9.5, Colour: svg.Muted}
	p.top -= 4
	from, to := first.UTC().Format(layout), last.UTC().Format(layout)
	p.Text(svg.Point{X: trendLeft, Y: p.top}, from, style)
	if p.end()-trendLeft < svg.Width(from, style)+svg.Width(to, style)+12 {
		p.Text(svg.Point{X: trendLeft + svg.Width(from, style) + 12, Y: p.top}, "– "+to, style)
	} else {
		style.Anchor = svg.End
		p.Text(svg.Point{X: p.end(), Y: p.top}, to, style)
	}
	p.Size = svg.Size{Width: max(p.end()+trendRight, trendLeft+2*trendRight), Height: p.top + 8}
}

// columns lets who points at a run see which it is.
func (p *trendPicture) columns() {
	for i := range p.trend.Runs {
		d := p.trend.Runs[i]
		about := fmt.Sprintf("%s\n%s, %s ok", d.ID, d.Word(), svg.Count(d.Results.Ops.OK))
		if d.Lost >= 0 {
			about += fmt.Sprintf(", %s lost", svg.Count(d.Lost))
		}
		p.Titled(about, func() {
			p.Rect(svg.Box{X: p.x(i) - p.step()/2, Y: 0, Width: p.step(), Height: p.Size.Height}, svg.Style{Fill: svg.Ink, Opacity: 0.001})
		})
	}
}
