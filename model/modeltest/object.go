package modeltest

import (
	"slices"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// object is a plain, mutable implementation of what a model specifies, written
// without looking at the model: the two must agree.
type object interface {
	// apply executes an operation and returns its result and outcome.
	apply(f string, arg history.Value) (history.Value, history.Type)
}

// newObject returns a fresh object for the model of that kind.
func newObject(kind string) object {
	switch kind {
	case "register", "cas-register":
		return &cell{v: history.NullValue}
	case "counter":
		return &tally{}
	case "bounded-counter":
		return &tally{n: InitialStock, bounded: true}
	case "mutex", "lease":
		return &latch{}
	case "reentrant-lease":
		return &latch{reentrant: true}
	case "owner-mutex":
		return &latch{limit: 1}
	case "reentrant-mutex":
		return &latch{reentrant: true, limit: MaxHolds}
	case "fenced-mutex":
		return &latch{fenced: true}
	case "reentrant-fenced-mutex":
		return &latch{fenced: true, named: true, reentrant: true, limit: MaxHolds}
	case "fifo-queue", "unordered-queue":
		return &list{}
	case "set":
		return &group{}
	case "log":
		return &group{ordered: true}
	case "kv":
		return &page{}
	case "multi-register":
		return &shelf{}
	}
	panic("no reference object for the model " + kind)
}

// MaxHolds is the parameter to use for the histories of reentrant locks.
const MaxHolds = 2

// InitialStock is the parameter to use for bounded-counter histories.
const InitialStock = 3

type cell struct{ v history.Value }

func (c *cell) apply(f string, arg history.Value) (history.Value, history.Type) {
	switch f {
	case "read":
		return c.v, history.OK
	case "write":
		c.v = arg
		return arg, history.OK
	}
	pair, _ := arg.Elements()
	if c.v != pair[0] {
		return history.Object("saw", c.v), history.Fail
	}
	c.v = pair[1]
	return arg, history.OK
}

type tally struct {
	n       int64
	bounded bool
}

func (t *tally) apply(f string, arg history.Value) (history.Value, history.Type) {
	n, _ := arg.Int()
	switch f {
	case "take":
		if t.n < n {
			return history.NullValue, history.OK
		}
		t.n -= n
	case "put", "add", "add-and-get":
		t.n += n
	}
	return history.Int(t.n), history.OK
}

type latch struct {
	held      bool
	token     history.Value
	fenced    bool
	last      int64
	reentrant bool
	more      int // releases that are due before the last one
	limit     int // how often it may be held; 0: no limit
	// named: results say who the client is, and the number of a grant.
	named bool
	// now and until are of a lease: it is over from until on. 0: it never is.
	now, until, lasting float64
}

// expire makes time pass.
func (l *latch) expire(now float64) {
	if l.now = now; l.held && l.lasting > 0 && now >= l.until {
		l.held = false
	}
}

func (l *latch) apply(f string, arg history.Value) (history.Value, history.Type) {
	if f == "renew" {
		if !l.held || l.token != arg {
			return history.Bool(false), history.OK
		}
		l.until = l.now + l.lasting
		return arg, history.OK
	}
	if f == "release" {
		if !l.held || l.token != arg {
			return history.NullValue, history.Fail
		}
		if l.more > 0 {
			l.more--
			return arg, history.OK
		}
		l.held = false
		return arg, history.OK
	}
	if l.held && l.reentrant && l.token == arg && (l.limit == 0 || l.more+1 < l.limit) {
		l.more++
		return l.grant(), history.OK
	}
	if l.held {
		return history.Object("held_by", l.token), history.OK
	}
	l.held, l.token, l.until = true, arg, l.now+l.lasting
	if l.fenced {
		l.last++
		if !l.named {
			l.token = history.Int(l.last)
		}
	}
	return l.grant(), history.OK
}

func (l *latch) grant() history.Value {
	if !l.named {
		return l.token
	}
	return namedGrant(l.token, l.last)
}

func namedGrant(client history.Value, number int64) history.Value {
	v, err := history.JSON(map[string]any{"client": client, "fence": number})
	if err != nil {
		panic(err)
	}
	return v
}

type list struct{ elements []history.Value }

func (l *list) apply(f string, arg history.Value) (history.Value, history.Type) {
	if f == "enqueue" {
		l.elements = append(l.elements, arg)
		return arg, history.OK
	}
	if len(l.elements) == 0 {
		return history.NullValue, history.OK
	}
	head := l.elements[0]
	l.elements = l.elements[1:]
	return head, history.OK
}

type group struct {
	members []history.Value
	ordered bool // a log, which takes an element more than once
}

func (g *group) apply(f string, arg history.Value) (history.Value, history.Type) {
	if f == "read" {
		return history.List(g.members...), history.OK
	}
	if g.ordered || !slices.Contains(g.members, arg) {
		g.members = append(g.members, arg)
	}
	return arg, history.OK
}

type page struct{ text string }

func (p *page) apply(f string, arg history.Value) (history.Value, history.Type) {
	text, _ := arg.Text()
	switch f {
	case "get":
		return history.Str(p.text), history.OK
	case "put":
		p.text = ""
	}
	p.text += text
	return arg, history.OK
}

type shelf struct{ x, y history.Value }

func (s *shelf) apply(_ string, arg history.Value) (history.Value, history.Type) {
	steps, _ := arg.Elements()
	for i, step := range steps {
		parts, _ := step.Elements()
		at := &s.x
		if parts[1] == history.Str("y") {
			at = &s.y
		}
		if parts[0] == history.Str("r") {
			parts[2] = *at
		} else {
			*at = parts[2]
		}
		steps[i] = history.List(parts...)
	}
	return history.List(steps...), history.OK
}
