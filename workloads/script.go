package workloads

import "github.com/jepsen-lite/jepsen-lite/history"

// Script turns the operations of a schedule, which stand there before anything
// has happened, into those to perform. It is used by one goroutine.
type Script interface {
	// Next returns the operation to perform, or false if it makes no sense now:
	// nobody releases a lock that was refused.
	Next(op Op) (Op, bool)
	// Done tells how an operation that Next returned has ended.
	Done(op Op, outcome history.Type, result history.Value)
}

// plainScript performs what it reads.
type plainScript struct{}

func (plainScript) Next(op Op) (Op, bool)                { return op, true }
func (plainScript) Done(Op, history.Type, history.Value) {}

// NewScript returns the script of one lane.
func (i Instance) NewScript() Script {
	if i.Script == nil {
		return plainScript{}
	}
	return i.Script()
}

// Plan returns operations for a lane of a schedule, as its generator would choose
// them if each succeeded. What follows from a result has no value yet: the script
// will know.
func (i Instance) Plan(lane Lane, count int) []Op {
	g := i.Generator(lane)
	ops := make([]Op, 0, count)
	for range count {
		op := g.Next()
		g.Done(op, history.OK, op.Value)
		if op.Think = 0; op.Follows {
			op.Value = history.Value{}
		}
		ops = append(ops, op)
	}
	return ops
}

// lockScript performs what follows an acquire, with what that was granted, for as
// long as the client believes that it holds the lock.
type lockScript struct {
	held map[string]history.Value // by key
	// abandons: as the generator's.
	abandons bool
}

// LockScript returns the script of a lock: what follows an acquire is performed
// with what that was granted, and left out where it was not.
func LockScript() Script { return newLockScript(false)() }

func newLockScript(abandons bool) func() Script {
	return func() Script { return &lockScript{map[string]history.Value{}, abandons} }
}

func (s *lockScript) Next(op Op) (Op, bool) {
	if op.F == "acquire" {
		return op, true
	}
	grant, held := s.held[op.Key]
	op.Value = grant
	return op, held
}

func (s *lockScript) Done(op Op, outcome history.Type, result history.Value) {
	switch {
	case op.F == "acquire" && outcome == history.OK && gotLock(result):
		s.held[op.Key] = result
	case op.F == "acquire" && outcome == history.Info && s.abandons:
		s.held[op.Key] = op.Value
	case op.F == "renew" && (outcome == history.Info || result.IsFalse()):
		delete(s.held, op.Key)
	case op.F == "release" && outcome != history.Fail, op.F == "write" && outcome != history.OK:
		delete(s.held, op.Key)
	}
}
