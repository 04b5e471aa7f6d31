package paper

import (
	"fmt"
	"html"
	"strings"
)

// Measures of a drawing in HTML, in pixels.
const (
	svgWidth  = 720.0
	svgGutter = 96.0
	svgLane   = 40.0
	svgBand   = 18.0
)

// svgDrawing draws with the colours of the page around it.
func svgDrawing(d Drawing, title string) string {
	var b strings.Builder
	top := 4 + svgBand*float64(len(d.Bands))
	height := top + svgLane*float64(len(d.Bars)) + 4
	step := (svgWidth - svgGutter - 8) / float64(max(d.Columns-1, 1))
	x := func(column int) float64 { return svgGutter + step*float64(column) }
	fmt.Fprintf(&b, "<div class=\"scroll\">\n<svg viewBox=\"0 0 %.0f %.0f\" role=\"img\" aria-label=\"%s\">\n", svgWidth, height, htmlText(title))
	for i, band := range d.Bands {
		y := 4 + svgBand*float64(i)
		fmt.Fprintf(&b, "<rect class=\"band\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>\n", x(band.From), y, max(x(band.To)-x(band.From), 3), height-y-4)
		anchor, at := svgAnchor(x(band.From) + 4)
		fmt.Fprintf(&b, "<text class=\"small\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>\n", at, y+12, anchor, svgText(band.Label))
	}
	for i, bar := range d.Bars {
		y := top + svgLane*float64(i)
		fmt.Fprintf(&b, "<line class=\"lane\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>\n", svgGutter, y+27, svgWidth-8, y+27)
		fmt.Fprintf(&b, "<text x=\"0\" y=\"%.1f\">%s</text>\n", y+31, svgText(bar.Process))
		from, wide := x(bar.From), max(x(bar.To)-x(bar.From), 4)
		if bar.Open {
			fmt.Fprintf(&b, "<path class=\"unknown\" d=\"M%.1f %.1fV%.1fM%.1f %.1fH%.1fl-7 -5m7 5l-7 5\"/>\n", from, y+22, y+32, from, y+27, from+wide)
		} else {
			fmt.Fprintf(&b, "<rect class=\"ok\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"10\" rx=\"1\"/>\n", from, y+22, wide)
		}
		anchor, at := svgAnchor(from)
		fmt.Fprintf(&b, "<text class=\"operation\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s<tspan class=\"small\" dx=\"10\">%s</tspan></text>\n",
			at, y+15, anchor, svgText(bar.Operation), svgText(bar.Times()))
	}
	b.WriteString("</svg>\n</div>\n")
	return b.String()
}

// svgAnchor lets a label that would not fit to the right of a place end at the border.
func svgAnchor(x float64) (anchor string, at float64) {
	if x > svgGutter+(svgWidth-svgGutter)*0.4 {
		return "end", svgWidth - 8
	}
	return "start", x
}

func svgText(text string) string { return html.EscapeString(plainText(text)) }
