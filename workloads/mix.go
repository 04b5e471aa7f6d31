package workloads

import "github.com/jepsen-lite/jepsen-lite/history"

// Choice is one of the operations that a [Mix] chooses among.
type Choice struct {
	// Weight is how often it is chosen, compared with the others.
	Weight int
	// Op makes the operation; the key is filled in.
	Op func() Op
}

// Mix returns a generator that chooses each operation by itself.
func Mix(lane Lane, choices ...Choice) Generator { return mix{lane, choices} }

type mix struct {
	lane    Lane
	choices []Choice
}

func (m mix) Next() Op {
	total := 0
	for _, c := range m.choices {
		total += c.Weight
	}
	dice := m.lane.Rand.IntN(total)
	for _, c := range m.choices {
		if dice -= c.Weight; dice < 0 {
			op := c.Op()
			op.Key = m.lane.Keys.Pick(m.lane.Rand)
			return op
		}
	}
	panic("unreachable: the dice is below the total")
}

func (mix) Done(Op, history.Type, history.Value) {}

// FreshValues returns a function that gives the lane a value that no other lane
// has, another one each time.
func FreshValues(lane Lane) func() history.Value {
	v := &values{lane: lane}
	return v.fresh
}
