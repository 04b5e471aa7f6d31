package nemesis

import (
	"context"
	"errors"
	"math/rand/v2"

	"github.com/jepsen-lite/jepsen-lite/target"
)

// Fault is one way to harm a target, and the way to heal it. It remembers what it
// has done. Its methods are called one at a time.
type Fault interface {
	// Inject does the harm.
	Inject(ctx context.Context) (Effect, error)
	// Heal undoes what this fault has done and nobody has undone since. It is safe
	// to call at any time and as often as one likes; after an error it has kept in
	// mind what is left to do.
	Heal(ctx context.Context) (Effect, error)
}

// preparer is a fault that is got ready some time before it is injected.
type preparer interface {
	// Prepare reports whether it did anything. Once it has, the fault's time goes
	// by before it is injected.
	Prepare(ctx context.Context) (Effect, error)
}

// beginner is a fault that needs something before the clients set to work.
type beginner interface {
	// Begin is called once.
	Begin(ctx context.Context) (Effect, error)
}

// Effect tells what an injection or a healing did.
type Effect struct {
	// Where are nodes (n1) or clients (c3): those that it changed; if it changed
	// nothing, those that it was meant for.
	Where []string
	// Took tells whether anything changed.
	Took bool
	// Figures say more, by names that end in a unit.
	Figures map[string]int64
	// Late is said by a healing: the fault took effect, though only after its
	// injection, which had to say that it did not.
	Late bool
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

// Crew is a group of goroutines, as *sync.WaitGroup is one.
type Crew interface {
	Go(func())
	Wait()
}

// Env is what faults work on.
type Env struct {
	Target  target.Target
	Clients Clients
	// Clock is the time in which they live; nil: the world's.
	Clock target.Clock
	// Crew makes groups of goroutines that live in that time; nil: for the world's.
	Crew func() Crew
	// Rand chooses when and where for the rotation; it must not be shared.
	Rand *rand.Rand
	// Seed chooses for tracks.
	Seed uint64

	held map[directive]bool // see settings
}

// at calls act on each node of the place, also after an error on another one.
func (e Env) at(ctx context.Context, place Place, act func(target.Node) (bool, error)) (Effect, error) {
	nodes, err := place.among(ctx, e)
	if err != nil {
		return Effect{}, err
	}
	return each(nodes, act)
}

func each(nodes []target.Node, act func(target.Node) (bool, error)) (effect Effect, err error) {
	var meant []string
	for _, node := range nodes {
		took, actErr := act(node)
		if took {
			effect.Where, effect.Took = append(effect.Where, node.Name()), true
		}
		meant = append(meant, node.Name())
		err = errors.Join(err, actErr)
	}
	if !effect.Took {
		effect.Where = meant
	}
	return effect, err
}
