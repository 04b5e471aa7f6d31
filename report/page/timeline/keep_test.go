package timeline

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// plain returns operations one after another, of one process; each tenth failed,
// each hundredth is unknown, each thousandth slow.
func plain(n int) []history.Op {
	ops := make([]history.Op, n)
	for i := range ops {
		call := int64(i) * 1000
		op := history.Op{F: "read", Call: call, Return: call + 100, Outcome: history.OK, Invoked: 2 * i}
		switch {
		case i%1000 == 999:
			op.Return = call + 900
		case i%100 == 0:
			op.Outcome, op.Return, op.GaveUp = history.Info, history.Never, call+50
		case i%10 == 0:
			op.Outcome = history.Fail
		}
		ops[i] = op
	}
	return ops
}

func TestAllIsHeldOfAShortHistory(t *testing.T) {
	keep, kept := choose(plain(1000), nil, 1000)
	if kept.Thinned() || kept.Held != 1000 || kept.Unknown != 10 || kept.Failed != 90 {
		t.Errorf("%+v", kept)
	}
	for i, k := range keep {
		if !k {
			t.Fatalf("operation %d is left out", i)
		}
	}
}

func TestThinningKeepsWhatMatters(t *testing.T) {
	const limit = 5000
	ops := plain(100_000)
	proof := []int{2 * 77_777, 2 * 99_999}
	keep, kept := choose(ops, proof, limit)
	switch {
	case !kept.Thinned() || kept.Held > limit || kept.Held < limit*9/10:
		t.Errorf("of %d held %d, want about %d", kept.All, kept.Held, limit)
	case kept.Unknown < limit/6 || kept.Failed < limit/6:
		t.Errorf("%d unknown and %d failed are held", kept.Unknown, kept.Failed)
	}
	for i := 77_777 - around; i <= 77_777+around; i++ {
		if !keep[i] {
			t.Errorf("operation %d is close to a proof, and left out", i)
		}
	}
	if !keep[99_999] || !keep[999] {
		t.Error("a proof, or a slow operation, is left out")
	}
	// The rest is spread over the run.
	for from := 0; from < len(ops); from += 10_000 {
		n := 0
		for _, k := range keep[from : from+10_000] {
			if k {
				n++
			}
		}
		if n < limit/20 {
			t.Errorf("only %d operations from %d on", n, from)
		}
	}
}

func TestThinningIsBounded(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		ops := plain(rapid.IntRange(0, 2000).Draw(r, "operations"))
		limit := rapid.IntRange(20, 1000).Draw(r, "limit")
		near := rapid.SliceOfN(rapid.IntRange(0, 4000), 0, 3).Draw(r, "near")
		keep, kept := choose(ops, near, limit)
		n := 0
		for i := range keep {
			if keep[i] {
				n++
			}
		}
		if n != kept.Held || n > limit || len(ops) <= limit && n != len(ops) || len(ops) > 0 && n == 0 {
			r.Errorf("%d of %d held, limit %d: %+v", n, len(ops), limit, kept)
		}
	})
}

// No lane has two operations at a time, but for those that were left open.
func TestLanes(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		h := histories().Draw(r, "history")
		l := lay(h.Ops, rapid.IntRange(0, 4).Draw(r, "clients"))
		free := make([]int64, len(l.names))
		for i := range h.Ops {
			op := &h.Ops[i]
			at := l.of[op.Process]
			if op.Call < free[at] {
				r.Errorf("lane %s has two operations at %d", l.names[at], op.Call)
			}
			free[at] = ended(op)
		}
	})
}

// Processes that follow one another share their client's lane.
func TestALaneIsAClient(t *testing.T) {
	ops := []history.Op{
		{Process: 1, Invoked: 0, Completed: 3},
		{Process: 0, Invoked: 1, Completed: 2}, // unknown
		{Process: 2, Invoked: 4, Completed: 5}, // unknown
		{Process: 4, Invoked: 6, Completed: 7},
	}
	l := lay(ops, 2)
	if len(l.names) != 2 || l.names[0] != "c0" || l.names[1] != "c1" || l.of[2] != 0 || l.of[4] != 0 || l.of[1] != 1 {
		t.Errorf("%v %v", l.names, l.of)
	}
}
