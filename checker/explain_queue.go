package checker

import (
	"fmt"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model"
)

// element is what a witness says of one value of a queue.
type element struct {
	enqueues, dequeues []*model.Op
}

func elements(ops []model.Op) (map[history.Value]*element, []history.Value) {
	all, order := map[history.Value]*element{}, []history.Value(nil)
	at := func(v history.Value) *element {
		if all[v] == nil {
			all[v] = &element{}
			order = append(order, v)
		}
		return all[v]
	}
	for i := range ops {
		op := &ops[i]
		switch {
		case op.F == "enqueue":
			e := at(op.Arg)
			e.enqueues = append(e.enqueues, op)
		case op.Certain && !op.Observes:
			e := at(op.Result)
			e.dequeues = append(e.dequeues, op)
		}
	}
	return all, order
}

func explainFIFO(ops []model.Op) (Anomaly, bool) {
	if a, ok := explainQueue(ops); ok {
		return a, true
	}
	return explainOrder(ops)
}

// openDequeues counts the dequeues of unknown outcome called by then.
func openDequeues(ops []model.Op, by int64) int {
	open := 0
	for i := range ops {
		if ops[i].F == "dequeue" && !ops[i].Certain && ops[i].Call <= by {
			open++
		}
	}
	return open
}

func explainQueue(ops []model.Op) (Anomaly, bool) {
	all, order := elements(ops)
	for _, v := range order {
		e := all[v]
		switch {
		case len(e.dequeues) > len(e.enqueues) && len(e.enqueues) > 0:
			return explainDuplicate(v, e)
		case len(e.enqueues) == 0 && len(e.dequeues) == 1:
			return anomaly("never-enqueued", "a dequeue returned %s, which nobody had enqueued", v), true
		case len(e.enqueues) == 0:
			return explainDuplicate(v, e)
		}
	}
	for i := range ops {
		if ops[i].Observes {
			if a, ok := explainEmpty(&ops[i], ops, all, order); ok {
				return a, true
			}
		}
	}
	return Anomaly{}, false
}

func explainDuplicate(v history.Value, e *element) (Anomaly, bool) {
	first, second := e.dequeues[0], e.dequeues[1]
	if before(first, second) {
		return anomaly("duplicate", "a dequeue returned %s after another dequeue had already returned it", v), true
	}
	return anomaly("duplicate", "two dequeues both returned %s", v), true
}

// explainEmpty: something was certainly inside when a dequeue saw nothing.
func explainEmpty(empty *model.Op, ops []model.Op, all map[history.Value]*element, order []history.Value) (Anomaly, bool) {
	var inside []history.Value
	for _, v := range order {
		if e := all[v]; len(e.enqueues) == 1 && before(e.enqueues[0], empty) && len(e.dequeues) == 0 {
			inside = append(inside, v)
		}
	}
	open := openDequeues(ops, empty.Return)
	switch {
	case len(inside) <= open:
		return Anomaly{}, false
	case open == 0:
		return anomaly("lost", "a dequeue found the queue empty although %s had been enqueued and not dequeued", inside[0]), true
	}
	return anomaly("lost", "a dequeue found the queue empty although %d values had been enqueued and not dequeued, and %s cannot have taken all",
		len(inside), unknownDequeues(open)), true
}

func unknownDequeues(n int) string {
	if n == 1 {
		return "the one dequeue of unknown outcome"
	}
	return fmt.Sprintf("the %d dequeues of unknown outcome", n)
}

// explainOrder: what went in first did not come out first. The witness ends with
// the dequeue that came too early.
func explainOrder(ops []model.Op) (Anomaly, bool) {
	all, order := elements(ops)
	for _, w := range order {
		late := all[w]
		if len(late.enqueues) != 1 || len(late.dequeues) != 1 {
			continue
		}
		var overtaken []history.Value
		for _, v := range order {
			early := all[v]
			if len(early.enqueues) == 1 && before(early.enqueues[0], late.enqueues[0]) && len(early.dequeues) == 0 {
				overtaken = append(overtaken, v)
			}
		}
		open := openDequeues(ops, late.dequeues[0].Return)
		switch {
		case len(overtaken) <= open:
		case open == 0:
			return anomaly("out-of-order", "a dequeue returned %s although %s, enqueued before it, had not been dequeued", w, overtaken[0]), true
		default:
			return anomaly("out-of-order", "a dequeue returned %s although %d values enqueued before it had not been dequeued, and %s cannot have taken all",
				w, len(overtaken), unknownDequeues(open)), true
		}
	}
	return Anomaly{}, false
}
