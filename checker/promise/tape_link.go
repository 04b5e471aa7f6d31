package promise

import "github.com/jepsen-lite/jepsen-lite/history"

// link ends the building of a tape: it leaves out what may not have happened and
// nobody saw, gives every row its session, and finds who put what was seen.
func (w *writer) link() {
	w.see()
	w.drop()
	w.divide()
	w.attribute()
	w.keyOf, w.valueOf, w.puts, w.seen = nil, nil, nil, nil
}

// see counts who saw each value. What a compare-and-set of unknown outcome needed
// counts as seen once what it put was.
func (w *writer) see() {
	var todo []int32
	needs := map[int32][]int32{} // value → what those of unknown outcome that put it needed
	saw := func(v int32) {
		if w.seen[v]++; w.seen[v] == 1 {
			todo = append(todo, needs[v]...)
		}
	}
	for i := range w.rows {
		if r := &w.rows[i]; !r.certain && r.saw != none {
			needs[r.put] = append(needs[r.put], r.saw)
		}
	}
	for i := range w.rows {
		switch r := &w.rows[i]; {
		case !r.certain || r.saw == none:
		case w.isSet:
			for _, v := range w.members[i] {
				saw(v)
			}
		default:
			saw(r.saw)
		}
		for len(todo) > 0 {
			v := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			saw(v)
		}
	}
}

// drop leaves out operations of unknown outcome of which nothing was seen: a
// history keeps its promises with them if and only if it does without.
func (w *writer) drop() {
	kept := 0
	for i := range w.rows {
		r := w.rows[i]
		if w.twice == int32(i) {
			w.twice = int32(kept)
		}
		if !r.certain && w.seen[r.put] == 0 {
			w.puts[r.put]--
			continue
		}
		if w.rows[kept] = r; w.isSet {
			w.members[kept] = w.members[i]
		}
		kept++
	}
	w.rows = w.rows[:kept]
	if w.isSet {
		w.members = w.members[:kept]
	}
}

// divide gives every row its session. An operation of unknown outcome ends one,
// whether or not it is among the rows.
func (w *writer) divide() {
	current := map[history.Process]int32{}
	next := 0
	for i := range w.ops {
		op := &w.ops[i]
		if next < len(w.rows) && int(w.rows[next].at) == i {
			s, ok := current[op.Process]
			if !ok {
				s = int32(len(w.sessions))
				current[op.Process] = s
				w.sessions = append(w.sessions, nil)
			}
			r := &w.rows[next]
			r.session, r.pos = s, int32(len(w.sessions[s]))
			w.sessions[s] = append(w.sessions[s], int32(next))
			next++
		}
		if op.Outcome == history.Info {
			delete(current, op.Process)
		}
	}
}

// attribute finds who put each value, and the source of each row.
func (w *writer) attribute() {
	for v := range w.values {
		w.values[v].node = orphan
	}
	if !w.isSet {
		for key := range int32(w.keys) {
			if v, ok := w.valueOf[valueKey{key, w.initial}]; ok {
				w.values[v].node, w.values[v].first = w.first(key), true
			}
		}
	}
	for i := range w.rows {
		r := &w.rows[i]
		if r.put == none {
			continue
		}
		if v := &w.values[r.put]; v.node == orphan {
			v.node = int32(i)
		} else {
			if v.node != unclear {
				w.repeated++
			}
			v.node = unclear
		}
	}
	if w.isSet {
		return
	}
	for i := range w.rows {
		if r := &w.rows[i]; r.saw != none {
			r.source = w.values[r.saw].node
		}
	}
	w.doubt()
}

// doubt makes unclear what those rows saw that need not have happened: where values
// repeat, one of unknown outcome may have been kept for what another wrote.
func (w *writer) doubt() {
	var todo []int32
	happened := make([]bool, len(w.rows))
	for i := range w.rows {
		if happened[i] = w.rows[i].certain; happened[i] {
			todo = append(todo, int32(i))
		}
	}
	for ; len(todo) > 0; todo = todo[1:] {
		if source := w.rows[todo[0]].source; w.isRow(source) && !happened[source] {
			happened[source] = true
			todo = append(todo, source)
		}
	}
	for i := range w.rows {
		if !happened[i] && w.rows[i].saw != none {
			w.rows[i].source = unclear
		}
	}
}
