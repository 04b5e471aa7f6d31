package history

import "iter"

// OriginalIndex returns the index that the event with index i has in the file,
// where that numbers its events otherwise than from 0 without gaps; -1 where it
// does not number that one.
func (h *History) OriginalIndex(i int) int {
	if i < 0 || i >= len(h.original) {
		return i
	}
	return h.original[i]
}

// events returns how many events there are, or were before some were left out.
func (h *History) events() int {
	n := 0
	for i := range h.Ops {
		n = max(n, h.Ops[i].Invoked+1, h.Ops[i].Completed+1)
	}
	for _, several := range [][]Event{h.Nemesis, h.Unpaired} {
		if len(several) > 0 {
			n = max(n, several[len(several)-1].Index+1)
		}
	}
	return n
}

// Events returns the events again, in their order, also those that pair with
// nothing. Where an operation of unknown outcome does not say when its client gave
// up, that completion has the time of the event before it; fields that no operation
// holds are gone. It needs four bytes an event.
//
// Why not keep them: a history would be twice as large, and few look at events.
func (h *History) Events() iter.Seq[Event] {
	return func(yield func(Event) bool) {
		const unknown = 0
		var (
			n     = h.events()
			which = make([]int32, n) // operation + 1, negative for its completion
			rest  [2][]Event
			now   int64
		)
		for i := range h.Ops {
			which[h.Ops[i].Invoked] = int32(i) + 1
			if c := h.Ops[i].Completed; c >= 0 {
				which[c] = -int32(i) - 1
			}
		}
		rest[0], rest[1] = h.Nemesis, h.Unpaired
		for i := range n {
			var e Event
			if which[i] != unknown {
				e = h.event(which[i], now)
			} else if several := next(&rest, i); several != nil {
				e = (*several)[0]
				*several = (*several)[1:]
			} else {
				continue
			}
			if now = e.Time; !yield(e) {
				return
			}
		}
	}
}

// next returns the list that begins with the event of the given index.
func next(lists *[2][]Event, index int) *[]Event {
	for i := range lists {
		if len(lists[i]) > 0 && lists[i][0].Index == index {
			return &lists[i]
		}
	}
	return nil
}

// event returns the invocation of operation n-1, or the completion of -n-1.
func (h *History) event(n int32, now int64) Event {
	if n > 0 {
		op := &h.Ops[n-1]
		return Event{Index: op.Invoked, Time: op.Call, Process: op.Process, Type: Invoke, F: op.F, Key: op.Key, Value: op.Input}
	}
	op := &h.Ops[-n-1]
	e := Event{
		Index: op.Completed, Time: op.Return, Process: op.Process, Type: op.Outcome,
		F: op.F, Key: op.Key, Value: op.Output, Error: op.Error,
	}
	if op.Outcome == Info {
		// Why not GaveUp alone: a history made by hand may not have it, and times
		// never go back.
		e.Time = max(now, op.GaveUp)
	}
	return e
}
