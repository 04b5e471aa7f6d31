package search_test

import (
	"math/rand/v2"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// scenario is a model with operations to make histories of.
//
// Why not [modeltest.Wild]: it makes what monitors judge, with fresh values. Here
// values are three and repeat, arguments and results are left out, and a lock's
// holder may be anybody: what only a search can judge.
type scenario struct {
	model string
	// fill sets what an operation does and got, any way it likes.
	fill func(r *rand.Rand, op *history.Op)
	// open: the model has an open state.
	open bool
}

func scenarios() []scenario {
	value := func(r *rand.Rand) history.Value { return history.Int(1 + r.Int64N(3)) }
	one := func(r *rand.Rand, names ...string) string { return names[r.IntN(len(names))] }
	read := func(r *rand.Rand) history.Value {
		if r.IntN(6) == 0 {
			return history.NullValue
		}
		return value(r)
	}
	acquire := func(r *rand.Rand, op *history.Op) {
		op.F = "acquire"
		if r.IntN(2) == 0 {
			op.Input = value(r)
		}
		switch r.IntN(5) {
		case 0:
			op.Output = history.Bool(false)
		case 1:
			op.Output = history.Object("held_by", value(r))
		case 2:
			op.Output = value(r)
		default:
			op.Output = op.Input
		}
	}
	release := func(r *rand.Rand, op *history.Op) {
		op.F, op.Output = "release", history.NullValue
		if r.IntN(2) == 0 {
			op.Input = value(r)
		}
		if r.IntN(4) == 0 {
			op.Output = history.Bool(false)
		}
	}
	lock := func(r *rand.Rand, op *history.Op) {
		if r.IntN(2) == 0 {
			acquire(r, op)
		} else {
			release(r, op)
		}
	}
	queue := func(r *rand.Rand, op *history.Op) {
		if op.F = "enqueue"; r.IntN(2) == 0 {
			op.Input = value(r)
			op.Output = op.Input
			return
		}
		op.F, op.Output = "dequeue", read(r)
	}
	return []scenario{
		{"register", func(r *rand.Rand, op *history.Op) {
			if op.F = one(r, "read", "write"); op.F == "read" {
				op.Output = read(r)
			} else {
				op.Input = value(r)
			}
		}, true},
		{"cas-register", func(r *rand.Rand, op *history.Op) {
			switch op.F = one(r, "read", "write", "cas", "cas"); op.F {
			case "read":
				op.Output = read(r)
			case "write":
				op.Input = value(r)
			default:
				if op.Input = history.List(read(r), value(r)); r.IntN(4) == 0 {
					op.Outcome, op.Output = history.Fail, history.Object("saw", read(r))
				}
			}
		}, true},
		{"counter", func(r *rand.Rand, op *history.Op) {
			switch op.F = one(r, "read", "add", "add", "add-and-get"); op.F {
			case "read":
				op.Output = history.Int(r.Int64N(4))
			case "add":
				op.Input = history.Int(amount(r, 1, 1, -1, 2))
			default:
				op.Input, op.Output = history.Int(amount(r, 1, 1, -1)), history.Int(r.Int64N(4))
			}
		}, true},
		{"bounded-counter(2)", func(r *rand.Rand, op *history.Op) {
			op.F = one(r, "read", "take", "take", "put")
			if op.F != "read" {
				op.Input = history.Int(1 + r.Int64N(2))
			}
			switch r.IntN(4) {
			case 0:
				if op.F != "take" {
					op.Output = history.Value{}
				}
			case 1:
				op.Output = history.Value{}
			default:
				op.Output = history.Int(r.Int64N(4))
			}
		}, true},
		{"mutex", lock, true},
		{"fenced-mutex", func(r *rand.Rand, op *history.Op) {
			if lock(r, op); op.F == "acquire" && !op.Output.IsFalse() {
				if _, held := op.Output.Field("held_by"); !held {
					op.Output = history.Int(1 + r.Int64N(4))
				}
			}
		}, true},
		{"lease(4ms)", func(r *rand.Rand, op *history.Op) {
			lock(r, op)
			if r.IntN(4) == 0 {
				op.F, op.Input, op.Output = "renew", value(r), history.NullValue
			}
		}, true},
		{"reentrant-lease(4ms)", lock, true},
		{"fifo-queue", queue, false},
		{"unordered-queue", queue, false},
		{"set", func(r *rand.Rand, op *history.Op) {
			if op.F = one(r, "read", "add"); op.F == "add" {
				op.Input = value(r)
				return
			}
			var members []history.Value
			for v := range int64(3) {
				if r.IntN(2) == 0 {
					members = append(members, history.Int(v+1))
				}
			}
			op.Output = history.List(members...)
		}, false},
	}
}

func amount(r *rand.Rand, of ...int64) int64 { return of[r.IntN(len(of))] }
