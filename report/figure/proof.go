package figure

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model"
	"github.com/jepsen-lite/jepsen-lite/report/series"
)

// Proof is an anomaly with all that is drawn of it.
type Proof struct {
	// Type and Key are the anomaly's.
	Type, Key string
	// Operations prove it, by call.
	Operations []Operation
	// Broken is the place in Operations of the one that cannot be explained any more
	// once it returned: the last to return. -1: none returned, or there is but one and
	// no model forbids it, as of an element that was lost.
	Broken int
	// Faults are those that overlap with the operations' time.
	Faults []series.Fault
	// Order is an order of all operations but the broken one that the model allows;
	// nil where none is known. Then no order allows the broken one as well.
	Order []Step
	// Start is the state before the first of Order.
	Start string
}

// Operation is one of a proof.
type Operation struct {
	Index, Process int
	Text           string // dequeue → 7
	// Return is [history.Never] where the outcome is unknown.
	Call, Return int64
	Outcome      history.Type
}

// Step is an operation that took effect, and the state after it.
type Step struct {
	Operation int // in the proof's Operations
	State     string
}

// ProofOf gathers what is drawn of an anomaly that a check found in a history, whose
// operations are by invocation. An operation that only the anomaly's witness has is
// drawn as that has it; one that neither has is left out.
func ProofOf(h *history.History, s *series.Series, found checker.Result, a checker.Anomaly) Proof {
	p := Proof{Type: a.Type, Key: a.Key, Broken: -1}
	indexes := slices.Compact(slices.Sorted(slices.Values(a.Ops)))
	var ops []history.Op
	for _, index := range indexes {
		at, recorded := history.Find(h.Ops, index)
		seen := slices.IndexFunc(a.Witness, func(w checker.WitnessOp) bool { return w.Index == index })
		var op Operation
		switch {
		case recorded:
			ops = append(ops, h.Ops[at])
			if op = operationOf(&h.Ops[at]); seen >= 0 {
				op.Text = a.Witness[seen].Operation
			}
		case seen >= 0:
			op = operationSeen(a.Witness[seen])
		default:
			continue
		}
		p.Operations = append(p.Operations, op)
	}
	slices.SortStableFunc(p.Operations, func(a, b Operation) int { return cmp.Compare(a.Call, b.Call) })
	p.breaks()
	p.faults(s)
	m, err := model.Parse(found.Model)
	if ordered := err == nil && found.Model != ""; ordered && len(ops) == len(p.Operations) {
		p.explain(m, ops)
	} else if !ordered && len(p.Operations) == 1 {
		p.Broken = -1
	}
	return p
}

// breaks finds the operation that returned last.
func (p *Proof) breaks() {
	for i, op := range p.Operations {
		if op.Return != history.Never && (p.Broken < 0 || op.Return >= p.Operations[p.Broken].Return) {
			p.Broken = i
		}
	}
}

// operationSeen is one that the history does not have.
func operationSeen(w checker.WitnessOp) Operation {
	op := Operation{Index: w.Index, Process: w.Process, Text: w.Operation, Call: w.CallNS, Return: w.ReturnNS, Outcome: history.OK}
	if w.ReturnNS == 0 {
		op.Return, op.Outcome = history.Never, history.Info
	}
	return op
}

func operationOf(op *history.Op) Operation {
	text := model.Op{F: op.F, Arg: op.Input, Result: op.Output, Certain: op.Outcome == history.OK}
	o := Operation{Index: op.Invoked, Process: int(op.Process), Text: text.String(), Call: op.Call, Return: op.Return, Outcome: op.Outcome}
	if op.Outcome == history.Fail {
		text.Certain, text.Result = true, history.Value{}
		o.Text = text.String() + " failed"
	}
	return o
}

// faults keeps those within the operations' time.
func (p *Proof) faults(s *series.Series) {
	from, to := p.span()
	for _, f := range s.Faults {
		if f.To >= from && f.From <= to {
			p.Faults = append(p.Faults, f)
		}
	}
}

// span returns the time from the first call to the last call or return.
func (p *Proof) span() (from, to int64) {
	for i, op := range p.Operations {
		if i == 0 {
			from, to = op.Call, op.Call
		}
		from, to = min(from, op.Call), max(to, op.Call)
		if op.Return != history.Never {
			to = max(to, op.Return)
		}
	}
	return from, to
}

// Title returns the anomaly in a few words: lost-write on k157.
func (p *Proof) Title() string {
	if p.Key == "" {
		return p.Type
	}
	return p.Type + " on " + p.Key
}

func (op Operation) title() string {
	until := "without a known end"
	if op.Return != history.Never {
		until = "to " + moment(op.Return, 6)
	}
	return "process " + strconv.Itoa(op.Process) + ", event " + strconv.Itoa(op.Index) + ": " + op.Text + "\n" + moment(op.Call, 6) + " " + until
}

// Moment writes when a piece of an axis begins, exactly enough to tell it from when it
// ends.
func Moment(p Piece) string { return moment(p.From, places(p.To-p.From)) }

// moment writes a time of the run in seconds, with up to so many places: 26.0467 s.
func moment(ns int64, places int) string {
	text := strconv.FormatFloat(float64(ns)/1e9, 'f', places, 64)
	for range places - 3 {
		text = strings.TrimSuffix(text, "0")
	}
	return text + " s"
}
