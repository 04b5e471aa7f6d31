package nemesis

import (
	"context"
	"errors"

	"github.com/jepsen-lite/jepsen-lite/target"
)

func scaleOutKind() Kind {
	return Kind{
		Name: "scale-out", About: "adds a spare server: slots of a cluster move there with their keys, clients of shards look there from then on",
		near: []string{"move-slots", "restart", "client-pause"}, whole: canScaleOut,
		make: func(e Env, _ Args) Fault { return scaleOut{e} },
	}
}

func canScaleOut(t target.Target) error {
	if r, ok := t.(target.Resharder); !ok || r.Spares() == 0 {
		return errors.New("there is no spare server to add: it takes --topology cluster or sharded with --spares 1")
	}
	return nil
}

// scaleOut needs no healing: what was added stays.
type scaleOut struct{ env Env }

func (s scaleOut) Inject(ctx context.Context) (Effect, error) {
	node, done, err := s.env.Target.(target.Resharder).ScaleOut(ctx)
	return effectOn(node, done), err
}

func (scaleOut) Heal(context.Context) (Effect, error) { return Effect{}, nil }
