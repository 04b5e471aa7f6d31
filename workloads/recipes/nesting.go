package recipes

import (
	"fmt"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/workloads"
)

// nesting is what a client believes of a lock that it may acquire again: the token
// it holds it with, and how often it has to release it.
type nesting struct {
	token history.Value
	depth int
}

// done takes in how an operation ended. After an unknown outcome the client is
// another process, and leaves the lock alone.
func (n *nesting) done(op workloads.Op, outcome history.Type, result history.Value) {
	switch granted := result == op.Value; {
	case outcome == history.Fail && op.F == "release": // it could not ask
	case outcome != history.OK || !granted:
		*n = nesting{}
	case op.F == "acquire":
		n.token = op.Value
		n.depth++
	default:
		n.depth--
	}
}

// nestingGenerator acquires a lock up to twice, and releases it as often.
type nestingGenerator struct {
	lane  workloads.Lane
	taken int
	key   string
	nesting
}

func (g *nestingGenerator) Next() workloads.Op {
	if g.depth == 0 {
		g.taken++
		g.key = g.lane.Keys.Pick(g.lane.Rand)
		token := history.Str(fmt.Sprintf("%d.%d", g.lane.Number, g.taken))
		return workloads.Op{F: "acquire", Key: g.key, Value: token}
	}
	f := "release"
	if g.depth == 1 && g.lane.Rand.IntN(2) == 0 {
		f = "acquire"
	}
	return workloads.Op{F: f, Key: g.key, Value: g.token, Follows: true}
}

func (g *nestingGenerator) Done(op workloads.Op, outcome history.Type, result history.Value) {
	g.done(op, outcome, result)
}

// nestingScript acquires again, and releases, with the token that was granted.
type nestingScript struct{ locks map[string]*nesting }

func newNestingScript() workloads.Script { return nestingScript{map[string]*nesting{}} }

func (s nestingScript) Next(op workloads.Op) (workloads.Op, bool) {
	if s.locks[op.Key] == nil {
		s.locks[op.Key] = &nesting{}
	}
	n := s.locks[op.Key]
	if n.depth > 0 {
		op.Value = n.token
		return op, true
	}
	return op, op.F == "acquire" && !op.Value.IsAbsent()
}

func (s nestingScript) Done(op workloads.Op, outcome history.Type, result history.Value) {
	s.locks[op.Key].done(op, outcome, result)
}

// reentrant is the workload of a lock that its holder may acquire again.
func reentrant(name, about string, client func(workloads.Env, workloads.Options) workloads.Client) workloads.Workload {
	return workloads.Workload{
		Name:  name,
		About: about,
		Checks: func(o workloads.Options) []string {
			return []string{fmt.Sprintf("linearizable(reentrant-lease(%s))", o.TTL), "stats"}
		},
		New: func(o workloads.Options) workloads.Instance {
			return workloads.Instance{
				Generator: func(lane workloads.Lane) workloads.Generator { return &nestingGenerator{lane: lane} },
				Client:    func(env workloads.Env) workloads.Client { return client(env, o) },
				Script:    newNestingScript,
			}
		},
	}
}
