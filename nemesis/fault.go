package nemesis

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/jepsen-lite/jepsen-lite/target"
)

// Fault is one way to harm a target, and the way to heal it.
type Fault interface {
	// Inject does the harm to a place chosen at random.
	Inject(ctx context.Context) (Effect, error)
	// Heal undoes it wherever it was done. It is safe to call at any time and
	// as often as one likes.
	Heal(ctx context.Context) (Effect, error)
}

// Effect tells what an injection or a healing did.
type Effect struct {
	// Where is a node (n1) or a client (c3); empty if nowhere.
	Where string
	// Took tells whether anything changed.
	Took bool
}

// Clients are the clients as a fault sees them.
type Clients interface {
	// Len is how many there are.
	Len() int
	// Freeze stops a client before its next command, and reports whether it
	// came to stand before ctx ended.
	Freeze(ctx context.Context, client int) bool
	// Thaw lets a frozen client go on. It reports false if it was not frozen.
	Thaw(client int) bool
}

// Env is what faults work on.
type Env struct {
	Target  target.Target
	Clients Clients
	// Clock is the time in which they live; nil: the world's.
	Clock target.Clock
	// Rand chooses where; it must not be shared.
	Rand *rand.Rand
}

// Kind is an entry of the table of faults.
type Kind struct {
	Name string
	// Healing is what its healing is called; empty if it needs none.
	Healing string
	About   string
	// Available returns why the fault cannot work on a node, or nil.
	Available func(node target.Node) error

	make      func(Env) Fault
	ofClients bool // it harms clients, not servers
}

// Kinds returns the table of all faults.
func Kinds() []Kind {
	return []Kind{
		{"kill", "start", "ends a server with SIGKILL; it starts again on its data", canKill, func(e Env) Fault { return kill{e} }, false},
		{"pause", "resume", "freezes a server with SIGSTOP", canPause, func(e Env) Fault { return pause{e} }, false},
		{"restart", "", "stops a server properly and starts it again at once", canRestart, func(e Env) Fault { return restart{e} }, false},
		{"client-pause", "client-resume", "freezes one client between two of its commands, as a long garbage collection does",
			func(target.Node) error { return nil }, func(e Env) Fault { return &clientPause{env: e} }, true},
	}
}

// Find returns the fault of that name.
func Find(name string) (Kind, error) {
	var names []string
	for _, k := range Kinds() {
		if k.Name == name {
			return k, nil
		}
		names = append(names, k.Name)
	}
	return Kind{}, fmt.Errorf("unknown fault %q: expected some of %s, or none", name, strings.Join(names, ", "))
}

// anyNode returns one of the target's nodes.
func (e Env) anyNode() target.Node {
	nodes := e.Target.Nodes()
	return nodes[e.Rand.IntN(len(nodes))]
}

// everyNode calls act on each node, also after an error on another one, and
// reports the last node on which it had an effect.
func (e Env) everyNode(act func(target.Node) (bool, error)) (effect Effect, err error) {
	for _, node := range e.Target.Nodes() {
		took, actErr := act(node)
		if took {
			effect = Effect{node.Name(), true}
		}
		err = errors.Join(err, actErr)
	}
	return effect, err
}

// possible returns why the fault cannot work there, or nil.
func (k Kind) possible(env Env) error {
	if k.ofClients && (env.Clients == nil || env.Clients.Len() == 0) {
		return errors.New("there are no clients")
	}
	for _, node := range env.Target.Nodes() {
		if err := k.Available(node); err != nil {
			return err
		}
	}
	return nil
}

// lacks is the error of a fault whose node cannot do what it needs.
func lacks(node target.Node, what string) error {
	return fmt.Errorf("node %s cannot be %s on this target", node.Name(), what)
}
