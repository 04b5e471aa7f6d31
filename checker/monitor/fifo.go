package monitor

import (
	"sort"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model"
)

// fifo judges a first-in-first-out queue whose elements are put in once each.
// docs/monitors.md proves that what it tests is all there is to test.
type fifo struct {
	unfit   string // why it is none for this monitor
	numbers numbers
	items   []item
	// takers are the calls of dequeues of unknown result, in their order, with IDs:
	// each may have taken one element, or none.
	takers  []moment
	empties []empty
	again   again
}

// item is what is known of one element.
type item struct {
	inCall, inReturn, outCall, outReturn int64
	in, out                              int32 // IDs; none: -1
}

// empty is a dequeue that saw nothing inside.
type empty struct {
	call, end int64
	id        int32
}

// again is the first element that was dequeued a second time.
type again struct{ item, first, second int32 }

func newFIFO(n int) *fifo {
	return &fifo{numbers: newNumbers(n), items: make([]item, 0, n/2+1), again: again{item: none}}
}

func (q *fifo) Add(op *model.Op) {
	switch id := int32(op.ID); {
	case op.Action == model.Empty:
		q.empties = append(q.empties, empty{op.Call, op.Return, id})
	case op.Action == model.Insert:
		it, _ := q.item(op.Put)
		if it.in != none {
			q.unfit = "an element was enqueued twice"
		}
		it.in, it.inCall, it.inReturn = id, op.Call, op.Return
	case !op.Certain:
		q.takers = append(q.takers, moment{op.Call, id})
	default:
		it, n := q.item(op.Seen)
		if it.out != none && q.again.item == none {
			q.again = again{n, it.out, id}
		}
		it.out, it.outCall, it.outReturn = id, op.Call, op.Return
	}
}

func (q *fifo) item(v history.Value) (*item, int32) {
	n := q.numbers.of(v)
	if int(n) == len(q.items) {
		q.items = append(q.items, item{in: none, out: none})
	}
	return &q.items[n], n
}

func (q *fifo) Judge() Outcome {
	passed, left, o := q.sortOut()
	if o.Answer != Legal {
		return o
	}
	order(passed)
	order(left)
	calls := make([]moment, len(passed))
	for i, m := range passed {
		calls[i] = moment{q.items[m.row].inCall, m.row}
	}
	order(calls)
	if o := q.overtaken(calls, passed); o.Answer == Illegal {
		return o
	}
	if o := q.passedOver(calls, left); o.Answer == Illegal {
		return o
	}
	return q.notEmpty(passed, left)
}

// sortOut returns the elements that came out and those that certainly went in
// and did not, by their number, at the return of their enqueue; or what is wrong
// with one of them.
func (q *fifo) sortOut() (passed, left []moment, o Outcome) {
	switch {
	case q.unfit != "":
		return nil, nil, unfit(q.unfit)
	case q.again.item != none:
		return nil, nil, illegal(q.items[q.again.item].in, q.again.first, q.again.second)
	}
	passed = make([]moment, 0, len(q.items))
	for n := range q.items {
		it := &q.items[n]
		switch {
		case it.out == none && it.inReturn == history.Never: // never seen, so it need not have happened
		case it.out == none:
			left = append(left, moment{it.inReturn, int32(n)})
		case it.in == none || it.outReturn < it.inCall:
			return nil, nil, illegal(it.in, it.out)
		default:
			passed = append(passed, moment{it.inReturn, int32(n)})
		}
	}
	return passed, left, Outcome{Answer: Legal}
}

// overtaken looks for an element that was in before another and came out after.
func (q *fifo) overtaken(calls, passed []moment) Outcome {
	last, next := none, 0
	for _, call := range calls {
		w := &q.items[call.row]
		for ; next < len(passed) && passed[next].time < call.time; next++ {
			if n := passed[next].row; last == none || q.items[n].outCall > q.items[last].outCall {
				last = int(n)
			}
		}
		if last != none && q.items[last].outCall > w.outReturn {
			v := &q.items[last]
			return illegal(v.in, w.in, w.out, v.out)
		}
	}
	return Outcome{Answer: Legal}
}

// passedOver looks for an element that came out although more elements were in
// before it, and never came out, than dequeues of unknown result can have taken
// by then (Hall 1935). Of all such it takes one with the fewest dequeues.
func (q *fifo) passedOver(calls, left []moment) Outcome {
	inside, taken, best := 0, 0, Outcome{Answer: Legal}
	for _, call := range calls {
		for inside < len(left) && left[inside].time < call.time {
			inside++
		}
		for taken < len(q.takers) && q.takers[taken].time <= call.time {
			taken++
		}
		if inside <= taken {
			continue
		}
		w := &q.items[call.row]
		able := sort.Search(len(q.takers), func(i int) bool { return q.takers[i].time > w.outReturn })
		if inside > able && (best.Answer == Legal || len(best.Core) > 2*able+3) {
			best = illegal(w.in, w.out)
			best.Core = append(best.Core, q.lost(left[:able+1], q.takers[:able])...)
		}
	}
	return best
}

// lost returns the IDs of the enqueues of elements and of the takers.
func (q *fifo) lost(left, takers []moment) []int {
	var ids []int
	for _, m := range left {
		ids = append(ids, int(q.items[m.row].in))
	}
	for _, m := range takers {
		ids = append(ids, int(m.row))
	}
	return ids
}
