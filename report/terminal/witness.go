package terminal

import (
	"fmt"
	"slices"
	"strings"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/report/figure"
	"github.com/jepsen-lite/jepsen-lite/report/series"
	"github.com/jepsen-lite/jepsen-lite/report/svg"
)

const (
	laneIndent  = 4
	laneName    = 14 // columns of a process' name
	laneColumns = columns - laneIndent - laneName
	// openColumns is how far what has no known end goes beyond the last event.
	openColumns = 4
	cutColumns  = 9
	// shownOps bounds how many operations are drawn.
	shownOps = 20
)

// witness draws a line for each operation, from its call to its return, by call:
//
//	process 0     ├─ write(1) → 1 ─┤
//	process 1                              ├─ write(2) → ? ┄┄┄┄┄
//	process 2                               ├─┤✗ read → null
//	kill                              ▒▒▒
//	              1.0000 s             2 s  5.0000 s
func (p *printer) witness(proof figure.Proof) {
	indent := strings.Repeat(" ", laneIndent)
	if len(proof.Operations) == 0 {
		p.line("%sits operations are not in the history", indent)
		return
	}
	ops := proof.Operations[:min(len(proof.Operations), shownOps)]
	axis := figure.NewAxis(ops, 0, laneColumns-openColumns, cutColumns)
	at := func(ns int64) int { return int(axis.At(ns)) }
	for i, op := range ops {
		l := newLane()
		l.draw(op, at(op.Call), at(op.Return), i == proof.Broken)
		text := l.String()
		if i == proof.Broken {
			text = strings.Replace(text, "✗", p.paint(red, "✗"), 1)
		}
		p.line("%s%s%s", indent, pad(fit("process "+fmt.Sprint(op.Process), laneName-1), laneName), text)
	}
	for _, g := range series.ByName(proof.Faults) {
		p.line("%s%s%s", indent, pad(fit(g.Name, laneName-1), laneName), p.paint(faint, p.lasting(g.Faults, laneColumns-openColumns, at)))
	}
	p.line("%s%s%s", indent, strings.Repeat(" ", laneName), p.paint(faint, times(axis)))
	if left := len(proof.Operations) - len(ops); left > 0 {
		p.line("%s… and %d more operations", indent, left)
	}
	p.order(proof)
}

// times writes when operations began after a pause, and how long the pauses were.
func times(axis *figure.Axis) string {
	row := ""
	put := func(at int, label string) {
		if at >= width(row) && at+width(label) <= laneColumns {
			row = pad(row, at) + label + " "
		}
	}
	clusters := axis.Clusters()
	cluster := 0
	for _, piece := range axis.Pieces {
		if piece.Cut {
			put(int(clusters[cluster].Left), figure.Moment(clusters[cluster]))
			cluster++
			label := "·" + svg.Duration(float64(piece.To-piece.From)) + "·"
			put(max(int(piece.Left), width(row)), label)
		}
	}
	put(int(clusters[cluster].Left), figure.Moment(clusters[cluster]))
	return strings.TrimRight(row, " ")
}

// order prints an order that explains all but the broken operation.
func (p *printer) order(proof figure.Proof) {
	if proof.Order == nil {
		return
	}
	const half = 34
	row := func(number, text, state string) {
		p.line("     %s %s %s", number, pad(fit(text, half), half), fit(state, columns-half-9))
	}
	p.line("")
	row("  ", "an order that explains the rest", "state: "+proof.Start+" at first")
	for i, step := range proof.Order {
		row(fmt.Sprintf("%2d", i+1), proof.Operations[step.Operation].Text, "then: "+step.State)
	}
	row(" "+p.paint(red, "✗"), proof.Operations[proof.Broken].Text, "fits in no order")
}

// lane is a line of characters.
type lane struct{ cells []rune }

func newLane() *lane { return &lane{[]rune(strings.Repeat(" ", laneColumns))} }

func (l *lane) String() string {
	text := slices.DeleteFunc(slices.Clone(l.cells), func(r rune) bool { return r == second })
	return strings.TrimRight(string(text), " ")
}

// second stands in the second cell of what is two columns wide.
const second rune = 0

// put writes text from a column on. What is wide takes two cells.
func (l *lane) put(at int, text string) {
	for _, r := range text {
		if n := runeWidth(r); n > 0 && at >= 0 && at+n <= len(l.cells) {
			l.cells[at] = r
			if n == 2 {
				l.cells[at+1] = second
			}
			at += n
		}
	}
}

// draw draws an operation with its text: within the bar if that is long enough, else
// to the right of it, or to the left.
func (l *lane) draw(op figure.Operation, from, to int, broken bool) {
	open := op.Return == history.Never
	mark := ""
	if broken {
		mark = "✗"
	}
	if open {
		to = laneColumns
	}
	to = max(to, from+2)
	for i := from; i < min(to, laneColumns); i++ {
		l.cells[i] = '─'
		if open && i > from+1 {
			l.cells[i] = '┄'
		}
	}
	l.put(from, "├")
	if !open {
		l.put(min(to, laneColumns)-1, "┤"+mark)
	}
	text := op.Text
	free := laneColumns - to - width(mark) - 1
	inside := to - from - 6
	switch whole := fit(text, columns); {
	case width(whole) <= inside:
		l.put(from+1, "─ "+whole+" ")
	case width(whole) <= free:
		l.put(to+width(mark)+1, whole)
	case width(whole) < from:
		l.put(from-1-width(whole), whole)
	case inside >= free && inside >= from:
		l.put(from+1, "─ "+fit(text, inside)+" ")
	case free >= from:
		l.put(to+width(mark)+1, fit(text, free))
	default:
		short := fit(text, from-1)
		l.put(from-1-width(short), short)
	}
}
