package checker

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// pnCounter judges the last reads of a counter that converges: each must be the
// sum of all acknowledged additions and of some of those whose outcome is unknown.
// Last are the reads that the history calls final, as Maelstrom's do; earlier ones
// may return anything.
type pnCounter struct{}

func (pnCounter) Name() string { return "pn-counter" }

// span is a range of totals, both ends included.
type span struct{ from, to int64 }

func (c pnCounter) Check(_ context.Context, h *history.History, o Options) (Result, error) {
	h, err := about(c.Name(), h, "add", "read")
	if err != nil {
		return Result{}, err
	}
	keys, byKey := history.Keys(h.Ops)
	var anomalies []Anomaly
	finals, unsure := 0, 0
	for _, key := range keys {
		totals, known, err := c.totals(byKey[key])
		if err != nil {
			return Result{}, err
		}
		for i := range byKey[key] {
			op := &byKey[key][i]
			n, said, err := amountOf(c.Name(), op)
			if err != nil {
				return Result{}, err
			}
			if op.F != "read" || !said || !op.Final {
				continue
			}
			finals++
			switch {
			case slices.ContainsFunc(totals, func(s span) bool { return s.from <= n && n <= s.to }):
			case !known:
				unsure++
			default:
				a := anomaly("wrong-total", "a final read returned %d, although the additions make %s", n, describeSpans(totals))
				a.Key, a.Ops = key, []int{op.Invoked}
				anomalies = append(anomalies, a)
			}
		}
	}
	r := found(anomalies, map[string]any{"keys": len(keys), "final_reads": finals, "errors": len(anomalies)})
	r.Engine = "subset sums"
	if unsure > 0 && r.Verdict == Valid {
		r.Verdict, r.Reason = Unknown, fmt.Sprintf("the additions of unknown outcome make too many totals to list, and %d final reads are none of those listed", unsure)
	}
	return r.untried(o, finals == 0, "the history calls no read final"), nil
}

// maxSpans bounds how many separate ranges of totals are followed.
const maxSpans = 1 << 14

// totals returns what a key's additions can come to, in order, and false if that
// is not all of it.
func (c pnCounter) totals(ops []history.Op) (totals []span, known bool, err error) {
	var certain int64
	var perhaps []int64
	for i := range ops {
		n, said, err := amountOf(c.Name(), &ops[i])
		switch {
		case err != nil:
			return nil, false, err
		case ops[i].F != "add" || !said:
		case ops[i].Outcome == history.OK:
			certain += n
		default:
			perhaps = append(perhaps, n)
		}
	}
	totals = []span{{certain, certain}}
	for _, n := range perhaps {
		for _, s := range totals {
			totals = append(totals, span{s.from + n, s.to + n})
		}
		if totals = join(totals); len(totals) > maxSpans {
			return totals, false, nil
		}
	}
	return totals, true, nil
}

// join sorts spans and makes one of those that touch.
func join(spans []span) []span {
	slices.SortFunc(spans, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	joined := spans[:1]
	for _, s := range spans[1:] {
		if last := &joined[len(joined)-1]; s.from <= last.to+1 {
			last.to = max(last.to, s.to)
		} else {
			joined = append(joined, s)
		}
	}
	return joined
}

func describeSpans(spans []span) (text string) {
	for i, s := range spans {
		switch {
		case i == 5:
			return text + " or others"
		case i > 0:
			text += " or "
		}
		if text += fmt.Sprint(s.from); s.to > s.from {
			text += fmt.Sprintf(" to %d", s.to)
		}
	}
	return text
}
