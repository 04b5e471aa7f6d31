package checker

import (
	"context"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// boundsCounter judges the reads of a counter that starts at 0 by bounds: each
// is at least what had certainly been added when it began, less what may have
// been taken away, and at most that and all that may have been added by its end.
// Jepsen's counter. It finds less than linearizable(counter), in linear time.
type boundsCounter struct{}

func (boundsCounter) Name() string { return "bounds-counter" }

// readBounds is a read with its bounds.
type readBounds struct {
	op                  *history.Op
	lower, value, upper int64
}

func (b readBounds) broken() bool { return b.value < b.lower || b.value > b.upper }

func (c boundsCounter) Check(_ context.Context, h *history.History, o Options) (Result, error) {
	h, err := about(c.Name(), h, "add", "read")
	if err != nil {
		return Result{}, err
	}
	keys, byKey := history.Keys(h.Ops)
	var anomalies []Anomaly
	reads := 0
	for _, key := range keys {
		all, err := c.reads(byKey[key])
		if err != nil {
			return Result{}, err
		}
		reads += len(all)
		for _, b := range all {
			if b.broken() {
				a := anomaly("out-of-bounds", "a read returned %d, although what was added by then makes at least %d and at most %d", b.value, b.lower, b.upper)
				a.Key, a.Ops = key, []int{b.op.Invoked}
				anomalies = append(anomalies, a)
			}
		}
	}
	r := found(anomalies, map[string]any{"keys": len(keys), "reads": reads, "errors": len(anomalies)})
	r.Engine = "bounds"
	return r.untried(o, reads == 0, "nothing was read"), nil
}

// sums are the sums of the amounts above and below 0.
type sums struct{ up, down int64 }

func (s *sums) add(n int64) {
	s.up += max(n, 0)
	s.down += min(n, 0)
}

// reads returns the reads of one key with their bounds, by completion.
func (c boundsCounter) reads(ops []history.Op) ([]readBounds, error) {
	var (
		begun, certain sums
		reads          []readBounds
		then           = map[*history.Op]sums{} // what was certain when a read began
	)
	for _, m := range moments(ops) {
		n, said, err := amountOf(c.Name(), m.op)
		switch read := m.op.F == "read"; {
		case err != nil:
			return nil, err
		case !said:
		case read && !m.completed:
			then[m.op] = certain
		case read:
			was := then[m.op]
			reads = append(reads, readBounds{m.op, was.up + begun.down, n, was.down + begun.up})
		case !m.completed:
			begun.add(n)
		case m.op.Outcome == history.OK:
			certain.add(n)
		}
	}
	return reads, nil
}
