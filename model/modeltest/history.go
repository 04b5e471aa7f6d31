package modeltest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model"
)

// Names returns each model's name with the parameter that its histories need.
func Names() []string {
	names := model.Names()
	for i, name := range names {
		switch name {
		case "bounded-counter":
			names[i] = fmt.Sprintf("bounded-counter(%d)", InitialStock)
		case "lease", "reentrant-lease":
			names[i] = name + "(1h)"
		case "reentrant-mutex", "reentrant-fenced-mutex":
			names[i] = fmt.Sprintf("%s(%d)", name, MaxHolds)
		}
	}
	return names
}

// History generates histories of up to n operations for the model of that kind,
// by three processes on one key: intervals at random with many ties, results as
// one order of execution gives them, then some outcomes made unknown and, in
// about half of the histories, some results exchanged for others.
func History(kind string, n int) *rapid.Generator[[]history.Op] {
	return rapid.Custom(func(t *rapid.T) []history.Op {
		ops := intervals(t, n)
		execute(t, kind, ops)
		if rapid.Bool().Draw(t, "mutate") {
			mutate(t, kind, ops)
		}
		retire(ops)
		slices.SortStableFunc(ops, func(a, b history.Op) int { return cmp.Compare(a.Call, b.Call) })
		for i := range ops {
			ops[i].Invoked, ops[i].Completed = i, len(ops)+i
		}
		return ops
	})
}

// intervals draws calls and returns: each process one operation after another.
func intervals(t *rapid.T, n int) []history.Op {
	var clock [3]int64
	ops := make([]history.Op, rapid.IntRange(1, n).Draw(t, "operations"))
	for i := range ops {
		p := rapid.IntRange(0, len(clock)-1).Draw(t, "process")
		call := clock[p] + rapid.Int64Range(0, 4).Draw(t, "idle")
		end := call + rapid.Int64Range(0, 8).Draw(t, "length")
		clock[p] = end + 1
		ops[i] = history.Op{Process: history.Process(p), Call: call, Return: end, Outcome: history.OK}
	}
	return ops
}

// execute applies the operations at random points of their intervals.
func execute(t *rapid.T, kind string, ops []history.Op) {
	type point struct{ at, op int64 }
	points := make([]point, len(ops))
	for i := range ops {
		points[i] = point{rapid.Int64Range(ops[i].Call, ops[i].Return).Draw(t, "point"), int64(i)}
	}
	slices.SortStableFunc(points, func(a, b point) int { return cmp.Compare(a.at, b.at) })
	o := newObject(kind)
	for _, p := range points {
		op := &ops[p.op]
		op.F, op.Input = call(t, kind, p.op)
		if kind == "reentrant-fenced-mutex" {
			op.Input = history.Str("c" + op.Process.String()) // the client
		}
		switch fate := rapid.IntRange(0, 9).Draw(t, "fate"); {
		case fate == 0: // unknown, and it took effect
			o.apply(op.F, op.Input)
			unknown(op)
		case fate == 1: // unknown, and it did not
			unknown(op)
		default:
			op.Output, op.Outcome = o.apply(op.F, op.Input)
		}
	}
}

func unknown(op *history.Op) {
	op.Outcome, op.Return, op.Output = history.Info, history.Never, history.Value{}
}

// call draws an operation. Its values are few, so that histories collide.
func call(t *rapid.T, kind string, i int64) (string, history.Value) {
	small := func(label string) history.Value {
		return history.Int(rapid.Int64Range(1, 3).Draw(t, label))
	}
	f := rapid.SampledFrom(operations(kind)).Draw(t, "f")
	switch {
	case f == "txn":
		return f, transaction(t)
	case kind == "kv" && f != "get":
		return f, history.Str(rapid.SampledFrom([]string{"a", "b", "ab"}).Draw(t, "text"))
	case f == "read" || f == "get" || f == "dequeue" || strings.HasSuffix(kind, "fenced-mutex") && f == "acquire":
		return f, history.NullValue
	case f == "cas":
		return f, history.List(small("old"), small("new"))
	case f == "acquire" && rapid.Bool().Draw(t, "unique"):
		return f, history.Int(100 + i)
	}
	return f, small("value")
}

// transaction draws one to three steps on two registers.
func transaction(t *rapid.T) history.Value {
	var steps []history.Value
	for range rapid.IntRange(1, 3).Draw(t, "steps") {
		name := history.Str(rapid.SampledFrom([]string{"x", "y"}).Draw(t, "name"))
		value := history.NullValue
		f := rapid.SampledFrom([]string{"r", "r", "w"}).Draw(t, "f")
		if f == "w" {
			value = history.Int(rapid.Int64Range(1, 3).Draw(t, "value"))
		}
		steps = append(steps, history.List(history.Str(f), name, value))
	}
	return history.List(steps...)
}

// mutate gives some operations the result of another, or one of its own.
func mutate(t *rapid.T, kind string, ops []history.Op) {
	for range rapid.IntRange(1, 3).Draw(t, "mutations") {
		op := &ops[rapid.IntRange(0, len(ops)-1).Draw(t, "victim")]
		if op.Outcome != history.OK {
			continue
		}
		other := ops[rapid.IntRange(0, len(ops)-1).Draw(t, "donor")]
		if other.F == op.F && op.F != "acquire" && other.Outcome == history.OK {
			op.Output = other.Output
			continue
		}
		switch op.F {
		case "get":
			op.Output = history.Str(rapid.SampledFrom([]string{"", "a", "ab", "bab"}).Draw(t, "result"))
		case "read", "dequeue", "take", "add-and-get":
			if kind != "set" && kind != "log" {
				op.Output = history.Int(rapid.Int64Range(1, 3).Draw(t, "result"))
			} else {
				op.Output = history.List(history.Int(rapid.Int64Range(1, 3).Draw(t, "member")))
			}
		case "acquire":
			if kind == "reentrant-fenced-mutex" {
				op.Output = namedGrant(op.Input, rapid.Int64Range(0, 4).Draw(t, "fence"))
				continue
			}
			if op.Output = op.Input; op.Input.IsNull() {
				op.Output = history.Int(rapid.Int64Range(1, 3).Draw(t, "token"))
			}
		case "release":
			op.Output = history.Bool(rapid.Bool().Draw(t, "found"))
		}
	}
}

// retire makes a process that goes on after an unknown outcome another one.
func retire(ops []history.Op) {
	next := history.Process(3)
	for i := range ops {
		if ops[i].Outcome != history.Info {
			continue
		}
		p := ops[i].Process
		for j := i + 1; j < len(ops); j++ {
			if ops[j].Process == p {
				ops[j].Process = next
			}
		}
		next++
	}
}
