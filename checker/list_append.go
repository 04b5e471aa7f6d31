package checker

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jepsen-lite/jepsen-lite/checker/txn"
	"github.com/jepsen-lite/jepsen-lite/history"
)

// listAppend judges transactions that append to lists and read them, by a
// consistency model; see package txn.
type listAppend struct {
	model txn.Model
	named bool
}

func parseListAppend(parameter string) (Check, error) {
	if parameter == "" {
		return listAppend{model: txn.Strongest()}, nil
	}
	m, err := txn.ParseModel(parameter)
	if err != nil {
		return nil, fmt.Errorf("check list-append(%s): %w", parameter, err)
	}
	return listAppend{m, true}, nil
}

func (c listAppend) Name() string {
	if !c.named {
		return "list-append"
	}
	return "list-append(" + c.model.Name + ")"
}

func (c listAppend) Check(ctx context.Context, h *history.History, o Options) (Result, error) {
	h = withUnpaired(h)
	keys, byKey := history.Keys(h.Ops)
	reports := make([]txn.Report, len(keys))
	problems := make([]error, len(keys))
	limited, cancel := context.WithTimeout(ctx, o.Timeout)
	defer cancel()
	sideBySide(len(keys), func(done int) { o.Progress(c.Name(), done, len(keys)) }, func(i int) {
		reports[i], problems[i] = c.judge(limited, byKey[keys[i]])
	})
	if err := errors.Join(problems...); err != nil {
		return Result{}, err
	}
	var total txn.Report
	var anomalies []Anomaly
	byID := shownByID(h.Ops)
	for i, report := range reports {
		total.Transactions += report.Transactions
		total.Dependencies += report.Dependencies
		total.Interrupted = total.Interrupted || report.Interrupted
		if !report.Ambiguous.IsAbsent() {
			total.Ambiguous = report.Ambiguous
		}
		for _, found := range report.Anomalies {
			a := Anomaly{Type: found.Type, Key: keys[i], Explanation: found.Explanation, Ops: slices.Clone(found.IDs)}
			slices.Sort(a.Ops)
			anomalies = append(anomalies, byID.witness(a))
		}
	}
	r := found(anomalies, map[string]any{"keys": len(keys), "transactions": total.Transactions, "dependencies": total.Dependencies, "anomalies": len(anomalies)})
	r.Engine, r.Model = "dependency cycles", c.model.Name
	if r.Verdict == Valid {
		r.Verdict, r.Reason = c.enough(total, o)
	}
	return r, nil
}

// enough is the verdict where nothing is wrong: unknown if too little was seen.
func (c listAppend) enough(total txn.Report, o Options) (Verdict, string) {
	switch {
	case total.Interrupted:
		return Unknown, fmt.Sprintf("not all cycles were looked for within %v; try --timeout", o.Timeout)
	case !total.Ambiguous.IsAbsent():
		return Unknown, fmt.Sprintf("%s was appended twice to the same list: who wrote what was read is not known", total.Ambiguous)
	case total.Dependencies == 0:
		return Unknown, "no transaction is known to depend on another"
	}
	return Valid, ""
}

func (c listAppend) judge(ctx context.Context, ops []history.Op) (txn.Report, error) {
	txns := make([]txn.Txn, len(ops))
	for i := range ops {
		t, err := txn.Parse(&ops[i])
		if err != nil {
			return txn.Report{}, misfit(c.Name(), &ops[i], "%v", err)
		}
		txns[i] = t
	}
	return txn.Check(ctx, txns, c.model), nil
}

// opsByID finds operations by their invocations, which are in order.
type opsByID []history.Op

func shownByID(ops []history.Op) opsByID {
	if slices.IsSortedFunc(ops, byInvocation) {
		return ops
	}
	sorted := slices.Clone(ops)
	slices.SortFunc(sorted, byInvocation)
	return sorted
}

func byInvocation(a, b history.Op) int { return cmp.Compare(a.Invoked, b.Invoked) }

// witness adds the operations that prove the anomaly, as they are.
func (ops opsByID) witness(a Anomaly) Anomaly {
	for _, id := range a.Ops {
		at, ok := history.Find(ops, id)
		if !ok {
			continue
		}
		op := &ops[at]
		w := WitnessOp{Index: id, Process: int(op.Process), Operation: op.F + " " + op.Input.String() + " → ?", CallNS: op.Call}
		if op.Outcome == history.OK {
			w.Operation, w.ReturnNS = op.F+" "+op.Output.String(), op.Return
		}
		a.Witness = append(a.Witness, w)
	}
	return a
}
