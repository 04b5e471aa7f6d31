package promise

import "slices"

// finding is what was found of one promise about a tape.
type finding struct {
	breach *breach
	// open says why nothing was decided, where no breach was found.
	open string
	// tests counts the operations that could have refuted the promise.
	tests int
}

// breach is a violation: the rows that prove it, and a sentence.
type breach struct {
	kind, explanation string
	rows              []int32
}

// impossible finds a row that saw what nobody can have put there: no promise
// allows that.
func (t *tape) impossible() *breach {
	if t.twice != none {
		return &breach{"impossible-result", t.sprint("%s listed an element twice", t.twice), []int32{t.twice}}
	}
	for i := range t.rows {
		n, r := int32(i), &t.rows[i]
		bad := r.source == orphan || r.source == n // a compare-and-set that needed what it put
		if t.members != nil {
			for _, v := range t.members[n] {
				bad = bad || t.values[v].node == orphan
			}
		}
		if bad {
			return &breach{"never-written", t.sprint("%s saw a value that nobody is known to have tried to write", n), t.backed([]int32{n})}
		}
	}
	return nil
}

// backed adds to rows of unknown outcome those that saw what they put, up to one
// that is certain: else they need not have happened, and prove nothing.
func (t *tape) backed(rows []int32) []int32 {
	for _, n := range slices.Clone(rows) {
		for _, m := range t.backing(n) {
			if !slices.Contains(rows, m) {
				rows = append(rows, m)
			}
		}
	}
	slices.Sort(rows)
	return rows
}

// backing returns the fewest rows that show that a row took effect: each saw what
// the one before it put, and the last is certain.
func (t *tape) backing(n int32) []int32 {
	from := map[int32]int32{n: none}
	for todo := []int32{n}; len(todo) > 0; todo = todo[1:] {
		at := todo[0]
		if t.rows[at].certain {
			var rows []int32
			for ; at != n; at = from[at] {
				rows = append(rows, at)
			}
			return rows
		}
		for m := range int32(len(t.rows)) {
			if _, known := from[m]; !known && t.shows(m, at) {
				from[m] = at
				todo = append(todo, m)
			}
		}
	}
	return nil
}

// shows reports whether a row saw what only the other can have put.
func (t *tape) shows(m, n int32) bool {
	r, put := &t.rows[m], t.rows[n].put
	if m == n || r.saw == none || put == none || t.values[put].node != n {
		return false
	}
	if t.members != nil {
		return slices.Contains(t.members[m], put)
	}
	return r.saw == put
}
