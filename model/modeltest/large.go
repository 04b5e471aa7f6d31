package modeltest

import (
	"math/rand/v2"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// Large returns a history of n operations of that many clients on one key, as
// the model's object really answered them. Clients never pause; where an outcome is
// unknown the client goes on as another process. Half of those took effect.
func Large(seed uint64, l Load, n, clients int) []history.Op {
	g := large{r: rand.New(rand.NewPCG(seed, 0)), load: l}
	g.object = g.load.fill()
	g.clients = make([]client, clients)
	for i := range g.clients {
		g.clients[i] = client{number: int64(i), process: history.Process(i)}
	}
	g.processes = history.Process(clients)
	g.ops = make([]history.Op, 0, n)
	for len(g.ops) < n || g.running > 0 {
		g.step(&g.clients[g.r.IntN(clients)], n)
	}
	return g.ops
}

type large struct {
	r         *rand.Rand
	load      Load
	object    object
	clients   []client
	ops       []history.Op
	processes history.Process
	running   int
	events    int // so far
	fresh     int64
}

// client does one operation after another.
type client struct {
	number  int64
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

const tick = 1000 // nanoseconds between events

// step moves a client on: the object answers, or it hears the answer and calls
// again, until there are n operations.
func (g *large) step(c *client, n int) {
	switch c.stage {
	case called:
		g.execute(c)
		return
	case applied:
		g.hear(c)
	}
	if len(g.ops) < n {
		g.call(c)
	}
}

// event returns the number of one more event, and its time.
func (g *large) event() (number int, at int64) {
	g.events++
	return g.events - 1, int64(g.events-1) * tick
}

func (g *large) call(c *client) {
	number, at := g.event()
	c.op, c.stage, c.unknown = len(g.ops), called, g.r.IntN(100) < g.load.Unknown
	g.ops = append(g.ops, history.Op{
		Process: c.process, Call: at, Return: history.Never, Outcome: history.Info, Invoked: number, Completed: -1,
	})
	g.ask(c, &g.ops[c.op])
	g.running++
}

func (g *large) execute(c *client) {
	c.stage = applied
	op := &g.ops[c.op]
	if latch, ok := g.object.(*latch); ok {
		latch.expire(float64(g.events * tick))
	}
	if !c.unknown || g.r.IntN(2) == 0 {
		op.Output, op.Outcome = g.load.answer(g.object, op)
	}
}

func (g *large) hear(c *client) {
	c.stage = idle
	g.running--
	op := &g.ops[c.op]
	if !c.unknown {
		op.Completed, op.Return = g.event()
		c.learn(op)
		return
	}
	unknown(op)
	c.process, c.known = g.processes, history.Value{}
	if latch, ok := g.object.(*latch); ok && latch.lasting == 0 {
		c.known = op.Input // whoever goes on makes sure that it is free
	}
	g.processes++
}

// ask draws what a client does next.
func (g *large) ask(c *client, op *history.Op) {
	op.F, op.Input = g.load.Names[g.r.IntN(len(g.load.Names))], history.NullValue
	if _, isLock := g.object.(*latch); isLock && c.known.IsAbsent() {
		op.F = "acquire"
	}
	switch op.F {
	case "cas":
		switch {
		case g.load.Values > 0:
			op.Input = history.List(g.value(), g.value())
		case c.known.IsAbsent():
			op.F = "read"
		default:
			op.Input = history.List(c.known, g.value())
		}
	case "write", "enqueue", "append":
		op.Input = g.value()
	case "add", "add-and-get", "take", "put":
		if amounts := g.load.Amounts; len(amounts) > 0 {
			op.Input = history.Int(amounts[g.r.IntN(len(amounts))])
		} else {
			op.Input = g.value()
		}
	case "acquire":
		op.Input = g.token(c)
	case "release", "renew":
		op.Input = c.known
	}
}

// value draws what is put.
func (g *large) value() history.Value {
	if g.load.Values > 0 {
		return history.Int(1 + g.r.Int64N(g.load.Values))
	}
	g.fresh++
	return history.Int(g.fresh)
}

// token returns what a client acquires with.
func (g *large) token(c *client) history.Value {
	switch g.load.Tokens {
	case OwnTokens:
		return history.Int(c.number)
	case NoTokens:
		return history.NullValue
	}
	g.fresh++
	return history.Int(g.fresh)
}

// learn is what a client remembers of a result.
func (c *client) learn(op *history.Op) {
	switch op.F {
	case "read", "write":
		c.known = op.Output
	case "acquire":
		if c.known = (history.Value{}); op.Outcome == history.OK && op.Output == op.Input {
			c.known = op.Input
		}
	case "cas", "release":
		c.known = history.Value{}
	}
}
