package model

import (
	"fmt"
	"strconv"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// total is the state of both counters.
type total struct {
	known bool
	value int64
}

func (t total) String() string {
	if !t.known {
		return "?"
	}
	return strconv.FormatInt(t.value, 10)
}

// counter is a total that starts at 0. Amounts may be negative.
type counter struct{}

func makeCounter(string) (spec, error) { return counter{}, nil }

func (counter) prepare(h *history.Op, op *Op) (keep bool, err error) {
	if h.F == "read" {
		op.Observes, op.Action = true, Observe
		if says(op.Result) {
			_, err = integer("the total read", op.Result)
		}
		return says(op.Result), err
	}
	op.Action = Change
	if op.Amount, err = integer("the amount of "+h.F, h.Input); err != nil {
		return false, err
	}
	if h.F == "add" {
		op.Result = history.Value{}
	} else if says(op.Result) {
		_, err = integer("the total after "+h.F, op.Result)
	}
	return h.Outcome != history.Fail, err
}

func (counter) init() any { return total{known: true} }
func (counter) open() any { return total{} }

func (counter) step(state any, op *Op) (bool, any) {
	return state.(total).plus(op.Amount).answer(op)
}

// plus adds to a known total; one not known stays so.
func (t total) plus(n int64) total {
	if t.known {
		t.value += n
	}
	return t
}

// answer checks the result of an operation after which the total is t. An
// unknown total becomes known by it.
func (t total) answer(op *Op) (bool, any) {
	result, said := op.Result.Int()
	switch {
	case !op.Certain || !said:
		return true, t
	case !t.known:
		return true, total{true, result}
	}
	return t.value == result, t
}

func (counter) equal(a, b any) bool       { return a == b }
func (counter) hash(state any) uint64     { return hashTotal(state) }
func (counter) describe(state any) string { return state.(total).String() }
func (counter) units(ops []Op) []Unit     { return observations(ops) }

func hashTotal(state any) uint64 { return history.Int(state.(total).value).Hash() }

// boundedCounter is a stock that is never negative.
type boundedCounter struct{ initial int64 }

func makeBoundedCounter(parameter string) (spec, error) {
	initial, err := parseStock(parameter)
	return boundedCounter{initial}, err
}

func (b boundedCounter) prepare(h *history.Op, op *Op) (keep bool, err error) {
	if h.F != "read" {
		if op.Amount, err = integer("the amount of "+h.F, h.Input); err == nil && op.Amount < 0 {
			err = fmt.Errorf("the amount of %s is %d: expected a number from 0", h.F, op.Amount)
		}
		if err != nil {
			return false, err
		}
	}
	refused := h.F == "take" && op.Result.IsNull()
	if op.Certain && says(op.Result) && !refused {
		if _, err = integer("the stock after "+h.F, op.Result); err != nil {
			return false, err
		}
	}
	switch h.F {
	case "read":
		op.Observes, op.Action = true, Observe
		return says(op.Result), nil
	case "put":
		op.Action = Change
	default:
		op.Action = Take
		if refused {
			op.Observes, op.Action = true, Refuse
		} else if !says(op.Result) {
			op.Certain = false // taken or refused: not said
		}
	}
	return h.Outcome != history.Fail, nil
}

func (b boundedCounter) init() any { return total{true, b.initial} }
func (b boundedCounter) open() any { return total{} }

func (b boundedCounter) step(state any, op *Op) (bool, any) {
	t := state.(total)
	switch op.Action {
	case Refuse:
		return !t.known || t.value < op.Amount, t
	case Take:
		if t.known && t.value < op.Amount {
			return !op.Certain, t
		}
		t = t.plus(-op.Amount)
	case Change:
		t = t.plus(op.Amount)
	}
	if left, said := op.Result.Int(); said && left < 0 {
		return false, t
	}
	return t.answer(op)
}

func (b boundedCounter) equal(x, y any) bool       { return x == y }
func (b boundedCounter) hash(state any) uint64     { return hashTotal(state) }
func (b boundedCounter) describe(state any) string { return state.(total).String() }
func (b boundedCounter) units(ops []Op) []Unit     { return observations(ops) }
