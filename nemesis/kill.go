package nemesis

import (
	"context"

	"github.com/jepsen-lite/jepsen-lite/target"
)

// kill ends a server without warning.
type kill struct{ env Env }

func canKill(node target.Node) error {
	if _, ok := node.(target.Killer); !ok {
		return lacks(node, "killed")
	}
	return nil
}

func (k kill) Inject(ctx context.Context) (Effect, error) {
	node := k.env.anyNode()
	took, err := node.(target.Killer).Kill(ctx)
	return Effect{node.Name(), took}, err
}

func (k kill) Heal(ctx context.Context) (Effect, error) {
	return k.env.everyNode(func(node target.Node) (bool, error) { return node.Start(ctx) })
}
