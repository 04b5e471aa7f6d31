package nemesis

import (
	"context"

	"github.com/jepsen-lite/jepsen-lite/target"
)

func restartKind() Kind {
	return Kind{
		Name: "restart", About: "stops a server properly and starts it again at once",
		Parameters: []Parameter{placed()}, near: []string{"kill", "client-pause"}, can: canStop,
		make: func(e Env, a Args) Fault { return &restart{env: e, place: a.place()} },
	}
}

func canStop(node target.Node) error {
	if _, ok := node.(target.Stopper); !ok {
		return lacks(node, "stopped")
	}
	return nil
}

// restart stops a server as an operator does, and starts it again. It takes
// effect if both happened.
type restart struct {
	env   Env
	place Place
	down  touched
}

func (r *restart) Inject(ctx context.Context) (Effect, error) {
	return r.env.at(ctx, r.place, func(node target.Node) (bool, error) { return r.down.restart(ctx, node, nothing) })
}

func (r *restart) Heal(ctx context.Context) (Effect, error) { return r.down.start(ctx) }

// nothing is what a mere restart does while the server is down.
func nothing() error { return nil }

// restart stops a node, calls between and starts it again. What is down after an
// error is started by the healing. It reports whether all of that happened to a
// server that ran.
func (t *touched) restart(ctx context.Context, node target.Node, between func() error) (took bool, err error) {
	_, err = t.touch(node, func() (bool, error) {
		stopped, err := node.(target.Stopper).Stop(ctx)
		if err == nil {
			err = between()
		}
		if err != nil {
			return false, err
		}
		started, err := node.Start(ctx)
		took = stopped && started
		return false, err // nothing is left to be healed if that went well
	})
	return took, err
}

// start starts the nodes that are still down.
func (t *touched) start(ctx context.Context) (Effect, error) {
	return t.heal(func(node target.Node) (bool, error) { return node.Start(ctx) })
}
