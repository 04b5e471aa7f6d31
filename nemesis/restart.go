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
