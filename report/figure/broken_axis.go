package figure

import (
	"cmp"
	"math"
	"slices"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// brokenAxis puts times on pixels so that operations are seen although there are long
// pauses between them: what is between two of the times is a piece, and pieces that
// are much longer than operations take are cut, which makes them all equally wide.
type brokenAxis struct {
	pieces []piece // one after another
	// perPixel is how many nanoseconds a pixel is where nothing is cut; 0 where all
	// operations took no time.
	perPixel float64
}

type piece struct {
	from, to    int64
	left, right float64
	cut         bool
}

const (
	// tooLong is how many times as long as an operation a piece is that is cut.
	tooLong = 6
	// cutWidth is how wide a cut piece is at most.
	cutWidth = 84.0
)

// newBrokenAxis makes the axis of operations between two places.
func newBrokenAxis(ops []Operation, left, right float64) *brokenAxis {
	a := &brokenAxis{}
	times, usual := timesOf(ops)
	cuts, uncut := 0, int64(0)
	for i := range times[1:] {
		p := piece{from: times[i], to: times[i+1]}
		p.cut = float64(p.to-p.from) > tooLong*usual
		if p.cut {
			cuts++
		} else {
			uncut += p.to - p.from
		}
		a.pieces = append(a.pieces, p)
	}
	width := 0.0
	if cuts > 0 {
		width = min(cutWidth, (right-left)*0.6/float64(cuts))
	}
	if uncut > 0 {
		a.perPixel = float64(uncut) / (right - left - float64(cuts)*width)
	}
	x := left
	for i := range a.pieces {
		p := &a.pieces[i]
		p.left, p.right = x, x+width
		if !p.cut && a.perPixel > 0 {
			p.right = x + float64(p.to-p.from)/a.perPixel
		}
		x = p.right
	}
	if len(a.pieces) == 0 {
		a.pieces = []piece{{times[0], times[0], left, (left + right) / 2, false}}
	}
	return a
}

// timesOf returns when operations began and ended, each once, and how long they
// usually took.
func timesOf(ops []Operation) (times []int64, usual float64) {
	var took []int64
	for _, op := range ops {
		times = append(times, op.Call)
		if op.Return != history.Never {
			times, took = append(times, op.Return), append(took, op.Return-op.Call)
		}
	}
	slices.Sort(times)
	times = slices.Compact(times)
	if times == nil {
		return []int64{0}, 0
	}
	slices.SortFunc(took, cmp.Compare[int64])
	if len(took) > 0 && took[len(took)/2] > 0 {
		return times, float64(took[len(took)/2])
	}
	return times, max(1, float64(times[len(times)-1]-times[0])/10)
}

// at is where a time is drawn; times beyond the ends are drawn on them.
func (a *brokenAxis) at(ns int64) float64 {
	i, _ := slices.BinarySearchFunc(a.pieces, ns, func(p piece, ns int64) int { return cmp.Compare(p.to, ns) })
	if i == len(a.pieces) {
		return a.pieces[i-1].right
	}
	p := a.pieces[i]
	if ns <= p.from || p.to == p.from {
		return p.left
	}
	return p.left + float64(ns-p.from)/float64(p.to-p.from)*(p.right-p.left)
}

// clusters returns the runs of pieces that are not cut, with the times between which
// they lie: also one of no length between two cuts.
func (a *brokenAxis) clusters() (all []piece) {
	open := piece{from: a.pieces[0].from, to: a.pieces[0].from, left: a.pieces[0].left, right: a.pieces[0].left}
	for _, p := range a.pieces {
		if p.cut {
			all = append(all, open)
			open = piece{from: p.to, to: p.to, left: p.right, right: p.right}
			continue
		}
		open.to, open.right = p.to, p.right
	}
	return append(all, open)
}

// places is how many places after the second tell the times of a cluster apart.
func places(length int64) int {
	if length <= 0 {
		return 4
	}
	return min(9, max(2, 1-int(math.Floor(math.Log10(float64(length)/1e9)))))
}
