package promise

import (
	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model"
)

// What a row has in place of a node. A node is a row, seen as the write it makes;
// after the rows come the first values, one a key; after those what a graph adds.
const (
	none    = -1 // there is none
	unclear = -2 // several rows may have written the value
	orphan  = -3 // nobody can have written the value
)

// row is an operation that took effect, or may have and was seen by somebody.
type row struct {
	at           int32 // its place in the history
	session, pos int32 // whose it is, and its place there
	key          int32
	// saw and put are values, numbered over all keys; source is the node of what it
	// saw. A compare-and-set saw what it needed, and put what it wrote.
	saw, put, source int32
	certain          bool
}

// tape is what a history says of registers or sets: the rows, by invocation, and
// the sessions they belong to.
//
// A session is a process up to its first operation of unknown outcome: a process
// that goes on after one, as Jepsen's may, is another session.
type tape struct {
	model    model.Model
	ops      []history.Op
	rows     []row
	sessions [][]int32
	keys     int
	names    []string // of the keys
	values   []value
	// members, of a set, are the distinct values that each row saw, by row; nil for
	// registers, whose rows see one value at most.
	members [][]int32
	// repeated counts values that more than one row may have put.
	repeated int
	// twice is the first row that lists a member twice, or none.
	twice int32
}

// value is one that was put or seen.
type value struct {
	node int32 // who put it: a row, a first value, or none, unclear, orphan
	// first: a key holds it before anybody writes.
	first bool
}

// first returns the node of what a key holds at first.
func (t *tape) first(key int32) int32 { return int32(len(t.rows)) + key }

// isRow reports whether the node is a row's write.
func (t *tape) isRow(node int32) bool { return node >= 0 && int(node) < len(t.rows) }

// sources calls visit with the rows whose writes the row saw, as far as clear.
func (t *tape) sources(n int32, visit func(node int32)) {
	r := &t.rows[n]
	if t.members == nil {
		if t.isRow(r.source) {
			visit(r.source)
		}
		return
	}
	for _, v := range t.members[n] {
		if node := t.values[v].node; t.isRow(node) {
			visit(node)
		}
	}
}

// valueKey names a value of a key.
type valueKey struct {
	key   int32
	value history.Value
}

// writer builds a tape.
type writer struct {
	tape
	keyOf   map[string]int32
	lastKey string
	valueOf map[valueKey]int32
	initial history.Value
	isSet   bool
	// puts counts, by value, the rows that put it; seen, those that saw it.
	puts, seen []int32
}

// read makes the tape of a history of a register, cas-register, kv or set. The
// error is a *model.MisfitError. The reason is not empty where the history has
// operations that a tape cannot hold.
func read(m model.Model, ops []history.Op) (t *tape, reason string, err error) {
	w := &writer{tape: tape{model: m, ops: ops, twice: none}, keyOf: map[string]int32{}, valueOf: make(map[valueKey]int32, len(ops)/4), initial: m.Initial()}
	switch m.Kind().Name {
	case "set":
		w.isSet = true
	case "kv":
		w.initial = history.Str("")
	}
	w.rows = make([]row, 0, len(ops))
	places := make([]int32, len(ops))
	for i := range places {
		places[i] = int32(i)
	}
	next := 0
	err = m.Survey(ops).Each(ops, places, func(op *model.Op) {
		for ops[next].Invoked != op.ID {
			next++
		}
		if op.F == "append" {
			reason = "texts were appended to, and how they came about is not known"
			return
		}
		w.add(int32(next), op)
	})
	if err != nil {
		return nil, "", err
	}
	w.link()
	return &w.tape, reason, nil
}

// add takes the next operation.
func (w *writer) add(at int32, op *model.Op) {
	r := row{at: at, key: w.key(op.Key), saw: none, put: none, source: none, certain: op.Certain}
	switch {
	case op.Observes && w.isSet:
		r.saw = 0 // its members say the rest
	case op.Observes:
		r.saw = w.value(r.key, op.Seen)
	default:
		if r.put = w.value(r.key, op.Put); !op.Need.IsAbsent() {
			r.saw = w.value(r.key, op.Need)
		}
	}
	w.rows = append(w.rows, r)
	if w.isSet {
		w.members = append(w.members, w.list(r.key, op))
	}
	if r.put != none {
		w.puts[r.put]++
	}
}

// list returns the distinct members that a read of a set saw.
func (w *writer) list(key int32, op *model.Op) []int32 {
	if !op.Observes {
		return nil
	}
	var all []int32
	seen := map[int32]bool{}
	op.Result.Each(func(v history.Value) bool {
		n := w.value(key, v)
		if !seen[n] {
			seen[n] = true
			all = append(all, n)
		} else if w.twice == none {
			w.twice = int32(len(w.rows) - 1)
		}
		return true
	})
	return all
}

func (w *writer) key(name string) int32 {
	if n := len(w.rows); n > 0 && name == w.lastKey {
		return w.rows[n-1].key
	}
	w.lastKey = name
	key, ok := w.keyOf[name]
	if !ok {
		key = int32(w.keys)
		w.keyOf[name] = key
		w.names = append(w.names, name)
		w.keys++
	}
	return key
}

func (w *writer) value(key int32, v history.Value) int32 {
	name := valueKey{key, v}
	n, ok := w.valueOf[name]
	if !ok {
		n = int32(len(w.values))
		w.valueOf[name] = n
		w.values = append(w.values, value{node: none})
		w.puts, w.seen = append(w.puts, 0), append(w.seen, 0)
	}
	return n
}
