package figure

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/jepsen-lite/jepsen-lite/report/series"
	"github.com/jepsen-lite/jepsen-lite/report/svg"
)

// span is a row of the picture: a window, or all of a fault's name.
type span struct {
	label, detail string
	short         string // detail where there is little room
	series.Outcomes
	gap string
	// first is the time to the first success.
	first string
}

const (
	// maxWindows is up to how many windows each has a row.
	maxWindows = 12
	spanHeight = 21.0
)

// Availability draws for each fault what share of the operations succeeded that were
// called while it lasted, and how soon one did after its healing. Of more than twelve
// faults, those of a name have one row, with the median and the longest.
func Availability(s *series.Series, o Options) *svg.Drawing {
	spans := spansOf(s.Windows)
	d := svg.New(o.ID, svg.Size{Width: o.width(), Height: 44 + float64(max(1, len(spans)))*spanHeight})
	d.Describe("The share of operations that succeeded while each fault lasted, and the time to the first success after it.")
	if len(spans) == 0 {
		d.Text(svg.Point{X: o.width() / 2, Y: 40}, "no fault took effect", minor(svg.Middle))
		return d
	}
	t := newTable(d, spans)
	t.header()
	for i, row := range spans {
		t.row(row, 40+float64(i)*spanHeight)
	}
	return d
}

func spansOf(windows []series.Window) (spans []span) {
	if len(windows) > maxWindows {
		return spansByName(windows)
	}
	for _, w := range windows {
		row := span{
			label: w.Fault.Name, Outcomes: w.Outcomes, detail: "at " + svg.Duration(float64(w.Fault.From)),
			gap: svg.Duration(float64(w.LongestGap)), first: firstSuccess(w),
		}
		row.short = row.detail
		if w.Fault.To > w.Fault.From {
			row.detail += " for " + svg.Duration(float64(w.Fault.To-w.Fault.From))
		}
		spans = append(spans, row)
	}
	return spans
}

func firstSuccess(w series.Window) string {
	switch {
	case !w.Fault.Healed:
		return "not healed"
	case w.FirstSuccess < 0:
		return "none"
	}
	return svg.Duration(float64(w.FirstSuccess))
}

func spansByName(windows []series.Window) (spans []span) {
	byName := map[string][]series.Window{}
	var names []string
	for _, w := range windows {
		if byName[w.Fault.Name] == nil {
			names = append(names, w.Fault.Name)
		}
		byName[w.Fault.Name] = append(byName[w.Fault.Name], w)
	}
	for i, name := range names {
		if i == maxWindows-1 && len(names) > maxWindows {
			return append(spans, span{label: fmt.Sprintf("%d names more", len(names)-i)})
		}
		spans = append(spans, spanOf(name, byName[name]))
	}
	return spans
}

func spanOf(name string, windows []series.Window) span {
	times := "× " + svg.Count(len(windows))
	row := span{label: name, detail: times, short: times}
	var gaps, firsts []int64
	never := 0
	for _, w := range windows {
		row.OK, row.Fail, row.Info = row.OK+w.OK, row.Fail+w.Fail, row.Info+w.Info
		gaps = append(gaps, w.LongestGap)
		if w.Fault.Healed && w.FirstSuccess >= 0 {
			firsts = append(firsts, w.FirstSuccess)
		} else {
			never++
		}
	}
	row.gap, row.first = typical(gaps), typical(firsts)
	if never > 0 {
		row.first += fmt.Sprintf(", %d none", never)
	}
	return row
}

// typical is the median and the longest.
func typical(all []int64) string {
	if len(all) == 0 {
		return "–"
	}
	slices.SortFunc(all, cmp.Compare[int64])
	return svg.Duration(float64(all[(len(all)-1)/2])) + ", at most " + svg.Duration(float64(all[len(all)-1]))
}

// table has the places of its columns.
type table struct {
	*svg.Drawing
	bar, barEnd, share, gap, first float64
}

func newTable(d *svg.Drawing, rows []span) *table {
	names, gaps, firsts := 0.0, svg.Width("longest gap", minor("")), svg.Width("first success", minor(""))
	for _, r := range rows {
		names = max(names, svg.Width(r.label, major(""))+6+svg.Width(r.detail, minor("")))
		gaps, firsts = max(gaps, svg.Width(r.gap, minor(""))), max(firsts, svg.Width(r.first, minor("")))
	}
	const shareWidth = 92.0
	t := &table{Drawing: d, bar: min(names, d.Size.Width*0.36) + 12, first: d.Size.Width - edge}
	t.gap = t.first - firsts - 14
	t.share = t.gap - gaps - 14 - shareWidth
	if t.share < t.bar+70 { // too narrow for all
		t.gap, t.share = 0, t.first-firsts-14-shareWidth
	}
	if t.share < t.bar+40 {
		t.first, t.share = 0, d.Size.Width-shareWidth
	}
	t.barEnd = max(t.bar+10, t.share-8)
	return t
}

func (t *table) header() {
	const baseline = 24.0
	t.Text(svg.Point{Y: 11}, "Operations called while a fault lasted", major(""))
	t.Text(svg.Point{X: t.share, Y: baseline}, "succeeded", minor(""))
	if t.gap > 0 {
		t.Text(svg.Point{X: t.gap, Y: baseline}, "longest gap", minor(svg.End))
	}
	if t.first > 0 {
		t.Text(svg.Point{X: t.first, Y: 11}, "after healing", minor(svg.End))
		t.Text(svg.Point{X: t.first, Y: baseline}, "first success", minor(svg.End))
	}
	t.Line(svg.Point{Y: baseline + 6}, svg.Point{X: t.Size.Width - edge, Y: baseline + 6}, svg.Style{Stroke: svg.Rule})
}

func (t *table) row(r span, y float64) {
	label := svg.Fit(r.label, t.bar-12, major(""))
	t.Text(svg.Point{Y: y + 8}, label, major(""))
	beside := svg.Width(label, major("")) + 6
	detail := svg.Fit(r.detail, t.bar-10-beside, minor(""))
	if detail != r.detail {
		detail = svg.Fit(r.short, t.bar-10-beside, minor(""))
	}
	t.Text(svg.Point{X: beside, Y: y + 8}, detail, minor(""))
	share := "no operations"
	if n := r.Total(); n > 0 {
		share = svg.Percent(float64(r.OK)/float64(n)) + " of " + svg.Count(n)
		t.Titled(fmt.Sprintf("%s ok, %s fail, %s info", svg.Count(r.OK), svg.Count(r.Fail), svg.Count(r.Info)), func() { t.shares(r.Outcomes, y) })
	}
	t.Text(svg.Point{X: t.share, Y: y + 8}, share, minor(""))
	if t.gap > 0 {
		t.Text(svg.Point{X: t.gap, Y: y + 8}, r.gap, minor(svg.End))
	}
	if t.first > 0 {
		t.Text(svg.Point{X: t.first, Y: y + 8}, r.first, minor(svg.End))
	}
}

// shares draws the outcomes as parts of a bar.
func (t *table) shares(counts series.Outcomes, y float64) {
	x, width := t.bar, t.barEnd-t.bar
	for _, out := range outcomes() {
		part := width * float64(out.count(counts)) / float64(counts.Total())
		if part > 0 {
			t.Rect(svg.Box{X: x, Y: y, Width: part, Height: 9}, out.area())
		}
		x += part
	}
}
