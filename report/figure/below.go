package figure

import "github.com/jepsen-lite/jepsen-lite/report/svg"

// below writes labels into a row, from left to right: each under its place, as far
// as the edges let it, and not at all where the one before is in its way.
type below struct {
	drawing *svg.Drawing
	y       float64
	free    float64
}

func (b *below) write(x float64, label string) {
	half := svg.Width(label, minor("")) / 2
	x = min(max(x, half), b.drawing.Size.Width-half)
	if x-half < b.free {
		return
	}
	b.free = x + half + 5
	b.drawing.Text(svg.Point{X: x, Y: b.y}, label, minor(svg.Middle))
}
