package modeltest

import (
	"cmp"
	"math/rand/v2"
	"slices"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// Wild returns a history of up to n operations for the model of that kind, made
// to be judged by two checkers that should agree: a million of them take seconds.
// A quarter is what an object really did, a quarter is that with something changed,
// and in the rest the results are drawn blindly. Times are so few that many are
// equal. Values that are put are mostly fresh, as most exact monitors need; now
// and then one is put twice.
func Wild(r *rand.Rand, kind string, n int) []history.Op {
	w := wild{r: r, kind: kind, object: newObject(kind), fresh: 10}
	w.drawCounting()
	ops := w.intervals(1 + max(r.IntN(n), r.IntN(n)))
	style, unit := r.IntN(4), w.expiry()
	order, at := w.points(ops)
	for _, i := range order {
		if l, ok := w.object.(*latch); ok {
			l.expire(at[i])
		}
		w.execute(&ops[i], style > 1)
	}
	if style == 1 {
		for range 1 + r.IntN(3) {
			w.mutate(ops)
		}
	}
	retire(ops)
	number(ops)
	stretch(ops, unit)
	return ops
}

type wild struct {
	r      *rand.Rand
	kind   string
	object object
	fresh  int64
	// put are the values put so far; held is each process' last token.
	put  []history.Value
	held map[history.Process]history.Value
	// unknown of 16 operations have an unknown outcome.
	unknown int
	counting
}

// intervals draws calls and returns of a few processes.
func (w *wild) intervals(n int) []history.Op {
	w.held, w.unknown = map[history.Process]history.Value{}, []int{2, 4, 8, 10}[w.r.IntN(4)]
	clocks := make([]int64, 1+w.r.IntN(5))
	idle, length := 1+w.r.Int64N(6), 1+w.r.Int64N(12)
	ops := make([]history.Op, n)
	for i := range ops {
		p := w.r.IntN(len(clocks))
		call := clocks[p] + w.r.Int64N(idle)
		end := call + w.r.Int64N(length)
		clocks[p] = end + w.r.Int64N(2)
		ops[i] = history.Op{Process: history.Process(p), Call: call, Return: end, Outcome: history.OK}
	}
	return ops
}

// points returns the operations in the order of random moments of theirs, and
// these.
func (w *wild) points(ops []history.Op) (order []int, at []float64) {
	at, order = make([]float64, len(ops)), make([]int, len(ops))
	for i := range ops {
		order[i] = i
		at[i] = float64(ops[i].Call) + w.r.Float64()*float64(ops[i].Return-ops[i].Call)
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(at[a], at[b]), cmp.Compare(ops[a].Process, ops[b].Process), cmp.Compare(a, b))
	})
	return order, at
}

// execute asks for something, and applies it or makes up what came of it.
func (w *wild) execute(op *history.Op, blind bool) {
	w.ask(op)
	isUnknown := w.r.IntN(16) < w.unknown
	if op.F == "read" { // it then says nothing
		isUnknown = isUnknown && w.r.IntN(8) == 0
	}
	switch {
	case isUnknown && w.r.IntN(2) == 0:
		w.object.apply(op.F, op.Input)
		unknown(op)
	case isUnknown:
		unknown(op)
	case blind:
		op.Output = w.result(op)
	default:
		if op.Output, op.Outcome = w.object.apply(op.F, op.Input); op.F == "release" && op.Outcome == history.Fail && w.r.IntN(2) == 0 {
			op.Output, op.Outcome = history.Bool(false), history.OK
		}
	}
	if op.F == "acquire" && op.Output.Kind() == history.Integer {
		w.held[op.Process] = op.Output
	}
}

// ask draws an operation and its argument.
func (w *wild) ask(op *history.Op) {
	op.F, op.Input = w.pick(w.counting.names...), history.NullValue
	switch op.F {
	case "write", "enqueue", "append":
		op.Input = w.freshValue()
	case "add":
		if op.Input = w.freshValue(); w.kind == "counter" {
			op.Input = w.amount(op.F)
		}
	case "add-and-get", "take", "put":
		op.Input = w.amount(op.F)
	case "cas":
		old := w.some()
		if c, ok := w.object.(*cell); ok && w.r.IntN(4) > 0 {
			old = c.v
		}
		op.Input = history.List(old, w.freshValue())
	case "acquire":
		if w.kind != "fenced-mutex" {
			op.Input = w.freshValue()
			w.held[op.Process] = op.Input
		}
	case "release", "renew":
		if token, ok := w.held[op.Process]; ok && w.r.IntN(8) > 0 {
			op.Input = token
		} else {
			op.Input = w.some()
		}
	}
}

