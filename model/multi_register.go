package model

import (
	"errors"
	"fmt"
	"slices"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// multiRegister is many registers under names, read and written by transactions
// of several steps [f, name, value]. A step that read null says nothing, as in
// Knossos.
type multiRegister struct{ initial cells }

// cell is a register by its name.
type cell struct{ name, value history.Value }

// cells is the state: what is known of the registers, by name, never changed in
// place. Others hold null; or, if others is set, anything.
type cells struct {
	known  []cell
	others bool
}

// transaction is what the steps of one operation come to.
type transaction struct {
	// saw is what the registers held before it, puts what they hold after it.
	saw, puts []cell
	// torn: no state at all explains what its steps saw.
	torn bool
}

func makeMultiRegister(parameter string) (spec, error) {
	var m multiRegister
	if parameter == "" {
		return m, nil
	}
	v, err := history.ParseValue([]byte(parameter))
	names, values, ok := v.Fields()
	if err != nil || !ok {
		return nil, fmt.Errorf(`initial values %q: expected a JSON object, as in multi-register({"x":1})`, parameter)
	}
	for i, name := range names {
		m.initial = m.initial.with(cell{registerName(history.Str(name)), values[i]})
	}
	return m, nil
}

// registerName makes a number and its digits the same name: a JSON object has no
// numbers for names.
func registerName(v history.Value) history.Value {
	if n, ok := v.Int(); ok {
		return history.Str(history.Int(n).String())
	}
	return v
}

func (m multiRegister) prepare(h *history.Op, op *Op) (bool, error) {
	if h.Outcome == history.Fail {
		return false, nil
	}
	steps := h.Input
	if op.Certain && says(op.Result) && !op.Result.IsNull() {
		steps = op.Result
	}
	t, err := parseTransaction(steps, op.Certain)
	if err != nil {
		return false, err
	}
	op.txn, op.Action = t, Change
	if op.Observes = len(t.puts) == 0; op.Observes {
		op.Action = Observe
	}
	return !op.Observes || len(t.saw) > 0 || t.torn, nil
}

// parseTransaction reads [[f, name, value], …]. What a step saw counts only if
// the outcome is known.
func parseTransaction(steps history.Value, certain bool) (*transaction, error) {
	list, ok := steps.Elements()
	if !ok {
		return nil, fmt.Errorf(`the value is %.60s: expected a list of steps, as in [["r","x",null],["w","y",1]]`, steps)
	}
	t := &transaction{}
	now := cells{others: true} // as the steps so far tell
	for _, step := range list {
		parts, _ := step.Elements()
		if len(parts) < 2 || len(parts) > 3 {
			return nil, fmt.Errorf("the step %.60s: expected [f, name, value]", step)
		}
		at := cell{name: registerName(parts[1])}
		if len(parts) == 3 {
			at.value = parts[2]
		}
		switch parts[0].Word() {
		case "w", "write":
			if !says(at.value) {
				return nil, errors.New("a step writes no value: expected [\"w\", name, value]")
			}
			t.puts = cells{known: t.puts}.with(at).known
			now = now.with(at)
		case "r", "read":
			if !certain || !says(at.value) || at.value.IsNull() {
				continue
			}
			switch v, known := now.get(at.name); {
			case !known:
				t.saw = append(t.saw, at)
				now = now.with(at)
			case v != at.value:
				t.torn = true
			}
		default:
			return nil, fmt.Errorf("the step %.60s: expected r, read, w or write first", step)
		}
	}
	return t, nil
}

// get returns a register's value, and whether it is known.
func (c cells) get(name history.Value) (v history.Value, known bool) {
	if at, found := c.find(name); found {
		return c.known[at].value, true
	}
	return history.NullValue, !c.others
}

func (c cells) find(name history.Value) (int, bool) {
	return slices.BinarySearchFunc(c.known, name, func(x cell, name history.Value) int { return x.name.Compare(name) })
}

// with returns the state after a write. Where others hold null, null is not
// written down, so that equal states look the same.
func (c cells) with(x cell) cells {
	at, found := c.find(x.name)
	known := slices.Clone(c.known)
	switch drop := x.value.IsNull() && !c.others; {
	case found && drop:
		known = slices.Delete(known, at, at+1)
	case found:
		known[at] = x
	case !drop:
		known = slices.Insert(known, at, x)
	}
	return cells{known, c.others}
}

func (m multiRegister) init() any { return m.initial }
func (m multiRegister) open() any { return cells{others: true} }

func (m multiRegister) step(state any, op *Op) (bool, any) {
	c := state.(cells)
	if op.Certain && op.txn.torn {
		return false, c
	}
	for _, saw := range op.txn.saw {
		switch v, known := c.get(saw.name); {
		case !op.Certain:
		case !known:
			c = c.with(saw)
		case v != saw.value:
			return false, state
		}
	}
	for _, put := range op.txn.puts {
		c = c.with(put)
	}
	return true, c
}

func (m multiRegister) equal(a, b any) bool {
	x, y := a.(cells), b.(cells)
	return x.others == y.others && slices.Equal(x.known, y.known)
}

func (m multiRegister) hash(state any) uint64 {
	var h uint64
	for _, x := range state.(cells).known {
		h += x.name.Hash() * (x.value.Hash() | 1)
	}
	return h
}

func (m multiRegister) describe(state any) string {
	c := state.(cells)
	shown := "{"
	for i, x := range c.known {
		if i > 0 {
			shown += " "
		}
		shown += x.name.String() + ": " + x.value.String()
	}
	if c.others {
		shown += " …"
	}
	return shown + "}"
}

// units: an observation can go alone. Another operation goes with all that wrote
// or saw any of what it wrote, and so on.
//
// Why that keeps a legal order legal: leave these operations out of it. What one
// that stays saw in a register was written last, before it, by one that stays
// too, or by none: had its writer gone, so had it. And that one is still the last
// to have written it.
func (m multiRegister) units(ops []Op) []Unit {
	about := map[cell][]int{} // what a register held → positions
	for i := range ops {
		for _, x := range slices.Concat(ops[i].txn.saw, ops[i].txn.puts) {
			about[x] = append(about[x], i)
		}
	}
	units := observations(ops)
	for i := range ops {
		if !ops[i].Observes {
			units = append(units, closure(ops, about, i))
		}
	}
	return units
}

func closure(ops []Op, about map[cell][]int, first int) Unit {
	gone, todo := map[int]bool{first: true}, []int{first}
	for len(todo) > 0 {
		i := todo[0]
		todo = todo[1:]
		for _, x := range ops[i].txn.puts {
			for _, j := range about[x] {
				if !gone[j] {
					gone[j] = true
					todo = append(todo, j)
				}
			}
		}
	}
	var unit Unit
	for i := range gone {
		unit.IDs = append(unit.IDs, ops[i].ID)
	}
	slices.Sort(unit.IDs)
	return unit
}
