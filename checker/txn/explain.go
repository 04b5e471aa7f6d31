package txn

import (
	"fmt"
	"slices"
	"strings"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// maxSteps bounds how many steps of a cycle are told.
const maxSteps = 8

// explain says why each transaction of a cycle comes before the next.
func (a *analysis) explain(label string, cycle []step) Anomaly {
	names := map[int]string{}
	found := Anomaly{Type: label}
	for _, s := range cycle {
		if names[s.from] == "" {
			names[s.from] = fmt.Sprintf("event %d", a.txns[s.from].ID)
			found = found.and(a.txns[s.from].ID)
		}
	}
	var told []string
	for _, s := range cycle[:min(len(cycle), maxSteps)] {
		told = append(told, a.reason(s, names[s.from], names[s.to]))
	}
	if len(cycle) > maxSteps {
		told = append(told, fmt.Sprintf("and so on, for %d steps", len(cycle)))
	}
	found.Explanation = "each of these transactions comes before the next, and so before itself: " + strings.Join(told, "; ")
	return found
}

// reason says why one transaction comes before another.
func (a *analysis) reason(s step, from, to string) string {
	switch s.kind {
	case rt:
		return fmt.Sprintf("%s had completed before %s was called", from, to)
	case ww:
		if l, v, w := a.overwritten(s); l != nil {
			return fmt.Sprintf("%s appended %s to %s before %s appended %s", from, v, l.key, to, w)
		}
	case wr:
		for i := range a.txns[s.to].Steps {
			read := &a.txns[s.to].Steps[i]
			if w, ok := a.lists[read.Key].writers[read.last()]; read.Known && ok && w == s.from {
				return fmt.Sprintf("%s appended %s to %s, which %s read", from, read.last(), read.Key, to)
			}
		}
	case rw:
		for i := range a.txns[s.from].Steps {
			read := &a.txns[s.from].Steps[i]
			if v := a.unseen(read, s.to); read.Known && !v.IsAbsent() {
				return fmt.Sprintf("%s read %s without %s, which %s appended", from, read.Key, v, to)
			}
		}
	}
	return from + " comes before " + to
}

// overwritten finds a list to which the first of two transactions appended next
// before the other.
func (a *analysis) overwritten(s step) (l *list, v, w history.Value) {
	for i := range a.txns[s.to].Steps {
		put := &a.txns[s.to].Steps[i]
		l := a.lists[put.Key]
		if !put.Append || l.broken {
			continue
		}
		at, read := l.at[put.Element]
		if !read {
			at = len(l.order)
		}
		if at > 0 {
			if before, ok := l.writers[l.order[at-1]]; ok && before == s.from {
				return l, l.order[at-1], put.Element
			}
		}
	}
	return nil, v, w
}

// unseen returns what the transaction appended that comes next after the read;
// absent if nothing.
func (a *analysis) unseen(read *Step, by int) history.Value {
	if read.Append || !read.Known {
		return history.Value{}
	}
	l := a.lists[read.Key]
	if len(read.List) < len(l.order) {
		if next := l.order[len(read.List)]; a.wrote(l, next, by) {
			return next
		}
		return history.Value{}
	}
	if !slices.Contains(l.later, by) {
		return history.Value{}
	}
	for i := range a.txns[by].Steps {
		put := &a.txns[by].Steps[i]
		if _, seen := l.at[put.Element]; put.Append && put.Key == read.Key && !seen {
			return put.Element
		}
	}
	return history.Value{}
}

func (a *analysis) wrote(l *list, v history.Value, by int) bool {
	w, ok := l.writers[v]
	return ok && w == by
}
