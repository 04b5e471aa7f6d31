package checker

import (
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model"
)

// visualizedOps is how many operations porcupine's picture shows: a browser
// cannot show many more.
const visualizedOps = 2000

// Visualize writes porcupine's interactive picture of a history, a page of HTML:
// of all keys if they have up to 2,000 operations together, else of those
// operations that the anomalies name. It says in a sentence what it drew.
func Visualize(w io.Writer, m model.Model, h *history.History, r Result) (drawn string, err error) {
	ops, err := m.Prepare(h.Ops)
	if err != nil {
		return "", err
	}
	drawn = fmt.Sprintf("all %d operations", len(ops))
	if len(ops) > visualizedOps {
		var named []int
		for _, a := range r.Anomalies {
			named = append(named, a.Ops...)
		}
		if len(named) == 0 {
			return "", fmt.Errorf("%d operations without a violation are too many to draw (porcupine's picture shows up to %d)", len(ops), visualizedOps)
		}
		ops = slices.DeleteFunc(ops, func(op model.Op) bool { return !slices.Contains(named, op.ID) })
		drawn = fmt.Sprintf("the %d operations of the violations, alone", len(ops))
	}
	pm := m.Porcupine()
	_, info := porcupine.CheckOperationsVerbose(pm, drawable(m.Operations(ops)), 10*time.Second)
	if err := porcupine.Visualize(pm, info, w); err != nil {
		return "", fmt.Errorf("draw: %w", err)
	}
	return drawn, nil
}

// drawable gives operations of unknown outcome an end that can be drawn: after
// all others.
func drawable(ops []porcupine.Operation) []porcupine.Operation {
	last := int64(0)
	for i := range ops {
		if last = max(last, ops[i].Call); ops[i].Return != history.Never {
			last = max(last, ops[i].Return)
		}
	}
	for i := range ops {
		if ops[i].Return == history.Never {
			ops[i].Return = last + 1
		}
	}
	return ops
}
