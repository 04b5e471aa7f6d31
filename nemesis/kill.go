package nemesis

import (
	"context"

	"github.com/jepsen-lite/jepsen-lite/target"
)

func killKind() Kind {
	return Kind{
		Name: "kill", Healing: "start", About: "ends a server with SIGKILL; it starts again on its data",
		Parameters: []Parameter{placed()}, near: []string{"restart", "pause", "client-pause"}, can: canKill, Kills: true,
		make: func(e Env, a Args) Fault { return &kill{env: e, place: a.place()} },
	}
}

func canKill(node target.Node) error {
	if _, ok := node.(target.Killer); !ok {
		return lacks(node, "killed")
	}
	return nil
}

// kill ends a server without warning.
type kill struct {
	env   Env
	place Place
	down  touched
}

func (k *kill) Inject(ctx context.Context) (Effect, error) {
	return k.env.at(ctx, k.place, func(node target.Node) (bool, error) {
		return k.down.touch(node, func() (bool, error) { return node.(target.Killer).Kill(ctx) })
	})
}

func (k *kill) Heal(ctx context.Context) (Effect, error) {
	return k.down.start(ctx)
}
