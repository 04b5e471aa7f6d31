package nemesis

import (
	"context"

	"github.com/jepsen-lite/jepsen-lite/target"
)

// restart stops a server as an operator does, and starts it again. It takes
// effect if both happened.
type restart struct{ env Env }

func canRestart(node target.Node) error {
	if _, ok := node.(target.Stopper); !ok {
		return lacks(node, "stopped")
	}
	return nil
}

func (r restart) Inject(ctx context.Context) (Effect, error) {
	node := r.env.anyNode()
	stopped, err := node.(target.Stopper).Stop(ctx)
	if err != nil {
		return Effect{node.Name(), false}, err
	}
	started, err := node.Start(ctx)
	return Effect{node.Name(), stopped && started}, err
}

func (r restart) Heal(ctx context.Context) (Effect, error) {
	return r.env.everyNode(func(node target.Node) (bool, error) { return node.Start(ctx) })
}
