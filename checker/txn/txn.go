package txn

import (
	"fmt"
	"slices"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// Txn is one transaction.
type Txn struct {
	// ID is the index of its invocation in the history.
	ID int
	// Called and Completed are the places of its invocation and completion among
	// the events; Called is -1 where it is not known, and so is Completed.
	Called, Completed int
	Outcome           history.Type
	Steps             []Step
}

// Step is an append or a read.
type Step struct {
	// Append: Element goes to the end of the list. Otherwise it is a read.
	Append  bool
	Key     history.Value
	Element history.Value
	// List is what a read returned; Known is false where that is not known.
	List  []history.Value
	Known bool
}

// Parse reads an operation whose value is a list of steps: ["append", key,
// element], or ["r", key, list or null]. The null of a transaction that succeeded
// is the empty list.
func Parse(op *history.Op) (Txn, error) {
	t := Txn{ID: op.Invoked, Called: op.Invoked, Completed: op.Completed, Outcome: op.Outcome}
	if op.Invoked == op.Completed {
		t.Called = -1
	}
	value, known := op.Input, false
	if op.Outcome == history.OK && !op.Output.IsAbsent() && !op.Output.IsNull() {
		value, known = op.Output, true
	}
	steps, ok := value.Elements()
	if !ok {
		return t, fmt.Errorf(`the value is %.60s: expected a list of steps, as in [["append","x",1],["r","y",null]]`, value)
	}
	for _, v := range steps {
		s, err := parseStep(v, known)
		if err != nil {
			return t, err
		}
		t.Steps = append(t.Steps, s)
	}
	return t, nil
}

func parseStep(v history.Value, known bool) (s Step, err error) {
	parts, _ := v.Elements()
	if len(parts) < 2 || len(parts) > 3 {
		return s, fmt.Errorf("the step %.60s: expected [f, key, value]", v)
	}
	f := parts[0].Word()
	s.Key = parts[1]
	switch {
	case f == "append" && len(parts) == 3:
		s.Append, s.Element = true, parts[2]
		return s, nil
	case f != "r" && f != "read":
		return s, fmt.Errorf("the step %.60s: expected append or r first", v)
	case !known || len(parts) < 3:
		return s, nil
	}
	var list bool
	if s.List, list = parts[2].Elements(); !list && !parts[2].IsNull() {
		return s, fmt.Errorf("the step %.60s: expected a list as what was read", v)
	}
	s.Known = true
	return s, nil
}

// last returns the last element of a read; absent where it read nothing.
func (s *Step) last() history.Value {
	if len(s.List) == 0 {
		return history.Value{}
	}
	return s.List[len(s.List)-1]
}

// inside finds what contradicts itself within one transaction: a read that does
// not return what the transaction itself read or appended before (internal), or
// that returns what it only appends later (future-read).
func (t *Txn) inside() (a Anomaly, ok bool) {
	type expectation struct {
		list []history.Value
		tail bool // list is only how it ends
	}
	expected := map[history.Value]expectation{}
	for i := range t.Steps {
		s := &t.Steps[i]
		e, before := expected[s.Key]
		switch {
		case s.Append:
			if !before {
				e.tail = true
			}
			e.list = append(slices.Clone(e.list), s.Element)
			expected[s.Key] = e
			continue
		case !s.Known:
			continue
		case before && !e.tail && !slices.Equal(e.list, s.List),
			before && e.tail && (len(s.List) < len(e.list) || !slices.Equal(e.list, s.List[len(s.List)-len(e.list):])):
			return t.anomaly("internal", "a transaction read %s of %s, although by its own steps before it expects %s",
				shown(s.List, false), s.Key, shown(e.list, e.tail)), true
		}
		expected[s.Key] = expectation{list: s.List}
	}
	return Anomaly{}, false
}

func (t *Txn) future() (a Anomaly, ok bool) {
	for i := range t.Steps {
		later := &t.Steps[i]
		for j := range t.Steps[:i] {
			if s := &t.Steps[j]; later.Append && s.Known && s.Key == later.Key && slices.Contains(s.List, later.Element) {
				return t.anomaly("future-read", "a transaction read %s in %s before it appended it", later.Element, s.Key), true
			}
		}
	}
	return Anomaly{}, false
}

func (t *Txn) anomaly(kind, format string, args ...any) Anomaly {
	return Anomaly{Type: kind, Explanation: fmt.Sprintf(format, args...), IDs: []int{t.ID}}
}

// maxListed bounds how much of a list an explanation shows.
const maxListed = 8

func shown(list []history.Value, tail bool) string {
	text := "["
	if tail || len(list) > maxListed {
		text += "… "
	}
	for i, v := range list[max(len(list)-maxListed, 0):] {
		if i > 0 {
			text += " "
		}
		text += v.String()
	}
	return text + "]"
}
