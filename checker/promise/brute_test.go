package promise

import (
	"slices"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// What follows judges small histories by the definitions of docs/promises.md, by
// trying everything. It shares nothing with what it tests but the operations.

// act is an operation as the definitions have it: what it saw and what it put, of
// one key; an add puts an element, a read of a set saw many.
type act struct {
	session, key int
	saw          history.Value
	put          history.Value
	list         []history.Value
	isList       bool
	certain      bool
}

// acts reads the operations of registers or sets; failed ones, and reads of unknown
// outcome, are none.
func acts(ops []history.Op) []act {
	sessions, keys := map[history.Process]int{}, map[string]int{}
	var all []act
	next := 0
	for i := range ops {
		op := &ops[i]
		if _, ok := keys[op.Key]; !ok {
			keys[op.Key] = len(keys)
		}
		if _, ok := sessions[op.Process]; !ok {
			sessions[op.Process] = next
			next++
		}
		a := act{session: sessions[op.Process], key: keys[op.Key], certain: op.Outcome == history.OK}
		if op.Outcome == history.Info {
			delete(sessions, op.Process)
		}
		switch {
		case op.F == "read" && op.Outcome == history.OK && op.Output.IsList():
			a.list, _ = op.Output.Elements()
			a.isList = true
		case op.F == "read" && op.Outcome == history.OK:
			a.saw = op.Output
		case op.F == "read":
			continue
		case op.F == "cas" && op.Outcome == history.Fail:
			saw, ok := op.Output.Field("saw")
			if !ok {
				continue
			}
			a.saw, a.certain = saw, true
		case op.Outcome == history.Fail:
			continue
		case op.F == "cas":
			a.saw, a.put, _ = op.Input.Pair()
		default:
			a.put = op.Input
		}
		all = append(all, a)
	}
	return all
}

// isSequential tries all orders that keep those of the sessions, of all that is
// certain and any of the rest.
func isSequential(all []act) bool {
	var try func(done []bool, state map[int][]history.Value) bool
	try = func(done []bool, state map[int][]history.Value) bool {
		complete := true
		for i := range all {
			complete = complete && (done[i] || !all[i].certain)
		}
		if complete {
			return true
		}
		for i := range all {
			if done[i] || !first(all, done, i) || !all[i].shows(state[all[i].key]) {
				continue
			}
			old := state[all[i].key]
			done[i] = true
			state[all[i].key] = all[i].apply(old)
			if try(done, state) {
				return true
			}
			done[i], state[all[i].key] = false, old
		}
		return false
	}
	return try(make([]bool, len(all)), map[int][]history.Value{})
}

// first reports whether all of the session before it are done.
func first(all []act, done []bool, i int) bool {
	for j := range i {
		if all[j].session == all[i].session && !done[j] {
			return false
		}
	}
	return true
}

// shows reports whether what it saw is what the key holds: of a register the last
// element, of a set all.
func (a act) shows(state []history.Value) bool {
	switch {
	case a.isList:
		for _, v := range a.list {
			if !slices.Contains(state, v) {
				return false
			}
		}
		for _, v := range state {
			if !slices.Contains(a.list, v) {
				return false
			}
		}
		return true
	case a.saw.IsAbsent():
		return true
	case len(state) == 0:
		return a.saw.IsNull()
	}
	return state[len(state)-1] == a.saw
}

func (a act) apply(state []history.Value) []history.Value {
	if a.put.IsAbsent() {
		return state
	}
	return append(slices.Clone(state), a.put)
}

// keepsGuarantee tries all arbitrations: orders of the writes. Values are unique.
func keepsGuarantee(g guarantee, all []act) bool {
	// Of what is not certain, that happened which was seen by what happened.
	happened := make([]bool, len(all))
	for range all {
		for i, a := range all {
			happened[i] = happened[i] || a.certain
			for j, b := range all {
				if happened[j] && a.key == b.key && !a.put.IsAbsent() && (b.saw == a.put || slices.Contains(b.list, a.put)) {
					happened[i] = true
				}
			}
		}
	}
	var some []act
	for i, a := range all {
		if happened[i] {
			some = append(some, a)
		}
	}
	all = some
	d := definition{all: all, guarantee: g}
	for i := range all {
		if !d.explained(i) {
			return false
		}
		if !all[i].put.IsAbsent() {
			d.writes = append(d.writes, i)
		}
	}
	found := false
	permute(d.writes, func(order []int) bool {
		found = d.keeps(order)
		return !found
	})
	return found
}

// definition is a guarantee over some acts.
type definition struct {
	all       []act
	guarantee guarantee
	writes    []int
}

// saw reports whether an act saw what the write put.
func (d *definition) saw(r, w int) bool {
	a, b := d.all[r], d.all[w]
	return a.key == b.key && !b.put.IsAbsent() && (a.saw == b.put || slices.Contains(a.list, b.put))
}

func (d *definition) explained(r int) bool {
	a := d.all[r]
	values := slices.Clone(a.list)
	if !a.saw.IsAbsent() {
		values = append(values, a.saw)
	}
	for _, v := range values {
		ok := v.IsNull() && !a.isList
		for w := range d.all {
			ok = ok || d.all[w].put == v && d.all[w].key == a.key
		}
		if !ok {
			return false
		}
	}
	return true
}

// reads reports whether the act saw anything.
func (d *definition) reads(r int) bool { return d.all[r].isList || !d.all[r].saw.IsAbsent() }

// before is the order of sessions. A compare-and-set reads before it writes.
func (d *definition) before(a, b int) bool { return d.all[a].session == d.all[b].session && a < b }

// afterReading reports whether a session wrote w2 after it had read w1.
func (d *definition) afterReading(w1, w2 int) bool {
	for r := range d.all {
		if d.saw(r, w1) && (d.before(r, w2) || r == w2) {
			return true
		}
	}
	return false
}

// follows is the transitive closure of that.
func (d *definition) follows(w1, w2, steps int) bool {
	if d.afterReading(w1, w2) {
		return true
	}
	return steps > 0 && slices.ContainsFunc(d.writes, func(w int) bool { return d.afterReading(w1, w) && d.follows(w, w2, steps-1) })
}

// inView reports whether the write must be visible to the read.
func (d *definition) inView(w, r int) bool {
	switch d.guarantee {
	case readYourWrites:
		return d.before(w, r)
	case monotonicReads:
		for e := range d.all {
			if d.saw(e, w) && d.before(e, r) {
				return true
			}
		}
		return false
	}
	for e := range d.all {
		if e != r && !d.before(e, r) {
			continue
		}
		for _, later := range d.writes {
			if !d.saw(e, later) {
				continue
			}
			if d.guarantee == monotonicWrites && d.before(w, later) || d.guarantee == writesFollowReads && d.follows(w, later, len(d.writes)) {
				return true
			}
		}
	}
	return false
}

// keeps reports whether the guarantee holds with that arbitration.
func (d *definition) keeps(order []int) bool {
	at := map[int]int{}
	for i, w := range order {
		at[w] = i
	}
	for _, a := range d.writes {
		for _, b := range d.writes {
			must := d.saw(b, a) || d.before(a, b) || d.guarantee == writesFollowReads && d.afterReading(a, b)
			if must && at[a] >= at[b] {
				return false
			}
		}
	}
	for r := range d.all {
		for _, w := range d.writes {
			if !d.reads(r) || d.all[w].key != d.all[r].key || !d.inView(w, r) || d.saw(r, w) {
				continue
			}
			if d.all[r].isList || d.all[r].saw.IsNull() {
				return false // it must be seen, or it was not before all writes
			}
			for _, source := range d.writes {
				if d.saw(r, source) && at[source] < at[w] {
					return false
				}
			}
		}
	}
	return true
}

// permute calls visit with each order until it returns false.
func permute(items []int, visit func([]int) bool) bool {
	var rec func(k int) bool
	items = slices.Clone(items)
	rec = func(k int) bool {
		if k == len(items) {
			return visit(items)
		}
		for i := k; i < len(items); i++ {
			items[k], items[i] = items[i], items[k]
			if !rec(k + 1) {
				return false
			}
			items[k], items[i] = items[i], items[k]
		}
		return true
	}
	return rec(0)
}
