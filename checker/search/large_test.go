package search_test

import (
	"math/rand/v2"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model"
)

// load is what the clients of a large history do.
type load struct {
	name, model string
	// call is what the client does next, given what it got last.
	call func(r *rand.Rand, client int, last *history.Op) history.Op
	// apply changes the object, and completes the operation.
	apply func(o *object, op *history.Op)
	// spoil makes the first result it can an impossible one.
	spoil func(ops []history.Op)
}

// object is all that the loads need.
type object struct {
	value history.Value
	total int64
}

// simulate makes a history of n operations by clients that never pause, of which
// so many in a hundred have an unknown outcome; half of these took effect.
func simulate(seed uint64, l load, clients, n, unknown int) []history.Op {
	r := rand.New(rand.NewPCG(seed, 1))
	o := object{value: history.NullValue}
	type moment struct {
		at     int64
		client int
		effect bool
	}
	ops := make([]history.Op, 0, n)
	current := make([]int, clients)
	process := make([]history.Process, clients)
	// due holds each client's next moment; the earliest is taken.
	due := make([]moment, clients)
	next := history.Process(clients)
	start := func(c int, at int64) {
		var last *history.Op
		if current[c] >= 0 {
			last = &ops[current[c]]
		}
		op := l.call(r, c, last)
		op.Process, op.Call, op.Invoked, op.Outcome = process[c], at, len(ops), history.OK
		current[c] = len(ops)
		ops = append(ops, op)
		due[c] = moment{at + 1 + r.Int64N(1000), c, true}
	}
	for c := range clients {
		current[c], process[c] = -1, history.Process(c)
		start(c, r.Int64N(1000))
	}
	for {
		c := 0
		for i := range due {
			if due[i].at < due[c].at {
				c = i
			}
		}
		now := due[c].at
		op := &ops[current[c]]
		if due[c].effect {
			lost := r.IntN(100) < unknown
			if !lost || r.IntN(2) == 0 {
				l.apply(&o, op)
			}
			if lost {
				op.Outcome, op.Output = history.Info, history.Value{}
			}
			due[c] = moment{now + 1 + r.Int64N(1000), c, false}
			continue
		}
		op.Return = now
		if op.Outcome == history.Info {
			op.Return = history.Never
			process[c] = next
			next++
		}
		if len(ops) == n {
			break
		}
		start(c, now+1+r.Int64N(100))
	}
	for c := range clients {
		if op := &ops[current[c]]; due[c].effect || op.Return == 0 {
			op.Outcome, op.Output, op.Return = history.Info, history.Value{}, history.Never
		}
	}
	return ops
}

func few(r *rand.Rand) history.Value { return history.Int(1 + r.Int64N(5)) }

func loads() []load {
	return []load{
		{"RegisterRepeated", "cas-register", callRegister, applyRegister, spoilRead},
		{"LockReusedOwner", "mutex", callOwned, applyLock, spoilLock},
		{"LockNameless", "mutex", callNameless, applyLock, nil},
		{"LockBlind", "mutex", callOwned, applyBlindLock, spoilLock},
		{"CounterUnit", "counter", callUnit, applyCounter, spoilRead},
		{"CounterRead", "counter", callTotal, applyCounter, spoilRead},
	}
}

func loadNamed(name string) load {
	for _, l := range loads() {
		if l.name == name {
			return l
		}
	}
	panic("no load " + name)
}

func callRegister(r *rand.Rand, _ int, _ *history.Op) history.Op {
	switch r.IntN(3) {
	case 0:
		return history.Op{F: "read", Input: history.NullValue}
	case 1:
		return history.Op{F: "write", Input: few(r)}
	}
	return history.Op{F: "cas", Input: history.List(few(r), few(r))}
}

func applyRegister(o *object, op *history.Op) {
	op.Output = op.Input
	switch op.F {
	case "read":
		op.Output = o.value
	case "write":
		o.value = op.Input
	default:
		pair, _ := op.Input.Elements()
		if pair[0] != o.value {
			op.Outcome = history.Fail
			op.Output = history.Object("saw", o.value)
			return
		}
		o.value = pair[1]
	}
}

// callOwned: a client's token is its own and always the same. After an unknown
// outcome it tries to release.
func callOwned(_ *rand.Rand, client int, last *history.Op) history.Op {
	if last != nil && (last.F == "acquire") == (last.Outcome == history.Info || last.Outcome == history.OK && last.Output == last.Input) {
		return history.Op{F: "release", Input: history.Int(int64(client))}
	}
	return history.Op{F: "acquire", Input: history.Int(int64(client))}
}

// callNameless: acquisitions have no token.
func callNameless(_ *rand.Rand, _ int, last *history.Op) history.Op {
	if last != nil && last.F == "acquire" && (last.Outcome == history.Info || last.Outcome == history.OK && last.Output.IsNull()) {
		return history.Op{F: "release", Input: history.NullValue}
	}
	return history.Op{F: "acquire", Input: history.NullValue}
}

func applyLock(o *object, op *history.Op) {
	op.Output = op.Input
	switch {
	case op.F == "acquire" && o.total == 0:
		o.total, o.value = 1, op.Input
	case op.F == "acquire" && op.Input.IsNull():
		op.Output = history.Bool(false)
	case op.F == "acquire":
		op.Output = history.Object("held_by", o.value)
	case o.total == 1 && o.value == op.Input:
		o.total = 0
	default:
		op.Outcome, op.Output = history.Fail, history.NullValue
	}
}

// applyBlindLock: who does not get it does not say what it saw.
func applyBlindLock(o *object, op *history.Op) {
	if applyLock(o, op); op.F == "acquire" && op.Output != op.Input {
		op.Outcome, op.Output = history.Fail, history.NullValue
	}
}

func callUnit(r *rand.Rand, _ int, _ *history.Op) history.Op {
	if r.IntN(4) == 0 {
		return history.Op{F: "read", Input: history.NullValue}
	}
	return history.Op{F: "add", Input: history.Int(1 - 2*r.Int64N(2))}
}

func callTotal(r *rand.Rand, _ int, _ *history.Op) history.Op {
	switch r.IntN(4) {
	case 0:
		return history.Op{F: "read", Input: history.NullValue}
	case 1:
		return history.Op{F: "add-and-get", Input: history.Int(1 + r.Int64N(3))}
	}
	return history.Op{F: "add", Input: history.Int(1 + r.Int64N(3))}
}

func applyCounter(o *object, op *history.Op) {
	n, _ := op.Input.Int()
	o.total += n
	op.Output = history.Int(o.total)
}

func mustPrepare(name string, ops []history.Op) (model.Model, []model.Op) {
	m, err := model.Parse(name)
	if err != nil {
		panic(err)
	}
	prepared, err := m.Prepare(ops)
	if err != nil {
		panic(err)
	}
	return m, prepared
}
