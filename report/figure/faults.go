package figure

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/jepsen-lite/jepsen-lite/report/series"
	"github.com/jepsen-lite/jepsen-lite/report/svg"
)

const (
	// maxFaultRows bounds how many rows there are: the last has all other names.
	maxFaultRows   = 6
	faultRowHeight = 13.0
	// widestName bounds what names of faults take, in pixels.
	widestName = 84.0
)

// faultRows gives each name a row of bars; the last has all names for which there is
// no other.
func faultRows(faults []series.Fault) []series.Group {
	rows := series.ByName(faults)
	if len(rows) <= maxFaultRows {
		return rows
	}
	others := series.Group{Name: "others"}
	for _, row := range rows[maxFaultRows-1:] {
		others.Faults = append(others.Faults, row.Faults...)
	}
	slices.SortStableFunc(others.Faults, func(a, b series.Fault) int { return cmp.Compare(a.From, b.From) })
	return append(rows[:maxFaultRows-1], others)
}

func nameWidth(rows []series.Group) (width float64) {
	for _, r := range rows {
		width = max(width, svg.Width(r.Name, minor(svg.End)))
	}
	return min(width, widestName)
}

func faultsHeight(rows []series.Group) float64 {
	if len(rows) == 0 {
		return 0
	}
	return float64(len(rows))*faultRowHeight + 4
}

// bands draws the faults' bands behind the field: what overlaps is one.
func (f *frame) bands(faults []series.Fault) {
	until := f.left
	for _, fault := range faults {
		from, to := max(f.at(fault.From), until), f.at(fault.To)
		if fault.Momentary {
			to = max(to, from+1)
		}
		if to > from {
			f.Rect(svg.Box{X: from, Y: f.top, Width: to - from, Height: f.bottom - f.top}, svg.Style{Fill: svg.Fault})
			until = to
		}
	}
}

// faultBars draws above the field how long each fault lasted.
func (f *frame) faultBars(rows []series.Group) {
	for i, row := range rows {
		y := legendHeight + float64(i)*faultRowHeight + faultRowHeight/2
		f.Text(svg.Point{X: f.left - 7, Y: y + 3.2}, svg.Fit(row.Name, widestName, minor(svg.End)), minor(svg.End))
		drawn := 0.0
		for _, fault := range row.Faults {
			from, to := f.at(fault.From), f.at(fault.To)
			to = min(max(to, from+2), f.right+1)
			if to <= drawn+0.5 {
				continue // nobody could see it
			}
			drawn = to
			f.Titled(faultTitle(fault), func() {
				f.Rect(svg.Box{X: from, Y: y - 3, Width: to - from, Height: 6, Radius: 1.5}, svg.Style{Fill: svg.FaultMark})
			})
		}
	}
}

// faultTitle tells all of a fault: partition(primary) n1<->n2, 6.28 s to 10.3 s.
func faultTitle(f series.Fault) string {
	name := f.Name
	if f.Call != "" {
		name = f.Call
	}
	if f.Where != "" {
		name += " " + f.Where
	}
	switch {
	case f.Momentary:
		return fmt.Sprintf("%s at %s", name, svg.Duration(float64(f.From)))
	case !f.Healed:
		return fmt.Sprintf("%s from %s on, not healed", name, svg.Duration(float64(f.From)))
	}
	return fmt.Sprintf("%s, %s to %s", name, svg.Duration(float64(f.From)), svg.Duration(float64(f.To)))
}
