package paper

import (
	"cmp"
	"slices"
	"sort"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/report/series"
)

// measured is what a run's history says besides its results.
type measured struct {
	windows []series.Window
	// answered counts, of each window, the operations called in it that the servers
	// answered; calm those outside all windows, and how many there were.
	answered       []int
	calm           served
	outside, under *spread
}

// served is a number of operations, and how many of them the servers answered.
type served struct{ answered, called int }

// watch counts what became of operations that were called within windows of faults
// and outside.
func (m *measured) watch(ops []history.Op, end int64) {
	var all []stretch
	for _, w := range m.windows {
		all = append(all, window(w, end))
	}
	faulty := union(slices.Clone(all))
	for i := range ops {
		op := &ops[i]
		answered := op.Outcome == history.OK || op.Outcome == history.Fail && !op.Output.IsAbsent()
		if !covers(faulty, op.Call) {
			m.calm.called++
			if answered {
				m.calm.answered++
			}
			if op.Outcome == history.OK {
				m.outside.add(op.Return - op.Call)
			}
			continue
		}
		if op.Outcome == history.OK {
			m.under.add(op.Return - op.Call)
		}
		for j, w := range all {
			if answered && op.Call >= w.from && op.Call < w.to {
				m.answered[j]++
			}
		}
	}
}

// stretch is a time of the run, from its beginning on and before its end.
type stretch struct{ from, to int64 }

// window returns the time of a window, as package series has it.
func window(w series.Window, end int64) stretch {
	if w.Fault.Momentary {
		return stretch{w.Fault.From, max(w.Fault.To, min(w.Fault.From+series.Aftermath, end))}
	}
	return stretch{w.Fault.From, w.Fault.To}
}

// union returns the times that any of them covers, in order.
func union(all []stretch) []stretch {
	slices.SortFunc(all, func(a, b stretch) int { return cmp.Compare(a.from, b.from) })
	var merged []stretch
	for _, s := range all {
		if n := len(merged); n > 0 && s.from <= merged[n-1].to {
			merged[n-1].to = max(merged[n-1].to, s.to)
		} else {
			merged = append(merged, s)
		}
	}
	return merged
}

func covers(sorted []stretch, at int64) bool {
	i := sort.Search(len(sorted), func(i int) bool { return sorted[i].to > at })
	return i < len(sorted) && sorted[i].from <= at
}
