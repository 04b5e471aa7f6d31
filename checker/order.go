package checker

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model"
)

// moment is an operation's invocation or completion, in the order of events.
//
// Why not their times: Jepsen's checkers go by the order of events, in histories
// whose times are missing or all the same. The order never contradicts the times.
type moment struct {
	index int
	op    *history.Op
	// completed: not the invocation.
	completed bool
}

// moments returns the invocations and completions of the operations, in order. A
// completion that nobody invoked was invoked before everything.
func moments(ops []history.Op) []moment {
	all := make([]moment, 0, 2*len(ops))
	for i := range ops {
		op := &ops[i]
		all = append(all, moment{index: called(op), op: op})
		if op.Completed >= 0 {
			all = append(all, moment{op.Completed, op, true})
		}
	}
	slices.SortStableFunc(all, func(a, b moment) int { return cmp.Compare(a.index, b.index) })
	return all
}

// called returns the index of the invocation; -1: it was not recorded.
func called(op *history.Op) int {
	if op.Invoked == op.Completed {
		return -1
	}
	return op.Invoked
}

// about returns the history with the completions that nobody invoked as operations
// of their own, or an error unless some operation is one of those that the check
// reads, or there is none. It ignores others, as Jepsen's checkers do.
func about(check string, h *history.History, names ...string) (*history.History, error) {
	h = withUnpaired(h)
	for i := range h.Ops {
		if slices.Contains(names, h.Ops[i].F) {
			return h, nil
		}
	}
	if len(h.Ops) == 0 {
		return h, nil
	}
	return nil, misfit(check, &h.Ops[0], "none of its operations is one of %v", names)
}

// withUnpaired makes operations of completions that nobody invoked. They may have
// begun at any time; their value is what was asked for as well as what came out.
func withUnpaired(h *history.History) *history.History {
	if len(h.Unpaired) == 0 {
		return h
	}
	whole := *h
	whole.Ops, whole.Unpaired = slices.Clone(h.Ops), nil
	for i := range h.Unpaired {
		e := &h.Unpaired[i]
		op := history.Op{
			Process: e.Process, F: e.F, Key: e.Key, Input: e.Value, Output: e.Value, Return: e.Time,
			Outcome: e.Type, Final: e.Final(), Error: e.Error, Invoked: e.Index, Completed: e.Index,
		}
		if e.Type == history.Info {
			op.Return = history.Never
		}
		whole.Ops = append(whole.Ops, op)
	}
	slices.SortFunc(whole.Ops, byInvocation)
	return &whole
}

func misfit(check string, op *history.Op, format string, args ...any) error {
	return &model.MisfitError{Model: check, Event: op.Invoked, Reason: fmt.Sprintf(format, args...)}
}

// amounts reads the integers of a counter's operations: what an add adds, what a
// read returned. It returns false for an operation that says nothing.
func amountOf(check string, op *history.Op) (n int64, ok bool, err error) {
	v := op.Input
	if op.F == "read" {
		if v = op.Output; op.Outcome != history.OK || v.IsAbsent() {
			return 0, false, nil
		}
	} else if op.F != "add" || op.Outcome == history.Fail {
		return 0, false, nil
	}
	n, ok = v.Int()
	if !ok || n > maxAmount || n < -maxAmount {
		return 0, false, misfit(check, op, "the value of %s is %.60s: expected an integer between -2^40 and 2^40", op.F, v)
	}
	return n, true, nil
}

// maxAmount bounds amounts so that sums of millions of them do not overflow.
const maxAmount = 1 << 40

// frequencies returns n of the values at the points from 0 to 1 that Jepsen
// reports; nil of none.
func frequencies(values []int64) map[string]int64 {
	if len(values) == 0 {
		return nil
	}
	slices.Sort(values)
	at := map[string]int64{}
	for name, p := range map[string]float64{"0": 0, "0.5": 0.5, "0.95": 0.95, "0.99": 0.99, "1": 1} {
		at[name] = values[min(int(math.Floor(float64(len(values))*p)), len(values)-1)]
	}
	return at
}

// untried makes a valid result unknown because what would tell was not seen; not
// under Jepsen's quirks, where nothing seen is nothing wrong.
func (r Result) untried(o Options, nothing bool, reason string) Result {
	if nothing && r.Verdict == Valid && !o.JepsenQuirks {
		r.Verdict, r.Reason = Unknown, reason
	}
	return r
}
