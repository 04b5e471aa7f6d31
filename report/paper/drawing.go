package paper

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/report/figure"
	"github.com/jepsen-lite/jepsen-lite/report/series"
	"github.com/jepsen-lite/jepsen-lite/report/svg"
)

// Drawing is a counterexample laid out in columns: an event each, in order of time.
// Why columns and not a scale: what proves a violation may take microseconds that
// are seconds apart.
type Drawing struct {
	Columns int    `json:"columns"`
	Bars    []Bar  `json:"bars"`
	Bands   []Band `json:"bands"`
	// More counts the faults that lasted then and are not drawn.
	More int `json:"more,omitempty"`
	// Left counts the operations that are not drawn.
	Left int `json:"left,omitempty"`
}

// Bar is an operation, by call.
type Bar struct {
	Index     int    `json:"index"`
	Process   string `json:"process"`
	Operation string `json:"operation"`
	// From and To are columns; Open: its outcome is unknown, and it has no end.
	From int  `json:"from"`
	To   int  `json:"to"`
	Open bool `json:"open,omitempty"`
	// Failed: it certainly did not take effect.
	Failed bool `json:"failed,omitempty"`
	// CallNS and ReturnNS are since the first call of the drawing.
	CallNS   int64 `json:"call_ns"`
	ReturnNS int64 `json:"return_ns,omitempty"`
}

// Times says when the operation was called and returned.
func (b Bar) Times() string {
	if b.Open {
		return stamp(b.CallNS) + " to ?"
	}
	return stamp(b.CallNS) + " to " + stamp(b.ReturnNS)
}

// Band is a fault that lasted meanwhile. One that began earlier or ended later
// reaches to the border.
type Band struct {
	Label string `json:"label"`
	From  int    `json:"from"`
	To    int    `json:"to"`
}

const (
	// maxBands bounds how many faults are drawn, maxShown how many characters of an
	// operation.
	maxBands = 3
	maxShown = 44
	// maxBars bounds how many operations are drawn.
	maxBars = 12
)

// draw lays out a proof; one without operations is empty.
func draw(p figure.Proof) Drawing {
	var d Drawing
	ops := p.Operations[:min(len(p.Operations), maxBars)]
	if len(ops) == 0 {
		return d
	}
	d.Left = len(p.Operations) - len(ops)
	from, to := ops[0].Call, ops[0].Call
	var times []int64
	for _, op := range ops {
		to = max(to, op.Call)
		times = append(times, op.Call)
		if op.Return != history.Never {
			to = max(to, op.Return)
			times = append(times, op.Return)
		}
	}
	during := p.Faults[:min(len(p.Faults), maxBands)]
	d.More = len(p.Faults) - len(during)
	for _, f := range during {
		for _, t := range []int64{f.From, f.To} {
			if t > from && t < to {
				times = append(times, t)
			}
		}
	}
	slices.Sort(times)
	times = slices.Compact(times)
	d.Columns = len(times) + 1 // the last is for what never ends
	column := func(t int64) int { at, _ := slices.BinarySearch(times, t); return at }
	for _, op := range ops {
		b := Bar{
			Index: op.Index, Process: fmt.Sprint("process ", op.Process), Operation: shorten(op.Text, maxShown),
			From: column(op.Call), To: column(op.Return), CallNS: op.Call - from, ReturnNS: op.Return - from,
			Failed: op.Outcome == history.Fail,
		}
		if op.Return == history.Never {
			b.Open, b.To, b.ReturnNS = true, d.Columns-1, 0
		}
		d.Bars = append(d.Bars, b)
	}
	for _, f := range during {
		d.Bands = append(d.Bands, Band{Label: faultLabel(f), From: column(max(f.From, from)), To: column(min(f.To, to))})
	}
	return d
}

func faultLabel(f series.Fault) string {
	if f.Where == "" {
		return f.Name
	}
	return f.Name + " " + shorten(f.Where, 24)
}

// shorten cuts a text to so many characters.
func shorten(text string, most int) string {
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return text
}

// stamp shows a time to the microsecond.
func stamp(ns int64) string {
	switch d := time.Duration(ns); {
	case d < time.Millisecond:
		return fmt.Sprintf("%d µs", d.Microseconds())
	case d < time.Second:
		return fmt.Sprintf("%.3f ms", float64(ns)/1e6)
	default:
		return fmt.Sprintf("%.6f s", float64(ns)/1e9)
	}
}

// took shows how long something took. Its blanks do not break.
func took(ns int64) string { return unbroken(svg.Duration(float64(ns))) }

// unbroken keeps a figure and its unit on one line.
func unbroken(text string) string { return strings.ReplaceAll(text, " ", "\u00a0") }
