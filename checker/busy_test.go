package checker

import (
	"math/rand/v2"
	"slices"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// busy returns what a run of that many operations leaves on one key: clients
// that overlap, unique values, an operation in a hundred of unknown outcome. The
// history is linearizable.
func busy(kind string, n, clients int, seed uint64) []history.Op {
	random := rand.New(rand.NewPCG(seed, 1))
	ops := make([]history.Op, n)
	process, free, next := make([]history.Process, clients), make([]int64, clients), history.Process(clients)
	for c := range process {
		process[c] = history.Process(c)
	}
	now, o := int64(0), plain{register: history.NullValue}
	for i := range ops {
		// Operations take effect one after another, at moments 10 apart, by the
		// client that has been free for longest.
		now += 10
		c := slices.Index(free, slices.Min(free))
		op := history.Op{Process: process[c], Input: history.NullValue, Outcome: history.OK}
		op.Call = max(free[c]+1, now-1-random.Int64N(int64(10*clients)))
		now = max(now, op.Call)
		op.Return = now + random.Int64N(int64(10*clients))
		free[c] = op.Return
		op.F, op.Input = o.choose(kind, i, random)
		o.apply(kind, &op)
		if random.IntN(100) == 0 {
			op.Outcome, op.Return, op.Output = history.Info, history.Never, history.Value{}
			process[c] = next
			next++
		}
		ops[i] = op
	}
	return indexed(ops)
}

// plain is one of each object.
type plain struct {
	register history.Value
	total    int64
	list     []history.Value
	holder   history.Value
	held     bool
}

func (o *plain) choose(kind string, i int, random *rand.Rand) (string, history.Value) {
	v := history.Int(int64(i))
	if kind == "mutex" && o.held {
		return "release", o.holder
	}
	pick := random.IntN(10)
	switch kind {
	case "mutex":
		return "acquire", v
	case "counter":
		if pick < 7 {
			return "add-and-get", history.Int(1 + random.Int64N(3))
		}
	case "fifo-queue", "unordered-queue":
		if pick < 5 {
			return "enqueue", v
		}
		return "dequeue", history.NullValue
	case "set":
		if pick < 7 {
			return "add", v
		}
	case "cas-register":
		if pick < 2 {
			return "cas", history.List(o.register, v)
		}
		fallthrough
	default:
		if pick < 5 {
			return "write", v
		}
	}
	return "read", history.NullValue
}

// apply executes the operation and sets its result.
func (o *plain) apply(kind string, op *history.Op) {
	op.Output = op.Input
	switch op.F {
	case "read":
		op.Output = o.see(kind)
	case "write":
		o.register = op.Input
	case "cas":
		pair, _ := op.Input.Elements()
		o.register = pair[1]
	case "add-and-get":
		n, _ := op.Input.Int()
		o.total += n
		op.Output = history.Int(o.total)
	case "add", "enqueue":
		o.list = append(o.list, op.Input)
	case "dequeue":
		if op.Output = history.NullValue; len(o.list) > 0 {
			op.Output, o.list = o.list[0], o.list[1:]
		}
	case "acquire":
		o.holder, o.held = op.Input, true
	case "release":
		o.held = false
	}
}

// see returns what a read of that kind of object sees.
func (o *plain) see(kind string) history.Value {
	switch kind {
	case "counter":
		return history.Int(o.total)
	case "set":
		return history.List(o.list...)
	}
	return o.register
}
