package figure

import (
	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model"
)

// maxOrdered bounds of how many operations orders are looked for.
const maxOrdered = 12

// explain sets Order, where the model forbids the operations and allows all but the
// broken one.
func (p *Proof) explain(m model.Model, ops []history.Op) {
	prepared, err := m.Prepare(ops)
	if err != nil || len(prepared) > maxOrdered || p.Broken < 0 {
		return
	}
	broken := p.Operations[p.Broken].Index
	all := &orders{model: m, ops: prepared}
	var rest []model.Op
	for _, op := range prepared {
		if op.ID != broken {
			rest = append(rest, op)
		}
	}
	others := &orders{model: m, ops: rest}
	if len(rest) == len(prepared) || all.find(0, m.Init()) || !others.find(0, m.Init()) {
		return
	}
	describe := m.Porcupine().DescribeState
	p.Start = describe(m.Init())
	for _, at := range others.path {
		step := Step{State: describe(at.state)}
		for i, op := range p.Operations {
			if op.Index == rest[at.op].ID {
				step.Operation = i
			}
		}
		p.Order = append(p.Order, step)
	}
}

// orders looks for an order of operations that their model allows and that agrees
// with time.
type orders struct {
	model model.Model
	ops   []model.Op
	path  []placed
	// seen are the states in which each set of operations was found to lead nowhere.
	seen map[int][]any
}

type placed struct {
	op    int
	state any // after it
}

// find goes on from a state, with the operations in the set done. Those of unknown
// outcome are placed only where the others need them.
func (o *orders) find(done int, state any) bool {
	if o.seen == nil {
		o.seen = map[int][]any{}
	}
	for _, s := range o.seen[done] {
		if o.model.Equal(s, state) {
			return false
		}
	}
	earliest, left := int64(history.Never), false
	for i := range o.ops {
		if op := &o.ops[i]; done&(1<<i) == 0 && op.Certain {
			earliest, left = min(earliest, op.Return), true
		}
	}
	if !left {
		return true
	}
	for _, certain := range []bool{true, false} {
		for i := range o.ops {
			op := &o.ops[i]
			if done&(1<<i) != 0 || op.Certain != certain || op.Call > earliest {
				continue
			}
			legal, next := o.model.Step(state, op)
			if !legal {
				continue
			}
			o.path = append(o.path, placed{i, next})
			if o.find(done|1<<i, next) {
				return true
			}
			o.path = o.path[:len(o.path)-1]
		}
	}
	o.seen[done] = append(o.seen[done], state)
	return false
}
