package modeltest

import (
	"math/rand/v2"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// Large returns a history of n operations of that many clients on one key, as
// the model's object really answered them; the outcome of one in a hundred is
// unknown, and half of those took effect. Values that are put are fresh. A lease
// is a lease(2ms), and now and then it is not released.
func Large(seed uint64, kind string, n, clients int) []history.Op {
	l := large{r: rand.New(rand.NewPCG(seed, 0)), kind: kind, object: newObject(kind)}
	l.clients = make([]client, clients)
	for i := range l.clients {
		l.clients[i].process = history.Process(i)
	}
	l.processes = history.Process(clients)
	if latch, ok := l.object.(*latch); ok && kind == "lease" {
		latch.lasting = 998_000 // see model.Model.Lasting
	}
	l.ops = make([]history.Op, 0, n)
	for event := 0; len(l.ops) < n || l.running > 0; {
		if l.step(&l.clients[l.r.IntN(clients)], n, event) {
			event++
		}
	}
	return l.ops
}

type large struct {
	r         *rand.Rand
	kind      string
	object    object
	clients   []client
	ops       []history.Op
	processes history.Process
	running   int
	fresh     int64
}

// client does one operation after another.
type client struct {
	process history.Process
	op      int // in ops
	stage   stage
	known   history.Value // what it last saw, or the token it holds
	unknown bool
}

type stage uint8

const (
	idle stage = iota
	called
	applied
)

// step moves a client on: it calls, the object answers, or it hears the answer.
// It returns whether that is an event of the history.
func (l *large) step(c *client, n, event int) bool {
	const tick = 1000 // nanoseconds between events
	switch c.stage {
	case idle:
		if len(l.ops) == n {
			return false
		}
		c.op, c.stage, c.unknown = len(l.ops), called, l.r.IntN(100) == 0
		l.ops = append(l.ops, history.Op{
			Process: c.process, Call: int64(event) * tick, Return: history.Never,
			Outcome: history.Info, Invoked: event, Completed: -1,
		})
		l.ask(c, &l.ops[c.op])
		l.running++
		return true
	case called:
		c.stage = applied
		op := &l.ops[c.op]
		if latch, ok := l.object.(*latch); ok {
			latch.expire(float64(event * tick))
		}
		if !c.unknown || l.r.IntN(2) == 0 {
			op.Output, op.Outcome = l.object.apply(op.F, op.Input)
		}
		return false
	}
	c.stage = idle
	l.running--
	op := &l.ops[c.op]
	if c.unknown {
		unknown(op)
		c.process, c.known = l.processes, history.Value{}
		if l.kind == "mutex" {
			c.known = op.Input // whoever goes on makes sure that it is free
		}
		l.processes++
		return false
	}
	op.Return, op.Completed = int64(event)*tick, event
	l.learn(c, op)
	return true
}

// ask draws what a client does next.
func (l *large) ask(c *client, op *history.Op) {
	l.fresh++
	fresh, what := history.Int(l.fresh), l.r.IntN(10)
	op.Input = history.NullValue
	switch l.kind {
	case "register", "cas-register":
		switch {
		case what < 2:
			op.F, op.Input = "write", fresh
		case what < 5 && l.kind == "cas-register" && !c.known.IsAbsent():
			op.F, op.Input = "cas", history.List(c.known, fresh)
		default:
			op.F = "read"
		}
	case "fifo-queue", "unordered-queue":
		if op.F = "dequeue"; what < 5 {
			op.F, op.Input = "enqueue", fresh
		}
	case "mutex":
		if op.F, op.Input = "acquire", fresh; !c.known.IsAbsent() {
			op.F, op.Input = "release", c.known
		}
	case "lease":
		switch op.F, op.Input = "acquire", fresh; {
		case c.known.IsAbsent() || what < 2:
		case what < 4:
			op.F, op.Input = "renew", c.known
		default:
			op.F, op.Input = "release", c.known
		}
	default:
		panic("no large histories of the model " + l.kind)
	}
}

// learn is what a client remembers of a result.
func (l *large) learn(c *client, op *history.Op) {
	switch op.F {
	case "read", "write":
		c.known = op.Output
	case "cas":
		c.known = history.Value{}
	case "acquire":
		if c.known = (history.Value{}); op.Output == op.Input {
			c.known = op.Input
		}
	case "release":
		c.known = history.Value{}
	}
}
