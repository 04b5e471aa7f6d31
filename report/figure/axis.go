package figure

import (
	"cmp"
	"math"
	"slices"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// Axis puts times on places so that operations are seen although there are long
// pauses between them: what is between two of the times is a piece, and pieces that
// are much longer than operations take are cut, which makes them all equally wide.
type Axis struct {
	// Pieces are one after another; there is at least one.
	Pieces []Piece
	// perPlace is how many nanoseconds a place is wide where nothing is cut; 0 where
	// all operations took no time.
	perPlace float64
}

// Piece is a part of an axis, from one time and place to the next.
type Piece struct {
	From, To    int64
	Left, Right float64
	Cut         bool
}

// tooLong is how many times as long as an operation a piece is that is cut.
const tooLong = 6

// NewAxis makes the axis of operations between two places. Pieces that are cut are
// as wide as that, or less where there are many.
func NewAxis(ops []Operation, left, right, cut float64) *Axis {
	a := &Axis{}
	times, usual := timesOf(ops)
	cuts, uncut := 0, int64(0)
	for i := range times[1:] {
		p := Piece{From: times[i], To: times[i+1]}
		p.Cut = float64(p.To-p.From) > tooLong*usual
		if p.Cut {
			cuts++
		} else {
			uncut += p.To - p.From
		}
		a.Pieces = append(a.Pieces, p)
	}
	width := 0.0
	if cuts > 0 {
		width = min(cut, (right-left)*0.6/float64(cuts))
	}
	if uncut > 0 {
		a.perPlace = float64(uncut) / (right - left - float64(cuts)*width)
	}
	x := left
	for i := range a.Pieces {
		p := &a.Pieces[i]
		p.Left, p.Right = x, x+width
		if !p.Cut && a.perPlace > 0 {
			p.Right = x + float64(p.To-p.From)/a.perPlace
		}
		x = p.Right
	}
	if len(a.Pieces) == 0 {
		a.Pieces = []Piece{{times[0], times[0], left, (left + right) / 2, false}}
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

// At is the place of a time; times beyond the ends have theirs on them.
func (a *Axis) At(ns int64) float64 {
	i, _ := slices.BinarySearchFunc(a.Pieces, ns, func(p Piece, ns int64) int { return cmp.Compare(p.To, ns) })
	if i == len(a.Pieces) {
		return a.Pieces[i-1].Right
	}
	p := a.Pieces[i]
	if ns <= p.From || p.To == p.From {
		return p.Left
	}
	return p.Left + float64(ns-p.From)/float64(p.To-p.From)*(p.Right-p.Left)
}

// Clusters returns the runs of pieces that are not cut, with the times between which
// they lie: also one of no length between two cuts.
func (a *Axis) Clusters() (all []Piece) {
	open := Piece{From: a.Pieces[0].From, To: a.Pieces[0].From, Left: a.Pieces[0].Left, Right: a.Pieces[0].Left}
	for _, p := range a.Pieces {
		if p.Cut {
			all = append(all, open)
			open = Piece{From: p.To, To: p.To, Left: p.Right, Right: p.Right}
			continue
		}
		open.To, open.Right = p.To, p.Right
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
