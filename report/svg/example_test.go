package svg_test

import (
	"fmt"

	"github.com/jepsen-lite/jepsen-lite/report/svg"
)

func ExampleDrawing_Inline() {
	d := svg.New("bar", svg.Size{Width: 100, Height: 20})
	d.Describe("An operation.")
	d.Titled(`read → "<b>"`, func() {
		d.Rect(svg.Box{X: 4, Y: 4, Width: 60, Height: 10}, svg.Style{Fill: svg.OK})
	})
	fmt.Print(d.Inline())
	// Output:
	// <svg xmlns="http://www.w3.org/2000/svg" width="100" height="20" viewBox="0 0 100 20" role="img" aria-label="An operation." class="jl-drawing">
	// <g><title>read → &#34;&lt;b&gt;&#34;</title>
	// <rect x="4" y="4" width="60" height="10" class="jl-f-ok"/>
	// </g>
	// </svg>
}

func ExampleFit() {
	fmt.Println(svg.Fit("dequeue → 7", 200, svg.Type{}))
	fmt.Println(svg.Fit("dequeue → 7", 40, svg.Type{}))
	// Output:
	// dequeue → 7
	// dequ…
}
