package svg

import "strings"

// Path is a line of several parts. The zero value is empty.
type Path struct{ data strings.Builder }

// Move begins a new part.
func (p *Path) Move(to Point) *Path { return p.add("M", to) }

// Line goes straight on.
func (p *Path) Line(to Point) *Path { return p.add("L", to) }

// Close goes back to where the part began.
func (p *Path) Close() *Path {
	p.data.WriteByte('Z')
	return p
}

// Dot adds a part of no length: visible with round ends.
func (p *Path) Dot(at Point) *Path {
	p.add("M", at)
	p.data.WriteString("h0")
	return p
}

// Cross adds a cross of that radius.
func (p *Path) Cross(at Point, r float64) *Path {
	return p.Move(Point{at.X - r, at.Y - r}).Line(Point{at.X + r, at.Y + r}).
		Move(Point{at.X - r, at.Y + r}).Line(Point{at.X + r, at.Y - r})
}

// Triangle adds a triangle that points upwards, of that radius.
func (p *Path) Triangle(at Point, r float64) *Path {
	return p.Move(Point{at.X, at.Y - r}).Line(Point{at.X + r, at.Y + r*0.8}).Line(Point{at.X - r, at.Y + r*0.8}).Close()
}

func (p *Path) add(command string, to Point) *Path {
	p.data.WriteString(command + number(to.X) + " " + number(to.Y))
	return p
}
