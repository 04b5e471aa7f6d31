package modeltest

import (
	"fmt"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model"
)

// Load is what the clients of a large history do. Only Model is needed.
type Load struct {
	// Model is the model's name, with the parameter that it needs.
	Model string
	// Names are the operations, drawn evenly; empty: a usual mix. A client of a
	// lock draws while it holds it, and else acquires.
	Names []string
	// Amounts are what a total is changed by, drawn evenly; empty: always 1.
	Amounts []int64
	// Values is how many values are put, and are what a compare-and-set expects;
	// 0: each is fresh, and one expects what the client saw last.
	Values int64
	Tokens Tokens
	// Blind: who does not get a lock does not say who has it.
	Blind bool
	// Unknown of a hundred outcomes are so; 0: one.
	Unknown int
}

// Tokens are what clients acquire a lock with.
type Tokens uint8

const (
	FreshTokens Tokens = iota // another each time
	OwnTokens                 // each client its own
	NoTokens
)

// fill replaces what is left out, and returns a fresh object. It panics where
// there is no such model, or no usual mix for it.
func (l *Load) fill() object {
	m, err := model.Parse(l.Model)
	if err != nil {
		panic(err)
	}
	kind := m.Kind().Name
	if len(l.Names) == 0 {
		l.Names = usual(kind)
	}
	if l.Unknown == 0 {
		l.Unknown = 1
	}
	all := newObject(kind)
	switch o := all.(type) {
	case *cell:
		o.v = m.Initial()
	case *tally:
		if o.n, _ = m.Initial().Int(); len(l.Amounts) == 0 {
			l.Amounts = []int64{1}
		}
	case *latch:
		o.lasting = float64(m.Lasting())
	}
	return all
}

// usual returns what busy clients do; a name as often as it is drawn.
func usual(kind string) []string {
	switch kind {
	case "register":
		return []string{"write", "read", "read", "read", "read"}
	case "cas-register":
		return []string{"write", "write", "cas", "cas", "cas", "read", "read", "read", "read", "read"}
	case "counter":
		return []string{"read", "add-and-get", "add-and-get"}
	case "mutex":
		return []string{"release"}
	case "lease":
		return []string{"acquire", "renew", "release", "release", "release"}
	case "bounded-counter", "fifo-queue", "unordered-queue":
		return operations(kind)
	case "set":
		return []string{"read", "add", "add"}
	}
	panic(fmt.Sprintf("no large histories of the model %s", kind))
}

// answer lets the object execute an operation.
func (l *Load) answer(o object, op *history.Op) (history.Value, history.Type) {
	output, outcome := o.apply(op.F, op.Input)
	switch isRefused := op.F == "acquire" && output != op.Input; {
	case isRefused && l.Blind:
		return history.NullValue, history.Fail
	case isRefused && op.Input.IsNull():
		return history.Bool(false), history.OK
	}
	return output, outcome
}
