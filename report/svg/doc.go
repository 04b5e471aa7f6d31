// Package svg writes pictures: rectangles, lines, paths and text with the colours of
// one theme, on scales with round ticks.
//
// Start from [New]:
//
//	d := svg.New("latency", svg.Size{Width: 720, Height: 240})
//	d.Rect(svg.Box{X: 10, Y: 10, Width: 80, Height: 12}, svg.Style{Fill: svg.OK})
//	d.Text(svg.Point{X: 10, Y: 36}, "dequeue → 7", svg.Type{})
//	os.WriteFile("latency.svg", d.File(), 0o644) // a file of its own, light or dark as its reader likes
//	html.WriteString(d.Inline())                 // in a page that has Variables and Rules
//
// Text may be anything: it is escaped, and what XML cannot hold is replaced. The
// package knows nothing of runs and histories, and neither lays out nor shortens
// unless asked to.
package svg
