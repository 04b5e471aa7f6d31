package figure

import (
	"fmt"
	"slices"

	"github.com/jepsen-lite/jepsen-lite/report/series"
	"github.com/jepsen-lite/jepsen-lite/report/svg"
)

const (
	// maxHistograms bounds how many operations have one: those most often called.
	maxHistograms   = 8
	histogramHeight = 46.0
	histogramGap    = 22.0
)

// Histogram draws how long the operations of each name took that succeeded.
func Histogram(s *series.Series, o Options) *svg.Drawing {
	shown := slices.DeleteFunc(slices.Clone(s.Histograms), func(h series.Histogram) bool { return total(h) == 0 })
	slices.SortStableFunc(shown, func(a, b series.Histogram) int { return total(b) - total(a) })
	left := 0
	if len(shown) > maxHistograms {
		left, shown = len(shown)-maxHistograms, shown[:maxHistograms]
	}
	const top = 16.0
	height := top + float64(max(1, len(shown)))*(histogramHeight+histogramGap)
	d := svg.New(o.ID, svg.Size{Width: o.width(), Height: height + axisHeight - 6})
	d.Describe("How many operations took how long, by operation.")
	text := "Latency of the operations that succeeded, log scale"
	if left > 0 {
		text += fmt.Sprintf("; %d operations more that were called less often", left)
	}
	d.Text(svg.Point{Y: 11}, svg.Fit(text, o.width(), major(svg.Start)), major(svg.Start))
	if len(shown) == 0 {
		d.Text(svg.Point{X: o.width() / 2, Y: top + histogramHeight}, "no operation succeeded", minor(svg.Middle))
		return d
	}
	first, last := occupied(shown)
	names := 0.0
	for _, h := range shown {
		names = max(names, svg.Width(s.Operations[h.Operation], major(svg.Start)), svg.Width(svg.Count(total(h)), minor(svg.Start)))
	}
	names = min(names, 110) + 14
	scale := svg.Logarithmic{Min: boundAt(first), Max: boundAt(last + 1), From: names, To: o.width() - edge}
	for i, h := range shown {
		y := top + float64(i)*(histogramHeight+histogramGap) + histogramGap
		d.Text(svg.Point{Y: y + histogramHeight - 16}, svg.Fit(s.Operations[h.Operation], names-10, major(svg.Start)), major(svg.Start))
		d.Text(svg.Point{Y: y + histogramHeight - 3}, svg.Count(total(h)), minor(svg.Start))
		drawHistogram(d, h, scale, y)
	}
	labels := below{drawing: d, y: height + 15}
	for _, v := range scale.Ticks(8) {
		x := scale.At(v)
		d.Line(svg.Point{X: x, Y: height}, svg.Point{X: x, Y: height + 4}, svg.Style{Stroke: svg.Rule})
		labels.write(x, svg.Duration(v))
	}
	d.Size.Height = height + axisHeight
	return d
}

func total(h series.Histogram) (n int) {
	for _, count := range h.Counts {
		n += count
	}
	return n
}

// occupied returns the first and the last part that any of the histograms has.
func occupied(all []series.Histogram) (first, last int) {
	first = len(all[0].Counts)
	for _, h := range all {
		for i, n := range h.Counts {
			if n > 0 {
				first, last = min(first, i), max(last, i)
			}
		}
	}
	return first, last
}

// boundAt is where a part begins that has a place on a logarithmic scale: the first
// begins at nothing, and is drawn as wide as others.
func boundAt(part int) float64 {
	if part == 0 {
		return float64(series.Bound(1)) * 0.79
	}
	return float64(series.Bound(part))
}

// drawHistogram draws one, with its quantiles: bars are of equal width, so that
// their heights compare.
func drawHistogram(d *svg.Drawing, h series.Histogram, scale svg.Logarithmic, top float64) {
	bottom := top + histogramHeight
	highest := float64(slices.Max(h.Counts))
	for i, n := range h.Counts {
		if n == 0 {
			continue
		}
		from, to := scale.At(boundAt(i)), scale.At(boundAt(i+1))
		height := max(1, float64(n)/highest*histogramHeight)
		d.Titled(fmt.Sprintf("%s took %s to %s", svg.Count(n), svg.Duration(float64(series.Bound(i))), svg.Duration(float64(series.Bound(i+1)))), func() {
			d.Rect(svg.Box{X: from + 0.5, Y: bottom - height, Width: to - from - 1, Height: height}, svg.Style{Fill: svg.OK})
		})
	}
	d.Line(svg.Point{X: scale.From, Y: bottom}, svg.Point{X: scale.To, Y: bottom}, svg.Style{Stroke: svg.Rule})
	free := scale.From
	for _, q := range []struct {
		name string
		at   int64
	}{{"50 %", h.P50}, {"95 %", h.P95}, {"99 %", h.P99}, {"max", h.Max}} {
		x := scale.At(float64(max(q.at, 1)))
		d.Line(svg.Point{X: x, Y: top - 4}, svg.Point{X: x, Y: bottom}, svg.Style{Stroke: svg.Ink, Width: 0.8, Dash: "2 2"})
		text := q.name + ": " + svg.Duration(float64(q.at))
		width := svg.Width(text, minor(svg.Start))
		at := max(free, min(x-4, scale.To-width))
		if at > x+4 || at+width > scale.To+edge {
			continue // beside the others there is no room; the line stands
		}
		d.Text(svg.Point{X: at, Y: top - 7}, text, minor(svg.Start))
		free = at + width + 8
	}
}
