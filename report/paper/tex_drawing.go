package paper

import (
	"fmt"
	"strings"
)

// Measures of a drawing in TeX, in millimetres.
const (
	texGutter = 20.0
	texWidth  = 164.0
	texLane   = 8.0
)

// texDrawing draws with LaTeX's picture environment alone.
func texDrawing(d Drawing) string {
	var b strings.Builder
	top := texLane * float64(len(d.Bars))
	bands := 4.5 * float64(len(d.Bands))
	step := (texWidth - texGutter) / float64(max(d.Columns-1, 1))
	x := func(column int) float64 { return texGutter + step*float64(column) }
	fmt.Fprintf(&b, "\\setlength{\\unitlength}{1mm}\\footnotesize\n\\begin{picture}(%.1f,%.1f)\n", texWidth, top+bands)
	for i, band := range d.Bands {
		wide := max(x(band.To)-x(band.From), 1)
		fmt.Fprintf(&b, "\\put(%.2f,0){\\textcolor{band}{\\rule{%.2fmm}{%.2fmm}}}\n", x(band.From), wide, top+bands-4.5*float64(i))
		anchor, at := texAnchor(x(band.From), len([]rune(band.Label)))
		fmt.Fprintf(&b, "\\put(%.2f,%.2f){\\makebox(0,0)[%s]{\\textcolor{grey}{%s}}}\n", at, top+bands-4.5*float64(i)-2, anchor, texText(band.Label))
	}
	for i, bar := range d.Bars {
		y := top - texLane*float64(i+1) + 1.2
		fmt.Fprintf(&b, "\\put(0,%.2f){\\makebox(0,0)[l]{%s}}\n", y+0.9, texText(bar.Process))
		wide := max(x(bar.To)-x(bar.From), 0.8)
		switch {
		case bar.Open:
			fmt.Fprintf(&b, "\\put(%.2f,%.2f){\\color{open}\\vector(1,0){%.2f}}\n", x(bar.From), y+0.9, wide)
			fmt.Fprintf(&b, "\\put(%.2f,%.2f){\\color{open}\\line(0,1){1.8}}\n", x(bar.From), y)
		case bar.Failed:
			fmt.Fprintf(&b, "\\put(%.2f,%.2f){\\color{fail}\\framebox(%.2f,1.8){}}\n", x(bar.From), y, wide)
		default:
			fmt.Fprintf(&b, "\\put(%.2f,%.2f){\\textcolor{ok}{\\rule{%.2fmm}{1.8mm}}}\n", x(bar.From), y, wide)
		}
		anchor, at := texAnchor(x(bar.From), len([]rune(bar.Operation+bar.Times()))+3)
		fmt.Fprintf(&b, "\\put(%.2f,%.2f){\\makebox(0,0)[%s]{\\texttt{%s}\\quad\\textcolor{grey}{\\scriptsize %s}}}\n",
			at, y+4.2, anchor, texText(bar.Operation), texText(bar.Times()))
	}
	b.WriteString("\\end{picture}\n")
	return b.String()
}

// texAnchor returns how a label of so many characters stands at a place: to the right
// of it, or where there is no room for that, up to the right border.
func texAnchor(x float64, characters int) (anchor string, at float64) {
	const character = 1.6
	if x+character*float64(characters) > texWidth {
		return "r", texWidth
	}
	return "l", x
}
