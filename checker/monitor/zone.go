package monitor

import "github.com/jepsen-lite/jepsen-lite/history"

// zone is what a block of operations, between which no other may take effect,
// says of time: it is over not before its greatest call, and has begun by its
// least return. If first < last it certainly lasts from first to last (a forward
// zone); else one moment between last and first is all it needs (a backward
// zone). Gibbons and Korach 1997, section 4.
type zone struct{ first, last int64 }

func (z zone) isForward() bool { return z.first < z.last }

// clash returns two zones of which neither can come before the other, or none.
// Where any two can be ordered, all can (ibid., theorem 4.2).
func clash(zones []zone) (a, b int32) {
	forward, backward := make([]moment, 0, len(zones)), make([]moment, 0, len(zones))
	for i, z := range zones {
		if z.isForward() {
			forward = append(forward, moment{z.first, int32(i)})
		} else {
			backward = append(backward, moment{z.last, int32(i)})
		}
	}
	order(forward)
	for i := 1; i < len(forward); i++ {
		if a := forward[i-1].row; zones[forward[i].row].first < zones[a].last {
			return a, nearest(zones, a)
		}
	}
	order(backward)
	next := 0
	for _, m := range backward {
		for next < len(forward) && forward[next].time < m.time {
			next++
		}
		if next > 0 && zones[m.row].first < zones[forward[next-1].row].last {
			return forward[next-1].row, nearest(zones, forward[next-1].row)
		}
	}
	return none, none
}

// nearest returns, of the zones that clash with a, the one that had begun last: it
// is nearest to where a went on although it should not have. Where a has no end,
// it is the one that began first.
func nearest(zones []zone, a int32) int32 {
	b, endless := int32(none), zones[a].last == history.Never
	for i, z := range zones {
		if int32(i) == a || z.first >= zones[a].last || zones[a].first >= z.last {
			continue
		}
		if b == none || endless == (z.first < zones[b].first) {
			b = int32(i)
		}
	}
	return b
}
