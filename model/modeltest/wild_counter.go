package modeltest

import "github.com/jepsen-lite/jepsen-lite/history"

// counting is what the history of a counter is made of. Each has its own, so
// that there are many in which all changes have one sign, say, or one size.
type counting struct {
	names   []string
	amounts []int64
	// tooMuch: takes ask for more than there was at first.
	tooMuch bool
}

func (w *wild) drawCounting() {
	amounts := [][]int64{{1}, {1}, {1, 2, 3}, {0, 1, 2}, {2}, {2, 5}}
	switch w.kind {
	case "counter":
		names := [][]string{{"read", "add-and-get"}, {"read", "add", "add-and-get"}, {"read", "add"}, {"add-and-get"}}
		w.counting.names = names[w.r.IntN(len(names))]
		amounts = append(amounts, []int64{-1}, []int64{-1, -2}, []int64{1, -1}, []int64{1, -1}, []int64{1, 1, 2, -1, -3})
	case "bounded-counter":
		names := [][]string{{"read", "take"}, {"take"}, {"read", "take", "put"}, {"take", "put"}, {"put", "take", "put"}}
		w.counting.names = names[w.r.IntN(len(names))]
		w.counting.tooMuch = len(w.counting.names) > 1 && w.r.IntN(3) == 0
	default:
		w.counting.names = operations(w.kind)
	}
	w.counting.amounts = amounts[w.r.IntN(len(amounts))]
}

// amount draws what f changes a total by.
func (w *wild) amount(f string) history.Value {
	n := w.counting.amounts[w.r.IntN(len(w.counting.amounts))]
	if f == "take" && w.counting.tooMuch {
		n += InitialStock + w.r.Int64N(3)
	}
	return history.Int(n)
}

// counted makes up the result of an operation of a counter: near to what it can
// be, or there would be nothing to find out.
func (w *wild) counted(op *history.Op) history.Value {
	t := w.object.(*tally)
	result := history.Int(t.n)
	if w.r.IntN(3) > 0 {
		result, _ = t.apply(op.F, op.Input)
	}
	n, counts := result.Int()
	switch off := w.r.IntN(8); {
	case off == 0 && op.F == "take":
		return history.NullValue
	case off == 1 && op.F == "add-and-get":
		return history.Value{} // it says nothing
	case off < 5 && counts:
		return history.Int(n + int64(off-3))
	}
	return result
}
