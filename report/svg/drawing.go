package svg

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"math"
	"strconv"
)

// Size is of a drawing, in pixels.
type Size struct{ Width, Height float64 }

// Point is a place; y grows downwards.
type Point struct{ X, Y float64 }

// Box is a rectangle. Radius rounds its corners.
type Box struct{ X, Y, Width, Height, Radius float64 }

// Drawing is a picture being drawn: what comes later lies above. It is not safe for
// concurrent use.
type Drawing struct {
	// Size may grow until it is written.
	Size  Size
	id    string
	body  bytes.Buffer
	title string // what it shows
	used  map[pattern]bool
}

// New begins a drawing. The id tells its patterns from those of other drawings in a
// page; anything but letters, digits and - is left out.
func New(id string, size Size) *Drawing {
	var clean []byte
	for _, b := range []byte(id) {
		if b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '-' {
			clean = append(clean, b)
		}
	}
	return &Drawing{Size: size, id: "jl-" + string(clean), used: map[pattern]bool{}}
}

// Describe sets what the drawing shows, for those who cannot see it.
func (d *Drawing) Describe(text string) { d.title = text }

// Texture tells areas apart where colours do not.
type Texture string

// Textures.
const (
	Solid   Texture = "" // the zero value
	Stripes Texture = "stripes"
	Dots    Texture = "dots"
)

// Style is how a shape looks. The zero value is invisible.
type Style struct {
	Fill Colour
	// Texture is how it is filled.
	Texture Texture
	// Stroke is the colour of the line, Width its width; 1 if zero.
	Stroke Colour
	Width  float64
	// Dash is as in stroke-dasharray: "4 2".
	Dash string
	// Opacity is from 0 to 1; zero means 1.
	Opacity float64
	// Round makes round ends, so that lines of no length are dots.
	Round bool
}

func (d *Drawing) style(s Style) string {
	class, more := "", ""
	switch {
	case s.Fill == None:
		more += ` fill="none"`
	case s.Texture != Solid:
		p := pattern{s.Fill, s.Texture}
		d.used[p] = true
		more += ` fill="url(#` + d.patternID(p) + `)"`
	default:
		class = "jl-f-" + string(s.Fill)
	}
	if s.Stroke != None {
		if class != "" {
			class += " "
		}
		class += "jl-s-" + string(s.Stroke)
		if s.Width > 0 && s.Width != 1 {
			more += ` stroke-width="` + number(s.Width) + `"`
		}
		if s.Dash != "" {
			more += ` stroke-dasharray="` + escape(s.Dash) + `"`
		}
		more += ` stroke-linejoin="round"`
	}
	if s.Round {
		more += ` stroke-linecap="round"`
	}
	if s.Opacity > 0 && s.Opacity < 1 {
		more += ` opacity="` + number(s.Opacity) + `"`
	}
	if class != "" {
		class = ` class="` + class + `"`
	}
	return class + more
}

// Rect draws a rectangle; one of negative size has none.
func (d *Drawing) Rect(b Box, s Style) {
	radius := ""
	if b.Radius > 0 {
		radius = ` rx="` + number(b.Radius) + `"`
	}
	fmt.Fprintf(&d.body, `<rect x="%s" y="%s" width="%s" height="%s"%s%s/>`+"\n",
		number(b.X), number(b.Y), number(max(0, b.Width)), number(max(0, b.Height)), radius, d.style(s))
}

// Line draws a line.
func (d *Drawing) Line(from, to Point, s Style) {
	fmt.Fprintf(&d.body, `<line x1="%s" y1="%s" x2="%s" y2="%s"%s/>`+"\n",
		number(from.X), number(from.Y), number(to.X), number(to.Y), d.style(s))
}

// Path draws a path.
func (d *Drawing) Path(p *Path, s Style) {
	if p.data.Len() > 0 {
		fmt.Fprintf(&d.body, `<path d="%s"%s/>`+"\n", p.data.String(), d.style(s))
	}
}

// Anchor says which part of a text is where it was put.
type Anchor string

// Anchors.
const (
	Start  Anchor = "" // the zero value
	Middle Anchor = "middle"
	End    Anchor = "end"
)

// Type is how a text looks. The zero value is ink, 10 px, from its start.
type Type struct {
	Size   float64
	Colour Colour
	Anchor Anchor
	Bold   bool
}

func (t Type) size() float64 {
	if t.Size == 0 {
		return 10
	}
	return t.Size
}

// Text draws one line of text; at is on its base line.
func (d *Drawing) Text(at Point, text string, t Type) {
	more := ""
	if t.Anchor != Start {
		more += ` text-anchor="` + string(t.Anchor) + `"`
	}
	if t.Bold {
		more += ` font-weight="bold"`
	}
	colour := t.Colour
	if colour == None {
		colour = Ink
	}
	fmt.Fprintf(&d.body, `<text x="%s" y="%s" font-size="%s" class="jl-f-%s"%s>%s</text>`+"\n",
		number(at.X), number(at.Y), number(t.size()), colour, more, escape(text))
}

// Titled draws what draw draws, and shows the text to who points at it.
func (d *Drawing) Titled(text string, draw func()) {
	fmt.Fprintf(&d.body, "<g><title>%s</title>\n", escape(text))
	draw()
	d.body.WriteString("</g>\n")
}

// File returns the drawing as a file of its own, with a margin.
func (d *Drawing) File() []byte {
	const margin = 8
	var out bytes.Buffer
	width, height := number(d.Size.Width+2*margin), number(d.Size.Height+2*margin)
	out.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n")
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" width="%s" height="%s" viewBox="-%d -%d %s %s" role="img" aria-label="%s" font-family="Helvetica, Arial, sans-serif">`+"\n",
		width, height, margin, margin, width, height, escape(d.title))
	out.WriteString("<style>\n" + fileRules() + "</style>\n")
	d.write(&out, func() {
		fmt.Fprintf(&out, `<rect x="-%d" y="-%d" width="%s" height="%s" class="jl-f-%s"/>`+"\n", margin, margin, width, height, Paper)
	})
	return out.Bytes()
}

// Inline returns the drawing as an element of a page that has [Variables] and
// [Rules]. It has the page's font and becomes narrower with the page.
func (d *Drawing) Inline() string {
	var out bytes.Buffer
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" width="%s" height="%s" viewBox="0 0 %s %s" role="img" aria-label="%s" class="jl-drawing">`+"\n",
		number(d.Size.Width), number(d.Size.Height), number(d.Size.Width), number(d.Size.Height), escape(d.title))
	d.write(&out, func() {})
	return out.String()
}

func (d *Drawing) write(out *bytes.Buffer, background func()) {
	d.writePatterns(out)
	background()
	out.Write(d.body.Bytes())
	out.WriteString("</svg>\n")
}

// escape makes text safe within elements and attributes. What XML cannot hold
// becomes U+FFFD.
func escape(text string) string {
	var out bytes.Buffer
	_ = xml.EscapeText(&out, []byte(text)) // a buffer takes everything
	return out.String()
}

// number writes a coordinate to a hundredth of a pixel. What is no number is 0.
func number(x float64) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return "0"
	}
	return strconv.FormatFloat(math.Round(x*100)/100+0, 'f', -1, 64)
}
