package schedule

import (
	"slices"
	"strconv"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// rename gives clients, and then values, names in the order in which they appear.
func (m *minimizer) rename() {
	m.exchange(m.best.schedule.renumbered())
	m.exchange(m.best.schedule.renamed(m.best.execution.History.Ops))
}

// exchange takes a schedule that differs in its names only, if it fails in the
// same way.
func (m *minimizer) exchange(s *Schedule) {
	if s == nil || !m.more() {
		return
	}
	e, err := m.executor.Execute(s)
	if err == nil && kindOf(e) == m.kind && len(e.Skipped) == 0 && len(e.Word) == len(s.Steps) {
		m.best = attempt{schedule: s, execution: e}
	}
}

// renumbered returns the schedule with its clients in the order in which they
// begin; nil if one of them never does.
func (s *Schedule) renumbered() *Schedule {
	c := s.copy()
	var order []int
	for _, step := range c.Steps {
		if step.Verb.takes() == onClient && !slices.Contains(order, step.Client) {
			order = append(order, step.Client)
		}
	}
	if len(order) != len(c.Clients) {
		return nil
	}
	for to, from := range order {
		c.Clients[to] = s.Clients[from]
	}
	for i := range c.Steps {
		if c.Steps[i].Verb.takes() == onClient {
			c.Steps[i].Client = slices.Index(order, c.Steps[i].Client)
		}
	}
	return c
}

// renamed returns the schedule with its numbers as 1, 2, 3 and its texts as a, b,
// c, in the order in which the operations were called.
func (s *Schedule) renamed(called []history.Op) *Schedule {
	names := map[history.Value]history.Value{}
	numbers, texts := 0, 0
	name := func(v history.Value) history.Value {
		if known, ok := names[v]; ok {
			return known
		}
		switch v.Kind() {
		case history.Integer:
			numbers++
			names[v] = history.Int(int64(numbers))
		case history.String:
			texts++
			names[v] = history.Str(letters(texts))
		default:
			return v
		}
		return names[v]
	}
	whole := func(v history.Value) history.Value {
		list, isList := v.Elements()
		if !isList {
			return name(v)
		}
		for i := range list {
			list[i] = name(list[i])
		}
		return history.List(list...)
	}
	for i := range called {
		whole(called[i].Input)
	}
	c := s.copy()
	for _, ops := range c.Clients {
		for i := range ops {
			ops[i].Value = whole(ops[i].Value)
		}
	}
	return c
}

// letters returns a, b, …, z, a27, a28, …
func letters(n int) string {
	if n <= 26 {
		return string(rune('a' + n - 1))
	}
	return "a" + strconv.Itoa(n)
}
