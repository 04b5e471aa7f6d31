package nemesis

import (
	"context"

	"github.com/jepsen-lite/jepsen-lite/target"
)

// touched are the nodes that a fault has harmed and not healed.
type touched struct{ nodes []target.Node }

// touch harms a node with act. It is taken down before: should act panic, the node
// is healed all the same.
func (t *touched) touch(node target.Node, act func() (bool, error)) (took bool, err error) {
	t.nodes = append(t.nodes, node)
	took, err = act()
	if !took && err == nil {
		t.nodes = t.nodes[:len(t.nodes)-1]
	}
	return took, err
}

// heal calls undo on each of the nodes, and keeps those where that fails. Of a
// healing that changed nothing it reports no place.
func (t *touched) heal(undo func(target.Node) (bool, error)) (Effect, error) {
	var left []target.Node
	effect, err := each(t.nodes, func(node target.Node) (bool, error) {
		took, err := undo(node)
		if err != nil {
			left = append(left, node)
		}
		return took, err
	})
	t.nodes = left
	if !effect.Took && err == nil {
		return Effect{}, nil
	}
	return effect, err
}

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
