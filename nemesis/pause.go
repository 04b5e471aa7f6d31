package nemesis

import (
	"context"

	"github.com/jepsen-lite/jepsen-lite/target"
)

// pause freezes a server: its sockets stay open and take requests, which it
// executes when it goes on, even for clients that have given up.
type pause struct{ env Env }

func canPause(node target.Node) error {
	if _, ok := node.(target.Pauser); !ok {
		return lacks(node, "paused")
	}
	return nil
}

func (p pause) Inject(ctx context.Context) (Effect, error) {
	node := p.env.anyNode()
	took, err := node.(target.Pauser).Pause(ctx)
	return Effect{node.Name(), took}, err
}

func (p pause) Heal(ctx context.Context) (Effect, error) {
	return p.env.everyNode(func(node target.Node) (bool, error) { return node.(target.Pauser).Resume(ctx) })
}