func (w *wild) pick(names ...string) string { return names[w.r.IntN(len(names))] }

// freshValue returns a value, nearly always one that was not put before.
func (w *wild) freshValue() history.Value {
	v := history.Int(w.fresh)
	if w.fresh++; w.r.IntN(64) == 0 {
		v = w.some()
	}
	w.put = append(w.put, v)
	return v
}

// some returns a value that was put, or, rarely, another.
func (w *wild) some() history.Value {
	if len(w.put) == 0 || w.r.IntN(16) == 0 {
		return history.Int(w.r.Int64N(4))
	}
	return w.put[w.r.IntN(len(w.put))]
}

// result makes up what came of an operation.
func (w *wild) result(op *history.Op) history.Value {
	switch op.F {
	case "read", "dequeue":
		switch {
		case w.kind == "set":
			return w.members()
		case w.kind == "log":
			return w.entries()
		case w.kind == "counter" || w.kind == "bounded-counter":
			return w.counted(op)
		case w.r.IntN(5) == 0:
			return history.NullValue
		}
		return w.some()
	case "take", "put", "add-and-get":
		return w.counted(op)
	case "acquire":
		switch {
		case w.r.IntN(4) == 0:
			return history.Object("held_by", w.some())
		case w.kind == "fenced-mutex":
			return history.Int(1 + w.r.Int64N(6))
		}
	case "release":
		if w.r.IntN(6) == 0 {
			return history.Bool(false)
		}
	}
	return op.Input
}

func (w *wild) members() history.Value {
	var members []history.Value
	for _, v := range w.put {
		if w.r.IntN(2) > 0 {
			members = append(members, v)
		}
	}
	if len(members) > 0 && w.r.IntN(4) == 0 { // in another order, perhaps one twice, or none of ours
		w.r.Shuffle(len(members), func(i, j int) { members[i], members[j] = members[j], members[i] })
		members = append(members, w.some())
	}
	return history.List(members...)
}

// entries are the first of a log, mostly in order.
func (w *wild) entries() history.Value {
	entries := slices.Clone(w.put[:w.r.IntN(len(w.put)+1)])
	if len(entries) > 0 && w.r.IntN(4) == 0 {
		entries[w.r.IntN(len(entries))] = w.some()
	}
	return history.List(entries...)
}

// mutate changes one thing.
func (w *wild) mutate(ops []history.Op) {
	op, other := &ops[w.r.IntN(len(ops))], &ops[w.r.IntN(len(ops))]
	switch w.r.IntN(5) {
	case 0:
		if op.F == other.F && op.Outcome == other.Outcome {
			op.Output, other.Output = other.Output, op.Output
		}
	case 1:
		if op.Outcome == history.OK {
			op.Output = w.result(op)
		}
	case 2:
		unknown(op)
	case 3:
		if op.Return != history.Never {
			op.Return = op.Call + (op.Return-op.Call)/2
		}
	case 4:
		if op.F == other.F && op.Outcome == history.OK {
			op.Output = other.Output
		}
	}
}

// number sorts operations by call, and numbers their events in order of time,
// calls before returns.
func number(ops []history.Op) {
	slices.SortStableFunc(ops, func(a, b history.Op) int { return cmp.Compare(a.Call, b.Call) })
	returns := make([]int, 0, len(ops))
	for i := range ops {
		if ops[i].Completed = -1; ops[i].Return != history.Never {
			returns = append(returns, i)
		}
	}
	slices.SortStableFunc(returns, func(a, b int) int { return cmp.Compare(ops[a].Return, ops[b].Return) })
	next, done := 0, 0
	for i := range ops {
		for ; done < len(returns) && ops[returns[done]].Return < ops[i].Call; done++ {
			ops[returns[done]].Completed = next
			next++
		}
		ops[i].Invoked = next
		next++
	}
	for ; done < len(returns); done++ {
		ops[returns[done]].Completed = next
		next++
	}
}
