package checker

import (
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
		case len(e.dequeues) == 1 && len(e.enqueues) == 1 && before(e.dequeues[0], e.enqueues[0]):
			return anomaly("never-enqueued", "a dequeue returned %s before it was enqueued", v), true
		}
	}
	if a, ok := explainEmpty(ops, all, order); ok {
		return a, true
	}
	return explainOrder(all, order)
}

func explainDuplicate(v history.Value, e *element) (Anomaly, bool) {
	first, second := e.dequeues[0], e.dequeues[1]
	if before(first, second) {
		return anomaly("duplicate", "a dequeue returned %s after another dequeue had already returned it", v), true
	}
	return anomaly("duplicate", "two dequeues both returned %s", v), true
}

// explainEmpty: something was certainly inside when a dequeue saw nothing.
func explainEmpty(ops []model.Op, all map[history.Value]*element, order []history.Value) (Anomaly, bool) {
	for i := range ops {
		empty := &ops[i]
		if !empty.Observes {
			continue
		}
		for _, v := range order {
			e := all[v]
			if len(e.enqueues) != 1 || !before(e.enqueues[0], empty) {
				continue
			}
			switch {
			case len(e.dequeues) == 0:
				return anomaly("lost", "a dequeue found the queue empty although %s had been enqueued and was never dequeued", v), true
			case before(empty, e.dequeues[0]):
				return anomaly("lost", "a dequeue found the queue empty although %s was inside: it was dequeued later", v), true
			}
		}
	}
	return Anomaly{}, false
}

// explainOrder: of two values, the one that went in first did not come out first.
func explainOrder(all map[history.Value]*element, order []history.Value) (Anomaly, bool) {
	for _, v := range order {
		for _, w := range order {
			a, b := all[v], all[w]
			if v == w || len(a.enqueues) != 1 || len(b.enqueues) != 1 || len(b.dequeues) != 1 || !before(a.enqueues[0], b.enqueues[0]) {
				continue
			}
			switch {
			case len(a.dequeues) == 0:
				return anomaly("lost", "a dequeue returned %s although %s, enqueued before it, had not been dequeued", w, v), true
			case before(b.dequeues[0], a.dequeues[0]):
				return anomaly("out-of-order", "%s was dequeued before %s although it was enqueued after it", w, v), true
			}
		}
	}
	return Anomaly{}, false
}
