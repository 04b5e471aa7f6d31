package promise

import (
	"slices"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model"
)

const linearizableMeaning = "every operation takes effect at one moment between its call and its return"

// rung names a session guarantee, and says what could have refuted it.
type rung struct{ name, meaning, untested string }

// rungs returns those of the session guarantees, in their order.
func rungs() [guarantees]rung {
	return [guarantees]rung{
		{"read-your-writes", "a session's reads see what it wrote before", "no session read what it had written to"},
		{"monotonic-reads", "a session's reads never go back behind what it has read", "no session read anything twice"},
		{"monotonic-writes", "whoever sees a write sees those that its session made before it", "no session read what another wrote before something it had seen"},
		{"writes-follow-reads", "whoever sees a write sees those that its session had read before it", "no session read what somebody had read before writing something it had seen"},
	}
}

// linear is the promise of linearizability alone.
func (j *judge) linear() []Promise {
	if j.subject.linearizable == "" {
		return nil
	}
	p := j.from("linearizable", linearizableMeaning, j.subject.linearizable)
	p.untested(!observes(j.h), "nothing was observed")
	return []Promise{p}
}

// observes reports whether an operation succeeded and has a result, or reports what
// it saw.
func observes(h *history.History) bool {
	for i := range h.Ops {
		op := &h.Ops[i]
		if (op.Outcome == history.OK || op.Outcome == history.Fail) && !op.Output.IsAbsent() && !slices.Contains([]string{"write", "add", "enqueue", "append", "put"}, op.F) {
			return true
		}
	}
	return false
}

// consistency is the ladder of registers and sets, and what was lost.
func (j *judge) consistency() []Promise {
	all := j.linear()
	sequential := Promise{Name: "sequential", Meaning: "all operations have one order that keeps that of each process"}
	lower := make([]Promise, guarantees)
	for g, r := range rungs() {
		lower[g] = Promise{Name: r.name, Meaning: r.meaning}
	}
	m, err := model.Parse(j.subject.model)
	if err != nil {
		return all // it was parsed before
	}
	t, reason, err := read(m, j.h.Ops)
	if err != nil {
		reason = err.Error()
	}
	if reason != "" {
		sequential.open(reason)
		if all[0].Standing == Held && !touches(j.h) {
			sequential.Standing, sequential.Reason = Held, ""
		}
		for g := range lower {
			lower[g].open(reason)
		}
		return append(append(all, sequential), lower...)
	}
	c := climb{judge: j, tape: t, linearizable: &all[0], sequential: &sequential, lower: lower}
	c.all()
	all = append(append(all, sequential), lower...)
	return append(all, j.losses(t)...)
}

// touches reports whether an operation was called at the moment at which the one
// before it in its process returned. To linearizability these are concurrent, as
// intervals are closed; to a session they are not.
func touches(h *history.History) bool {
	last := map[history.Process]int64{}
	for i := range h.Ops {
		op := &h.Ops[i]
		if end, ok := last[op.Process]; ok && op.Call <= end {
			return true
		}
		if delete(last, op.Process); op.Outcome != history.Info {
			last[op.Process] = op.Return
		}
	}
	return false
}

// climb lets what is known of one rung speak for the others: what is linearizable
// is sequential, and what is sequential keeps the session guarantees.
type climb struct {
	*judge
	tape                     *tape
	linearizable, sequential *Promise
	lower                    []Promise
}

const touching = "an operation was called in the nanosecond in which the one before it of its process returned, and linearizability takes them as concurrent"

func (c *climb) all() {
	if c.linearizable.Standing == Held && !touches(c.h) || c.tape.inOrder(c.ctx) {
		c.ordered()
		return
	}
	var smallest *breach
	found := make([]finding, guarantees)
	for g := range guarantees {
		found[g] = g.judge(c.ctx, c.tape)
		if b := found[g].breach; b != nil && (smallest == nil || len(b.rows) < len(smallest.rows)) {
			smallest = b
		}
	}
	f := finding{breach: smallest, tests: c.tape.observations()}
	if smallest == nil {
		f = c.tape.sequential(c.ctx)
	}
	if f.breach == nil && f.open == "" {
		c.ordered()
		return
	}
	c.stand(c.sequential, f, nothingRead)
	for g, r := range rungs() {
		c.stand(&c.lower[g], found[g], r.untested)
	}
	c.up(f)
}

const nothingRead = "nothing was read"

// ordered: there is an order, and so everything below is kept.
func (c *climb) ordered() {
	c.sequential.Standing = Held
	c.sequential.untested(c.tape.observations() == 0, nothingRead)
	for g, r := range rungs() {
		p := &c.lower[g]
		p.Standing = Held
		tested := guarantee(g).tested(c.ctx, c.tape)
		if reason := c.tape.repeatedReason(); !tested && reason != "" {
			p.open(reason)
		}
		p.untested(!tested, r.untested)
	}
}

// stand lets a promise stand as was found.
func (c *climb) stand(p *Promise, f finding, untested string) {
	switch {
	case f.breach != nil:
		p.violated(c.h, *c.tape.anomaly(f.breach))
	case f.open != "":
		p.open(f.open)
	default:
		p.Standing = Held
	}
	p.untested(f.tests == 0, untested)
}

// up lets a history that is not sequential not be linearizable either. Where that
// was found to hold, intervals that touch are to blame, and nothing is claimed.
func (c *climb) up(f finding) {
	switch {
	case f.breach == nil:
	case c.linearizable.Standing == Held:
		for _, p := range append(pointers(c.lower), c.sequential) {
			if p.Standing == Violated {
				p.open(touching)
			}
		}
	case c.linearizable.Standing == NotDecided && !touches(c.h):
		c.linearizable.violated(c.h, *c.tape.anomaly(f.breach))
	}
}

func pointers(all []Promise) []*Promise {
	var each []*Promise
	for i := range all {
		each = append(each, &all[i])
	}
	return each
}
