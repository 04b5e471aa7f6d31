package terminal

import (
	"fmt"
	"strings"
	"time"

	"github.com/jepsen-lite/jepsen-lite/report/series"
	"github.com/jepsen-lite/jepsen-lite/report/svg"
)

const (
	nameColumns = 16 // of rows over time, with what stands before
	// sparkColumns is how many columns a line over time has at most.
	sparkColumns = 50
	// shownFaults bounds how many names of faults have a row.
	shownFaults = 6
)

// overTime prints a line for each outcome, with the most a second to its right, and
// below a line for each name of fault.
func (p *printer) overTime(s *series.Series) {
	if s.Counts.Total() == 0 {
		return
	}
	per := (len(s.Slices) + sparkColumns - 1) / sparkColumns // slices a column
	n := (len(s.Slices) + per - 1) / per
	span := s.Width * int64(per)
	for _, row := range []struct {
		name   string
		colour int
		count  func(series.Outcomes) int
	}{
		{"ok", plain, func(o series.Outcomes) int { return o.OK }},
		{"fail", yellow, func(o series.Outcomes) int { return o.Fail }},
		{"info", violet, func(o series.Outcomes) int { return o.Info }},
	} {
		counts := make([]int, n)
		highest := 0
		for i, slice := range s.Slices {
			counts[i/per] += row.count(slice.Outcomes)
			highest = max(highest, counts[i/per])
		}
		if highest == 0 {
			continue
		}
		rate := float64(highest) / time.Duration(span).Seconds()
		p.line("%s%s  ≤ %s/s", pad("  "+row.name, nameColumns), p.paint(row.colour, sparkline(counts, highest)), svg.Amount(roundRate(rate)))
	}
	p.faults(s.Faults, n, span)
	p.timeAxis(n, span)
	p.line("")
}

// roundRate drops what nobody reads of a rate.
func roundRate(v float64) float64 {
	if v < 10 {
		return float64(int(v*10)) / 10
	}
	return float64(int(v))
}

// sparkline draws counts as heights: nothing of none, and never nothing of some.
func sparkline(counts []int, highest int) string {
	const heights = "▁▂▃▄▅▆▇█"
	levels := []rune(heights)
	var line strings.Builder
	for _, n := range counts {
		if n == 0 {
			line.WriteByte(' ')
			continue
		}
		line.WriteRune(levels[(n*len(levels)-1)/highest])
	}
	return line.String()
}

// faults draws when faults lasted.
func (p *printer) faults(faults []series.Fault, n int, span int64) {
	groups := series.ByName(faults)
	for i, g := range groups {
		if i == shownFaults {
			p.line("%s", pad("  … and "+fmt.Sprint(len(groups)-i)+" names of faults more", nameColumns))
			return
		}
		p.line("%s%s", pad(fit("  "+g.Name, nameColumns-1), nameColumns), p.paint(faint, p.lasting(g.Faults, n, func(ns int64) int { return int(ns / span) })))
	}
}

// lasting draws a mark wherever one of the faults was: at gives the column of a time.
func (p *printer) lasting(faults []series.Fault, n int, at func(ns int64) int) string {
	row := []rune(strings.Repeat(" ", n))
	for _, f := range faults {
		from, to := min(max(at(f.From), 0), n-1), min(max(at(f.To), 0), n-1)
		for i := from; i <= to; i++ {
			row[i] = '▒'
		}
	}
	return string(row)
}

// timeAxis writes round times below their columns.
func (p *printer) timeAxis(n int, span int64) {
	const apart = 10
	scale := svg.Linear{Max: float64(span) * float64(n), To: float64(n)}
	row := ""
	for _, t := range scale.Ticks(max(1, n/apart)) {
		label := "╵" + svg.Duration(t)
		if at := int(scale.At(t)); at >= width(row) && at+width(label) <= columns-nameColumns {
			row = pad(row, at) + label
		}
	}
	p.line("%s%s", strings.Repeat(" ", nameColumns), p.paint(faint, row))
}
