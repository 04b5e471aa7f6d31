package model

import (
	"context"
	"fmt"
	"slices"

	"github.com/anishathalye/porcupine"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// Model is a sequential specification of one object with its parameters.
// Values are immutable and safe for concurrent use. Get one from [Parse].
type Model struct {
	name string // with parameters: bounded-counter(100)
	kind Kind
	spec spec
}

// spec is what a model has to say. State is any immutable value; prepared
// operations are never changed.
type spec interface {
	// prepare completes op, whose common fields are set, from the history's
	// operation. It returns false for an operation that says nothing.
	prepare(h *history.Op, op *Op) (keep bool, err error)
	// init returns the state before the first operation.
	init() any
	// step returns whether op is legal in the state, and the state after it.
	// For an uncertain operation it is always legal.
	step(state any, op *Op) (bool, any)
	equal(a, b any) bool
	hash(state any) uint64
	describe(state any) string
	// units are the parts that can be left out; see [Unit].
	units(ops []Op) []Unit
}

// opener is a spec that can start from an unknown state.
type opener interface {
	// open returns a state that allows whatever some state allows.
	open() any
}

// surveyor is a spec that has to see the whole history before it can tell what
// an operation of it means.
type surveyor interface {
	survey(ops []history.Op) spec
}

// refiner is a spec that can tell operations what the others say, to make the
// search shorter. What is legal stays the same.
type refiner interface {
	refine(ops []Op) []Op
}

// collector is a spec whose reads see many members, too many to be parsed of all
// reads at once by who needs one read at a time.
type collector interface {
	// members returns those of a list that are among the wanted, where any are,
	// and otherwise all; not nil.
	members(list history.Value, wanted map[history.Value]bool) []history.Value
}

// Name returns the name with parameters, as [Parse] reads it.
func (m Model) Name() string { return m.name }

// Kind returns what kind of model this is.
func (m Model) Kind() Kind { return m.kind }

// Initial returns the value that a register, or the total that a counter, has at
// first; null for other models.
func (m Model) Initial() history.Value {
	switch s := m.spec.(type) {
	case register:
		return s.initial
	case counter:
		return history.Int(0)
	case boundedCounter:
		return history.Int(s.initial)
	}
	return history.NullValue
}

// MisfitError says that a history is not about this model's object.
type MisfitError struct {
	Model string
	// Event is the index of the invocation that does not fit.
	Event  int
	Reason string
	// Fitting are the names of models that know all operations of the history.
	Fitting []string
}

func (e *MisfitError) Error() string {
	text := fmt.Sprintf("event %d does not fit the model %s: %s", e.Event, e.Model, e.Reason)
	switch len(e.Fitting) {
	case 0:
		return text + "; no model knows all operations of this history"
	case 1:
		return text + "; try --model " + e.Fitting[0]
	}
	return fmt.Sprintf("%s; try --model with one of %v", text, e.Fitting)
}

// Survey returns the model with what it has to know of the whole history before
// it can tell what an operation means.
func (m Model) Survey(ops []history.Op) Model {
	if s, ok := m.spec.(surveyor); ok {
		m.spec = s.survey(ops)
	}
	return m
}

// Prepare turns a history's operations into the model's, in the same order.
// Failed operations, and observations without an outcome, are left out: they
// say nothing. The error is a [MisfitError].
func (m Model) Prepare(ops []history.Op) ([]Op, error) {
	prepared := make([]Op, 0, len(ops))
	if err := m.all(ops, func(op *Op) {
		m.Unfold(op)
		prepared = append(prepared, *op)
	}); err != nil {
		return nil, err
	}
	return prepared, nil
}

// Unfold parses what a read of a whole set or log saw, for those that step
// through operations: [Op.Members].
func (m Model) Unfold(op *Op) {
	if c, ok := m.spec.(collector); ok && op.Observes && op.members == nil {
		op.members = c.members(op.Result, nil)
	}
}

// all is [Model.Each] of a whole history, which it surveys.
func (m Model) all(ops []history.Op, visit func(*Op)) error {
	m = m.Survey(ops)
	var op Op
	for i := range ops {
		keep, err := m.read(ops, i, &op)
		if err != nil {
			return err
		}
		if keep {
			visit(&op)
		}
	}
	return nil
}

// Each is [Model.Prepare] of the operations that stand at those places, one at a
// time, for histories too large to be held twice, by a model that has surveyed
// the history ([Model.Survey]). What visit gets is valid until it returns,
// and what reads saw is not unfolded.
func (m Model) Each(ops []history.Op, places []int32, visit func(*Op)) error {
	var op Op
	for _, i := range places {
		keep, err := m.read(ops, int(i), &op)
		if err != nil {
			return err
		}
		if keep {
			visit(&op)
		}
	}
	return nil
}

// read sets op to what the operation at that place means, and reports whether it
// says anything.
func (m Model) read(ops []history.Op, at int, op *Op) (keep bool, err error) {
	h := &ops[at]
	if !m.kind.Knows(h.F) {
		return false, m.stranger(ops, at)
	}
	*op = Op{
		ID: h.Invoked, Process: h.Process, Key: h.Key, F: h.F, Arg: h.Input,
		Call: h.Call, Return: h.Return, Certain: h.Outcome == history.OK,
	}
	if op.Certain {
		op.Result = h.Output
	}
	if keep, err = m.spec.prepare(h, op); err != nil {
		return false, &MisfitError{m.name, h.Invoked, err.Error(), nil}
	}
	if !op.Certain {
		op.Return = history.Never
	}
	return keep && (op.Certain || !op.Observes), nil
}

// stranger is the error of an operation that the model does not have.
func (m Model) stranger(ops []history.Op, at int) error {
	reason := fmt.Sprintf("it has no operation %q (only %s)", ops[at].F, m.kind.operationNames())
	return &MisfitError{m.name, ops[at].Invoked, reason, Fitting(ops)}
}

// Loosen returns op as if its completion had not been seen, and false if then
// nothing is left of it.
func (m Model) Loosen(op Op) (Op, bool) {
	op.Certain, op.Return, op.Result = false, history.Never, history.Value{}
	return op, !op.Observes
}

// StateBytes estimates what a state of the model holds by itself, for those that
// bound a search's memory. Where states share what they hold it is too much.
func (m Model) StateBytes(state any) int64 {
	switch s := state.(type) {
	case elements:
		return int64(cap(s)) * valueBytes
	case bag:
		return int64(cap(s.elements)) * valueBytes
	case cells:
		return int64(cap(s.known)) * 2 * valueBytes
	case text:
		return int64(len(s.known))
	}
	return 0
}

// valueBytes is the size of a history.Value without its text, which is shared.
const valueBytes = 32

// Operations returns what porcupine's functions take: the input of each is a
// *[Op], the output is nil. Moments may be narrowed, and operations left out,
// where that changes nothing about what is legal.
func (m Model) Operations(ops []Op) []porcupine.Operation {
	if r, ok := m.spec.(refiner); ok {
		ops = r.refine(ops)
	}
	out := make([]porcupine.Operation, len(ops))
	for i := range ops {
		op := &ops[i]
		out[i] = porcupine.Operation{ClientId: max(int(op.Process), 0), Input: op, Call: op.Call, Return: op.Return}
	}
	return out
}

// Porcupine returns the model in porcupine's form, partitioned by key.
func (m Model) Porcupine() porcupine.Model { return m.porcupine(m.spec.init) }

// PorcupineFromAnyState returns the model for an object whose first state is not
// known, and whether the model has such a form.
func (m Model) PorcupineFromAnyState() (porcupine.Model, bool) {
	o, ok := m.spec.(opener)
	if !ok {
		return porcupine.Model{}, false
	}
	return m.porcupine(o.open), true
}

func (m Model) porcupine(init func() any) porcupine.Model {
	step := func(state, input, _ any) (bool, any) { return m.spec.step(state, input.(*Op)) }
	return porcupine.Model{
		Partition:      partition,
		PartitionEvent: partitionEvents,
		Init:           init,
		Step:           step,
		StepContext:    func(_ context.Context, state, input, output any) (bool, any) { return step(state, input, output) },
		Equal:          m.spec.equal,
		Hash:           m.spec.hash,
		DescribeOperation: func(input, _ any) string {
			return input.(*Op).String()
		},
		DescribeState: m.spec.describe,
	}
}

func partition(ops []porcupine.Operation) [][]porcupine.Operation {
	byKey := map[string]int{}
	var parts [][]porcupine.Operation
	for _, op := range ops {
		key := op.Input.(*Op).Key
		at, ok := byKey[key]
		if !ok {
			at = len(parts)
			byKey[key] = at
			parts = append(parts, nil)
		}
		parts[at] = append(parts[at], op)
	}
	return parts
}

func partitionEvents(events []porcupine.Event) [][]porcupine.Event {
	byKey, keyOf := map[string]int{}, map[int]string{}
	var parts [][]porcupine.Event
	for _, e := range events {
		if e.Kind == porcupine.CallEvent {
			keyOf[e.Id] = e.Value.(*Op).Key
		}
		at, ok := byKey[keyOf[e.Id]]
		if !ok {
			at = len(parts)
			byKey[keyOf[e.Id]] = at
			parts = append(parts, nil)
		}
		parts[at] = append(parts[at], e)
	}
	return parts
}

// Fitting returns the names of the models that know every operation of the
// history, in the order of [Kinds], without those that cannot read its values.
func Fitting(ops []history.Op) []string {
	names := map[string]bool{}
	for i := range ops {
		names[ops[i].F] = true
	}
	var fitting []string
	for _, kind := range Kinds() {
		fits := len(names) > 0
		for f := range names {
			fits = fits && kind.Knows(f)
		}
		if m, err := Parse(kind.Name); fits && err == nil {
			fits = m.all(ops, func(*Op) {}) == nil
		}
		if fits {
			fitting = append(fitting, kind.Name)
		}
	}
	return fitting
}

// integer returns v as an integer, or an error naming what it is.
func integer(what string, v history.Value) (int64, error) {
	n, ok := v.Int()
	if !ok {
		return 0, fmt.Errorf("%s is %.60s: expected an integer", what, v)
	}
	return n, nil
}

// says reports whether a completion's value tells anything.
func says(v history.Value) bool { return !v.IsAbsent() }

func sortValues(values []history.Value) { slices.SortFunc(values, history.Value.Compare) }
