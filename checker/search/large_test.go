package search_test

import (
	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model"
	"github.com/jepsen-lite/jepsen-lite/model/modeltest"
)

// load is what the clients of a large history do, which no monitor judges.
type load struct {
	name string
	modeltest.Load
	// spoil makes the first result it can an impossible one.
	spoil func(ops []history.Op)
}

func loads() []load {
	return []load{
		{"RegisterRepeated", modeltest.Load{Model: "cas-register", Names: []string{"read", "write", "cas"}, Values: 5}, spoilRead},
		{"LockReusedOwner", modeltest.Load{Model: "mutex", Tokens: modeltest.OwnTokens}, spoilLock},
		{"LockNameless", modeltest.Load{Model: "mutex", Tokens: modeltest.NoTokens}, nil},
		{"LockBlind", modeltest.Load{Model: "mutex", Tokens: modeltest.OwnTokens, Blind: true}, spoilLock},
		{"CounterUnit", modeltest.Load{Model: "counter", Names: []string{"read", "add", "add", "add"}, Amounts: []int64{1, -1}}, spoilRead},
		{"CounterRead", modeltest.Load{Model: "counter", Names: []string{"read", "add-and-get", "add", "add"}, Amounts: []int64{1, 2, 3}}, spoilRead},
	}
}

// draw returns a history of n operations by ten clients; so many outcomes of a
// hundred are unknown.
func (l load) draw(seed uint64, n, unknown int) []history.Op {
	l.Unknown = unknown
	return modeltest.Large(seed, l.Load, n, 10)
}

func loadNamed(name string) load {
	for _, l := range loads() {
		if l.name == name {
			return l
		}
	}
	panic("no load " + name)
}

func spoilRead(ops []history.Op) {
	for i := range ops {
		if op := &ops[i]; op.F == "read" && op.Outcome == history.OK {
			op.Output = history.Int(1_000_000_000)
			return
		}
	}
}

// spoilLock lets a client see the lock held by nobody there is.
func spoilLock(ops []history.Op) {
	for i := range ops {
		if op := &ops[i]; op.F == "acquire" && op.Outcome == history.OK {
			op.Output = history.Object("held_by", history.Int(1_000_000_000))
			return
		}
	}
}

func mustPrepare(name string, ops []history.Op) (model.Model, []model.Op) {
	m, err := model.Parse(name)
	if err != nil {
		panic(err)
	}
	prepared, err := m.Prepare(ops)
	if err != nil {
		panic(err)
	}
	return m, prepared
}
