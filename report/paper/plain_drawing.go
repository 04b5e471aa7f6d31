package paper

import (
	"fmt"
	"strings"
)

// plainDrawing draws with characters, an operation a line:
//
//	process 18  ██···········  enqueue(7) → 7   0 µs to 158 µs
//	process 9   ·········██··  dequeue → null   1.797318 s to 1.797370 s
//	kill n1     ··▒▒▒▒▒▒▒····
//
// An operation without an end reaches to the border as ███▶; one that failed is ░░░.
func plainDrawing(d Drawing) string {
	const wide = 4
	names, widest, operations := []string{}, 0, 0
	for _, b := range d.Bars {
		names = append(names, plainText(b.Process))
		operations = max(operations, len([]rune(plainText(b.Operation))))
	}
	for _, b := range d.Bands {
		names = append(names, plainText(b.Label))
	}
	for _, n := range names {
		widest = max(widest, len([]rune(n)))
	}
	var all strings.Builder
	lane := func(name string, from, to int, fill rune, open bool, rest string) {
		cells := []rune(strings.Repeat("·", d.Columns*wide))
		for i := from * wide; i < min(max(to, from)*wide+wide/2, len(cells)); i++ {
			cells[i] = fill
		}
		if open {
			for i := to * wide; i < len(cells); i++ {
				cells[i] = fill
			}
			cells[len(cells)-1] = '▶'
		}
		line := fmt.Sprintf("%-*s  %s  %s", widest, name, string(cells), rest)
		all.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	for i, b := range d.Bars {
		fill := '█'
		if b.Failed {
			fill = '░'
		}
		lane(names[i], b.From, b.To, fill, b.Open, fmt.Sprintf("%-*s  %s", operations, plainText(b.Operation), b.Times()))
	}
	for i, b := range d.Bands {
		lane(names[len(d.Bars)+i], b.From, b.To, '▒', false, "")
	}
	return all.String()
}

// plainText keeps a text on its line.
func plainText(text string) string {
	var b strings.Builder
	for _, r := range text {
		b.WriteString(printable(r))
	}
	return b.String()
}
