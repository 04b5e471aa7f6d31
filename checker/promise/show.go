package promise

import (
	"fmt"
	"slices"
	"strings"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model"
)

// sprint formats, with rows shown as process and operation.
func (t *tape) sprint(format string, rows ...int32) string {
	args := make([]any, len(rows))
	for i, n := range rows {
		op := &t.ops[t.rows[n].at]
		args[i] = fmt.Sprintf("%s of process %s", described(op), op.Process)
	}
	return fmt.Sprintf(format, args...)
}

// maxDescribed bounds how much of an operation is shown: reads can list very much.
const maxDescribed = 160

// described is the operation as a witness shows it: write(2) → 2 on x.
func described(op *history.Op) string {
	shown := model.Op{F: op.F, Arg: op.Input, Result: op.Output, Certain: op.Outcome != history.Info}
	text := shown.String()
	if len(text) > maxDescribed {
		text = strings.ToValidUTF8(text[:maxDescribed], "") + "…"
	}
	if op.Key != "" {
		text += " on " + op.Key
	}
	return text
}

// anomaly is the breach with its witness.
func (t *tape) anomaly(b *breach) *checker.Anomaly {
	a := checker.Anomaly{Type: b.kind, Explanation: b.explanation}
	keys := map[string]bool{}
	for _, n := range b.rows {
		op := &t.ops[t.rows[n].at]
		a.Ops = append(a.Ops, op.Invoked)
		keys[op.Key] = true
	}
	slices.Sort(a.Ops)
	if a.Ops = slices.Compact(a.Ops); len(keys) == 1 {
		a.Key = t.ops[t.rows[b.rows[0]].at].Key
	}
	return drawn(t.ops, a)
}

// drawn gives an anomaly without a witness one: its operations.
func drawn(ops []history.Op, a checker.Anomaly) *checker.Anomaly {
	if len(a.Witness) > 0 {
		return &a
	}
	for _, index := range a.Ops {
		op := opAt(ops, index)
		if op == nil {
			continue // a completion that nobody invoked
		}
		w := checker.WitnessOp{Index: index, Process: int(op.Process), Operation: described(op), CallNS: op.Call}
		if op.Outcome != history.Info {
			w.ReturnNS = op.Return
		}
		a.Witness = append(a.Witness, w)
	}
	return &a
}

// opAt returns the operation with that invocation, or nil.
func opAt(ops []history.Op, invoked int) *history.Op {
	at, found := history.Find(ops, invoked)
	if !found {
		return nil
	}
	return &ops[at]
}
