package promise

import (
	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/history"
)

// queue is the ladder of queues.
//
// Why at-least-once is judged by the check of that name where the run names it: its
// dequeues are whole pieces of work then, and one that did not finish has not done
// it. Else an element may be missing because such a dequeue took it.
func (j *judge) queue() []Promise {
	all := j.linear()
	delivery := j.result("delivery")
	drained := number(delivery, "dequeued") > 0

	most := Promise{Name: "at-most-once", Meaning: "nothing comes out more often than it was put in", Asked: j.asked("delivery")}
	most.delivered(j.h, delivery, "at_most_once", "duplicate", "unexpected")
	most.figure("duplicated", number(delivery, "duplicated"), "")

	check := "delivery"
	least := Promise{Name: "at-least-once", Meaning: "what was acknowledged comes out", Asked: j.asked("delivery", "at-least-once")}
	if j.asked("at-least-once") {
		check = "at-least-once"
		least.take(j.h, j.result(check))
	} else {
		least.delivered(j.h, delivery, "at_least_once", "lost")
	}
	least.figure("lost", number(j.result(check), "lost"), "")
	least.figure("acknowledged", number(delivery, "enqueued"), "")

	exactly := Promise{Name: "exactly-once", Meaning: "what was acknowledged comes out once, and nothing else does", Asked: j.asked("delivery")}
	switch {
	case least.Standing == Violated:
		exactly.Standing, exactly.Witness = Violated, least.Witness
	case most.Standing == Violated:
		exactly.Standing, exactly.Witness = Violated, most.Witness
	case least.Standing == Held && most.Standing == Held:
		exactly.Standing = Held
	case least.Standing == NotDecided:
		exactly.open(least.Reason)
	default:
		exactly.open(most.Reason)
	}
	for _, p := range []*Promise{&most, &least, &exactly} {
		p.untested(!drained, "nothing was dequeued")
	}
	all = append(all, exactly, most, least, j.fifo())
	l := loss{check: check, acknowledged: number(delivery, "enqueued"), open: least.Reason, kept: least.Standing == Held}
	if least.Standing == Violated {
		l.anomaly = least.Witness
	}
	return append(all, j.durable(l)...)
}

// delivered lets the promise stand as the statistic of delivery says, with one of
// these anomalies as its witness.
func (p *Promise) delivered(h *history.History, r checker.Result, statistic string, types ...string) {
	a, broken := firstOf(r, types...)
	switch standing, _ := r.Statistics[statistic].(string); {
	case broken:
		p.violated(h, a)
	case standing == string(Held):
		p.Standing = Held
	case r.Reason != "":
		p.open(r.Reason)
	default:
		p.open("what is missing may still be inside, or dequeues of unknown outcome have taken it")
	}
}

// fifo judges the order alone, of what went in once and came out once: that
// something is missing or came twice is no matter of order, and leaving it out
// makes no history out of order.
func (j *judge) fifo() Promise {
	const check = "linearizable(fifo-queue)"
	p := Promise{Name: "fifo", Meaning: "what goes in first comes out first", Asked: j.asked(check)}
	part, elements := onceThrough(j.h)
	if r, known := j.results[check]; known && r.Verdict == checker.Valid {
		p.Standing = Held
	} else {
		p.take(j.h, j.ask(part, check))
	}
	p.untested(elements < 2, "fewer than two elements went through")
	p.figure("elements", int64(elements), "")
	return p
}

// onceThrough returns the history of the elements that went in once and came out
// once, and how many there are.
func onceThrough(h *history.History) (*history.History, int) {
	type name struct {
		key   string
		value history.Value
	}
	in, out := map[name]int{}, map[name]int{}
	each := func(visit func(op *history.Op, of name)) {
		for i := range h.Ops {
			switch op := &h.Ops[i]; {
			case op.F == "enqueue" && op.Outcome != history.Fail:
				visit(op, name{op.Key, op.Input})
			case op.F == "dequeue" && op.Outcome == history.OK && !op.Output.IsAbsent() && !op.Output.IsNull():
				visit(op, name{op.Key, op.Output})
			}
		}
	}
	each(func(op *history.Op, of name) {
		if op.F == "enqueue" {
			in[of]++
		} else {
			out[of]++
		}
	})
	part, elements := &history.History{}, 0
	each(func(op *history.Op, of name) {
		if in[of] == 1 && out[of] == 1 {
			part.Ops = append(part.Ops, *op)
			elements++
		}
	})
	return part, elements / 2
}
