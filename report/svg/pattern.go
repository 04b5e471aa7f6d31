package svg

import (
	"bytes"
	"fmt"
)

// pattern is a texture in a colour.
type pattern struct {
	colour  Colour
	texture Texture
}

func (d *Drawing) patternID(p pattern) string {
	return d.id + "-" + string(p.colour) + "-" + string(p.texture)
}

// writePatterns writes the patterns that the drawing uses.
func (d *Drawing) writePatterns(out *bytes.Buffer) {
	if len(d.used) == 0 {
		return
	}
	out.WriteString("<defs>\n")
	for _, s := range Theme() {
		for _, texture := range []Texture{Stripes, Dots} {
			if p := (pattern{s.Name, texture}); d.used[p] {
				d.writePattern(out, p)
			}
		}
	}
	out.WriteString("</defs>\n")
}

func (d *Drawing) writePattern(out *bytes.Buffer, p pattern) {
	ground := 0.3
	if p.texture == Dots {
		ground = 0.5 // a bar of one dot's height is seen, too
	}
	fill := `class="jl-f-` + string(p.colour) + `"`
	fmt.Fprintf(out, `<pattern id="%s" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="5" height="5" %s opacity="%s"/>`, d.patternID(p), fill, number(ground))
	if p.texture == Dots {
		fmt.Fprintf(out, `<circle cx="2.5" cy="2.5" r="1.7" %s/>`, fill)
	} else {
		fmt.Fprintf(out, `<rect width="2.4" height="5" %s/>`, fill)
	}
	out.WriteString("</pattern>\n")
}
