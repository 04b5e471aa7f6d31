package terminal

import (
	"math"
	"slices"
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
	t := timeline{series: s, columns: min(len(s.Slices), sparkColumns)}
	for _, row := range []struct {
		name   string
		colour int
		count  func(series.Outcomes) int
	}{
		{"ok", plain, func(o series.Outcomes) int { return o.OK }},
		{"fail", yellow, func(o series.Outcomes) int { return o.Fail }},
		{"info", violet, func(o series.Outcomes) int { return o.Info }},
	} {
		rates := t.rates(row.count)
		if highest := slices.Max(rates); highest > 0 {
			p.line("%s%s  ≤ %s/s", pad("  "+row.name, nameColumns), p.paint(row.colour, sparkline(rates)), svg.Amount(roundRate(highest)))
		}
	}
	p.faults(s.Faults, t)
	p.timeAxis(t)
	p.line("")
}

// timeline gives each time of a run a column.
type timeline struct {
	series  *series.Series
	columns int
}

func (t timeline) column(slice int) int { return slice * t.columns / len(t.series.Slices) }

func (t timeline) at(ns int64) int {
	return t.column(min(int(max(ns, 0)/t.series.Width), len(t.series.Slices)-1))
}

// rates returns how many operations a second each column has.
func (t timeline) rates(count func(series.Outcomes) int) []float64 {
	rates, widths := make([]float64, t.columns), make([]float64, t.columns)
	for i, slice := range t.series.Slices {
		rates[t.column(i)] += float64(count(slice.Outcomes))
		widths[t.column(i)] += time.Duration(t.series.Width).Seconds()
	}
	for i := range rates {
		rates[i] /= widths[i]
	}
	return rates
}

// roundRate drops what nobody reads of a rate.
func roundRate(v float64) float64 {
	if v < 10 {
		return float64(int(v*10)) / 10
	}
	return float64(int(v))
}

// sparkline draws rates as heights: nothing of none, and never nothing of some.
func sparkline(rates []float64) string {
	levels, highest := []rune("▁▂▃▄▅▆▇█"), slices.Max(rates)
	var line strings.Builder
	for _, rate := range rates {
		if rate == 0 {
			line.WriteByte(' ')
			continue
		}
		level := int(math.Ceil(rate / highest * float64(len(levels))))
		line.WriteRune(levels[min(max(level, 1), len(levels))-1])
	}
	return line.String()
}

// faults draws when faults lasted.
func (p *printer) faults(faults []series.Fault, t timeline) {
	groups := series.ByName(faults)
	for i, g := range groups {
		if i == shownFaults {
			p.line("  … and %d names of faults more", len(groups)-i)
			return
		}
		p.line("%s%s", pad(fit("  "+g.Name, nameColumns-1), nameColumns), p.paint(faint, p.lasting(g.Faults, t.columns, t.at)))
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
func (p *printer) timeAxis(t timeline) {
	const apart = 10
	end := t.series.Width * int64(len(t.series.Slices))
	row := ""
	for _, tick := range svg.TimeTicks(float64(end), max(1, t.columns/apart)) {
		label := "╵" + tick.Label
		if at := t.at(int64(tick.Value)); int64(tick.Value) < end && at >= width(row) && at+width(label) <= columns-nameColumns {
			row = pad(row, at) + label
		}
	}
	p.line("%s%s", strings.Repeat(" ", nameColumns), p.paint(faint, row))
}
