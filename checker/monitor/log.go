package monitor

import (
	"math"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model"
)

// log judges a list that only grows at its end, that is read as a whole, and whose
// elements are appended once each. docs/monitors.md proves that what it tests is
// all there is to test.
type log struct {
	unfit   string
	numbers numbers
	entries []logged
	reads   []logRead
	// order are the elements that were read, oldest first: a read that has more
	// than all before it makes it longer. longest is the row of the last that did.
	order   []int32
	longest int32
	// wrong are the elements and the reads of the first violation that reads alone
	// show.
	wrong struct{ elements, reads []int32 }
}

// logged is what is known of one element.
type logged struct {
	call, ret int64
	id        int32 // of its append; none: -1
	place     int32 // in the order; none: -1
}

// logRead is a read that saw so many elements.
type logRead struct {
	call, end int64
	id, size  int32
}

func newLog(n int) *log {
	return &log{numbers: newNumbers(n), entries: make([]logged, 0, n), longest: none}
}

func (l *log) Add(op *model.Op) {
	if op.Observes {
		l.read(op)
		return
	}
	e := &l.entries[l.number(op.Put)]
	if e.id != none {
		l.unfit = "an element was appended twice"
	}
	e.call, e.ret, e.id = op.Call, op.Return, int32(op.ID)
}

// read holds what was seen against what all reads before have seen.
func (l *log) read(op *model.Op) {
	r := logRead{call: op.Call, end: op.Return, id: int32(op.ID)}
	isLonger := false
	for v := range (content{op.Result, op.Members()}).each {
		n := l.number(v)
		switch place := &l.entries[n].place; {
		case l.wrong.reads != nil:
			return
		case int(r.size) < len(l.order) && l.order[r.size] != n:
			l.wrong.elements, l.wrong.reads = []int32{n, l.order[r.size]}, []int32{r.id, l.reads[l.longest].id}
		case int(r.size) < len(l.order): // as before
		case *place != none: // twice in one read
			l.wrong.elements, l.wrong.reads = []int32{n}, []int32{r.id}
		default:
			*place, isLonger = r.size, true
			l.order = append(l.order, n)
		}
		r.size++
	}
	l.reads = append(l.reads, r)
	if isLonger {
		l.longest = int32(len(l.reads) - 1)
	}
}

func (l *log) number(v history.Value) int32 {
	n := l.numbers.of(v)
	if int(n) == len(l.entries) {
		l.entries = append(l.entries, logged{ret: history.Never, id: none, place: none})
	}
	return n
}

// about returns a violation by these reads, and by the appends of these elements.
func (l *log) about(elements []int32, reads ...int32) Outcome {
	o := illegal(reads...)
	for _, n := range elements {
		o.add(l.entries[n].id)
		o.Elements = append(o.Elements, l.numbers.value(n))
	}
	return o
}

func (l *log) Judge() Outcome {
	switch {
	case l.unfit != "":
		return unfit(l.unfit)
	case l.wrong.reads != nil:
		return l.about(l.wrong.elements, l.wrong.reads...)
	}
	for _, n := range l.order {
		if l.entries[n].id == none {
			return l.about([]int32{n}, l.reads[l.longest].id)
		}
	}
	return l.inOrder()
}

// inOrder looks for something that ended before something began that must come
// before it: the reads of nothing, the first element, the reads of it alone, the
// second element, and so on; last the elements that no read has.
func (l *log) inOrder() Outcome {
	firstAnswer, lastRead := l.bySize()
	latest, lastEntry, lastBy := int64(math.MinInt64), int32(none), int32(none)
	for size := range firstAnswer {
		if row := firstAnswer[size]; row != none && l.reads[row].end < latest {
			return l.readTooEarly(row, lastEntry, lastBy)
		}
		if row := lastRead[size]; row != none && l.reads[row].call > latest {
			latest, lastEntry, lastBy = l.reads[row].call, none, row
		}
		if size == len(l.order) {
			break
		}
		n := l.order[size]
		if l.entries[n].ret < latest {
			return l.appendedTooEarly(n, lastEntry, lastBy)
		}
		if l.entries[n].call > latest {
			latest, lastEntry, lastBy = l.entries[n].call, n, none
		}
	}
	for n := range l.entries {
		if e := &l.entries[n]; e.place == none && e.ret < latest {
			return l.appendedTooEarly(int32(n), lastEntry, lastBy)
		}
	}
	return Outcome{Answer: Legal}
}

// bySize returns, for each number of elements, the rows of the read of it that
// returned first and of the one that was called last; none: -1.
func (l *log) bySize() (firstAnswer, lastRead []int32) {
	firstAnswer, lastRead = make([]int32, len(l.order)+1), make([]int32, len(l.order)+1)
	for i := range firstAnswer {
		firstAnswer[i], lastRead[i] = none, none
	}
	for row := range l.reads {
		r := &l.reads[row]
		if at := &firstAnswer[r.size]; *at == none || r.end < l.reads[*at].end {
			*at = int32(row)
		}
		if at := &lastRead[r.size]; *at == none || r.call > l.reads[*at].call {
			*at = int32(row)
		}
	}
	return firstAnswer, lastRead
}

// readTooEarly: the read ended before an element that it has was appended, or
// before another read that has less.
func (l *log) readTooEarly(row, n, other int32) Outcome {
	if n != none {
		return l.about([]int32{n}, l.reads[row].id)
	}
	return l.about([]int32{l.order[l.reads[other].size]}, l.reads[row].id, l.reads[other].id)
}

// appendedTooEarly: the element was in before a read that lacks it was called, or
// before an element was that stands before it.
func (l *log) appendedTooEarly(n, before, read int32) Outcome {
	if read != none {
		return l.about([]int32{n}, l.reads[read].id)
	}
	return l.about([]int32{n, before}, l.reads[l.longest].id)
}
