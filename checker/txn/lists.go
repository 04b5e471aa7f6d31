package txn

import (
	"fmt"
	"slices"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// list is all that is known of one key.
type list struct {
	key history.Value
	// order is the longest read, which shows the order of the appends in it; at
	// says where in it an element stands.
	order []history.Value
	at    map[history.Value]int
	// longest is the transaction that read it.
	longest int
	// writers are the transactions that appended an element and did not fail;
	// failed those that did.
	writers, failed map[history.Value]int
	// later are transactions that succeeded in appending what is not in order.
	later []int
	// broken: no order follows from the reads, which contradict each other.
	broken bool
}

// analysis is what follows from a history's transactions.
type analysis struct {
	txns  []Txn
	lists map[history.Value]*list
	keys  []history.Value // in order of first use
	// took tells which transactions certainly took effect.
	took []bool
	// ambiguous is an element that two transactions appended; absent: none.
	ambiguous history.Value
	anomalies []Anomaly
	graph     graph
}

func analyse(txns []Txn) *analysis {
	a := &analysis{txns: txns, lists: map[history.Value]*list{}, took: make([]bool, len(txns))}
	for i := range txns {
		a.took[i] = txns[i].Outcome == history.OK
		a.collect(i)
	}
	for _, key := range a.keys {
		a.settle(a.lists[key])
	}
	for i := range txns {
		a.readings(i)
	}
	for i := range txns {
		a.appended(i)
	}
	return a
}

func (a *analysis) list(key history.Value) *list {
	l := a.lists[key]
	if l == nil {
		l = &list{key: key, writers: map[history.Value]int{}, failed: map[history.Value]int{}}
		a.lists[key] = l
		a.keys = append(a.keys, key)
	}
	return l
}

// collect takes what a transaction appended, and its reads if they are the
// longest so far.
func (a *analysis) collect(i int) {
	t := &a.txns[i]
	for j := range t.Steps {
		s := &t.Steps[j]
		l := a.list(s.Key)
		switch {
		case s.Append && t.Outcome == history.Fail:
			l.failed[s.Element] = i
		case s.Append:
			if _, twice := l.writers[s.Element]; twice && a.ambiguous.IsAbsent() {
				a.ambiguous = s.Element
			}
			l.writers[s.Element] = i
		case s.Known && a.took[i] && len(s.List) > len(l.order):
			l.order, l.longest = s.List, i
		}
	}
}

// settle indexes the longest read.
func (a *analysis) settle(l *list) {
	l.at = make(map[history.Value]int, len(l.order))
	for i, v := range l.order {
		if _, twice := l.at[v]; twice {
			l.broken = true
		}
		l.at[v] = i
		if w, ok := l.writers[v]; ok {
			a.took[w] = true // somebody read it
		}
	}
}

// readings judges what one transaction read. Transactions of unknown outcome
// read nothing that counts.
func (a *analysis) readings(i int) {
	t := &a.txns[i]
	for j := range t.Steps {
		s := &t.Steps[j]
		if !s.Known || t.Outcome != history.OK {
			continue
		}
		l := a.lists[s.Key]
		prefix := slices.Equal(s.List, l.order[:min(len(s.List), len(l.order))])
		if prefix && l.longest != i {
			// The longest read has all its elements: only where it ends is its own.
			a.ending(t, i, s, l)
			continue
		}
		if v, twice := repeated(s.List); twice {
			l.broken = true
			a.report(t.anomaly("duplicate-elements", "a transaction read %s twice in %s", v, s.Key))
		} else if !prefix {
			l.broken = true
			a.report(t.anomaly("incompatible-order", "of two reads of %s one returned %s and the other %s, and neither begins with the other",
				s.Key, shown(s.List, false), shown(l.order, false)).and(a.txns[l.longest].ID))
		}
		a.sources(t, s, l)
		a.ending(t, i, s, l)
	}
}

// sources asks where the elements of a read came from.
func (a *analysis) sources(t *Txn, s *Step, l *list) {
	for _, v := range s.List {
		_, ok := l.writers[v]
		failed, aborted := l.failed[v]
		switch {
		case ok:
		case aborted:
			a.report(t.anomaly("G1a", "a transaction read %s in %s, which a transaction that failed had appended", v, s.Key).and(a.txns[failed].ID))
		default:
			a.report(t.anomaly("unexpected", "a transaction read %s in %s, which nobody had appended", v, s.Key))
		}
	}
}

// ending asks whether a read ends in the midst of another transaction.
func (a *analysis) ending(t *Txn, i int, s *Step, l *list) {
	w, ok := l.writers[s.last()]
	if ok && w != i && a.intermediate(w, s.Key, s.last()) {
		a.report(t.anomaly("G1b", "a transaction read %s last in %s, although the transaction that had appended it appended more", s.last(), s.Key).and(a.txns[w].ID))
	}
}

// intermediate reports whether a transaction appended more to a list after v.
func (a *analysis) intermediate(w int, key, v history.Value) bool {
	after := false
	for _, s := range a.txns[w].Steps {
		if after && s.Append && s.Key == key {
			return true
		}
		after = after || s.Append && s.Key == key && s.Element == v
	}
	return false
}

// appended notes what was certainly appended and is not in the longest read: that
// is a beginning of the list, so it was appended later.
func (a *analysis) appended(i int) {
	if !a.took[i] {
		return
	}
	t := &a.txns[i]
	for j := range t.Steps {
		s := &t.Steps[j]
		if !s.Append {
			continue
		}
		l := a.lists[s.Key]
		if _, read := l.at[s.Element]; !read && (len(l.later) == 0 || l.later[len(l.later)-1] != i) {
			l.later = append(l.later, i)
		}
	}
}

// reordered finds elements of one transaction that stand in a list in another
// order than it appended them.
func (a *analysis) reordered(t *Txn) (found Anomaly, ok bool) {
	before := map[history.Value]history.Value{}
	for i := range t.Steps {
		s := &t.Steps[i]
		l := a.lists[s.Key]
		at, read := l.at[s.Element]
		if !s.Append || !read || l.broken {
			continue
		}
		if v, ok := before[s.Key]; ok && l.at[v] > at {
			return t.anomaly("reordered", "a transaction appended %s to %s and then %s, but they were read the other way round", v, s.Key, s.Element).
				and(a.txns[l.longest].ID), true
		}
		before[s.Key] = s.Element
	}
	return found, false
}

func repeated(values []history.Value) (history.Value, bool) {
	seen := make(map[history.Value]bool, len(values))
	for _, v := range values {
		if seen[v] {
			return v, true
		}
		seen[v] = true
	}
	return history.Value{}, false
}

// Anomaly is one violation, shown by transactions.
type Anomaly struct {
	Type        string
	Explanation string // one sentence
	IDs         []int  // of the transactions
}

func (a Anomaly) and(ids ...int) Anomaly {
	for _, id := range ids {
		if !slices.Contains(a.IDs, id) {
			a.IDs = append(a.IDs, id)
		}
	}
	return a
}

// maxAnomalies bounds how many anomalies of one type are kept.
const maxAnomalies = 8

func (a *analysis) report(found Anomaly) {
	n := 0
	for i := range a.anomalies {
		if a.anomalies[i].Type == found.Type {
			n++
		}
	}
	if n < maxAnomalies {
		a.anomalies = append(a.anomalies, found)
	}
}

// lostUpdates finds transactions that appended to a list after having read the
// same state of it.
func (a *analysis) lostUpdates() {
	type state struct{ key, last history.Value }
	readers := map[state][]int{}
	var order []state
	for i := range a.txns {
		t := &a.txns[i]
		if t.Outcome != history.OK {
			continue
		}
		first := map[history.Value]*Step{}
		appends := map[history.Value]bool{}
		for j := range t.Steps {
			s := &t.Steps[j]
			if s.Append {
				appends[s.Key] = true
			} else if s.Known && first[s.Key] == nil && !appends[s.Key] {
				first[s.Key] = s
			}
		}
		for j := range t.Steps {
			s := &t.Steps[j]
			if first[s.Key] != s || !appends[s.Key] {
				continue
			}
			at := state{s.Key, s.last()}
			if readers[at] == nil {
				order = append(order, at)
			}
			readers[at] = append(readers[at], i)
		}
	}
	for _, at := range order {
		if who := readers[at]; len(who) > 1 && !a.lists[at.key].broken {
			t := &a.txns[who[0]]
			a.report(t.anomaly("lost-update", "%s transactions read the same state of %s and then appended to it", number(len(who)), at.key).
				and(a.ids(who[1:min(len(who), maxAnomalies)])...))
		}
	}
}

func (a *analysis) ids(txns []int) []int {
	ids := make([]int, len(txns))
	for i, t := range txns {
		ids[i] = a.txns[t].ID
	}
	return ids
}

func number(n int) string {
	if n == 2 {
		return "two"
	}
	return fmt.Sprint(n)
}
