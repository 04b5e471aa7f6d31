package nemesis

import (
	"context"

	"github.com/jepsen-lite/jepsen-lite/target"
)

func pauseKind() Kind {
	return Kind{
		Name: "pause", Healing: "resume", About: "freezes a server with SIGSTOP",
		Parameters: []Parameter{placed()}, near: []string{"client-pause"}, can: canPause,
		make: func(e Env, a Args) Fault { return &pause{env: e, place: a.place()} },
	}
}

func canPause(node target.Node) error {
	if _, ok := node.(target.Pauser); !ok {
		return lacks(node, "paused")
	}
	return nil
}

// pause freezes a server: its sockets stay open and take requests, which it
// executes when it goes on, even for clients that have given up.
type pause struct {
	env    Env
	place  Place
	frozen touched
}

func (p *pause) Inject(ctx context.Context) (Effect, error) {
	return p.env.at(ctx, p.place, func(node target.Node) (bool, error) {
		return p.frozen.touch(node, func() (bool, error) { return node.(target.Pauser).Pause(ctx) })
	})
}

func (p *pause) Heal(ctx context.Context) (Effect, error) {
	return p.frozen.heal(func(node target.Node) (bool, error) { return node.(target.Pauser).Resume(ctx) })
}
