package figure

import (
	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/report/series"
	"github.com/jepsen-lite/jepsen-lite/report/svg"
)

// outcome is how operations of an outcome are drawn.
type outcome struct {
	of     history.Type
	name   string
	colour svg.Colour
	count  func(series.Outcomes) int
}

// outcomes returns all, from the ground up where they are stacked.
func outcomes() []outcome {
	return []outcome{
		{history.OK, "ok", svg.OK, func(o series.Outcomes) int { return o.OK }},
		{history.Fail, "fail", svg.Fail, func(o series.Outcomes) int { return o.Fail }},
		{history.Info, "info", svg.Info, func(o series.Outcomes) int { return o.Info }},
	}
}

// area is how an area of the outcome looks.
func (o outcome) area() svg.Style {
	textures := map[history.Type]svg.Texture{history.Fail: svg.Stripes, history.Info: svg.Dots}
	return svg.Style{Fill: o.colour, Texture: textures[o.of]}
}

// caption draws what the picture shows at the upper left, the first of the texts for
// which there is room, and at the upper right what its marks mean, with how many
// there are of each.
func caption(d *svg.Drawing, texts []string, counts series.Outcomes, mark func(o outcome, at svg.Point)) {
	const baseline = 11.0
	x := d.Size.Width - edge
	all := outcomes()
	for i := len(all) - 1; i >= 0; i-- {
		n := all[i].count(counts)
		if n == 0 {
			continue
		}
		label := all[i].name + " " + svg.Count(n)
		d.Text(svg.Point{X: x, Y: baseline}, label, minor(svg.End))
		x -= svg.Width(label, minor(svg.End)) + 9
		mark(all[i], svg.Point{X: x, Y: baseline - 3.5})
		x -= 17
	}
	for i, text := range texts {
		if i == len(texts)-1 || svg.Width(text, major("")) <= x {
			d.Text(svg.Point{Y: baseline}, svg.Fit(text, x, major("")), major(""))
			return
		}
	}
}

// swatch is a mark of an area.
func swatch(d *svg.Drawing) func(outcome, svg.Point) {
	return func(o outcome, at svg.Point) {
		d.Rect(svg.Box{X: at.X - 4, Y: at.Y - 4, Width: 8, Height: 8}, o.area())
	}
}
