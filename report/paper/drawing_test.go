package paper

import (
	"testing"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/report/figure"
	"github.com/jepsen-lite/jepsen-lite/report/series"
)

func TestPlainDrawing(t *testing.T) {
	proof := figure.Proof{
		Operations: []figure.Operation{
			{Process: 3, Text: "enqueue(7) → 7", Call: 1000, Return: 159_000},
			{Process: 12, Text: "enqueue(8) → ?", Call: 2000, Return: history.Never},
			{Process: 9, Text: "dequeue → null", Call: 1_797_319_000, Return: 1_797_371_000},
		},
		Faults: []series.Fault{{Name: "kill", Where: "n1", From: 80_000_000, To: 900_000_000, Healed: true}},
	}
	want := `process 3   ██████████······················  enqueue(7) → 7  0 µs to 158 µs
process 12  ····███████████████████████████▶  enqueue(8) → ?  1 µs to ?
process 9   ····················██████······  dequeue → null  1.797318 s to 1.797370 s
kill n1     ············▒▒▒▒▒▒··············
`
	got := plainDrawing(draw(proof))
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestNothingIsDrawnOfNothing(t *testing.T) {
	if d := draw(figure.Proof{}); len(d.Bars) != 0 || plainDrawing(d) != "" {
		t.Errorf("got %+v", d)
	}
}

func TestDrawingsAreBounded(t *testing.T) {
	var p figure.Proof
	for i := range 40 {
		at := int64(i) * 1000
		p.Operations = append(p.Operations, figure.Operation{Process: i, Text: "read", Call: at, Return: at + 500})
		p.Faults = append(p.Faults, series.Fault{Name: "pause", From: at, To: at + 100})
	}
	d := draw(p)
	if len(d.Bars) != maxBars || len(d.Bands) != maxBands || d.More != 40-maxBands || d.Left != 40-maxBars {
		t.Errorf("%d bars, %d bands, %d more faults, %d operations left", len(d.Bars), len(d.Bands), d.More, d.Left)
	}
}
