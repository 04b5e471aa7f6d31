package nemesis

import (
	"context"
	"errors"
	"math/rand/v2"

	"github.com/jepsen-lite/jepsen-lite/target"
)

// Try injects a fault once and heals it, to see whether it works on the target.
// There are no clients: a fault that takes no effect without them has nothing to
// be tried on and is taken to work.
func Try(ctx context.Context, kind Kind, t target.Target) (took bool, err error) {
	if kind.ofClients || kind.needsLoad {
		return true, nil
	}
	fault := kind.make(Env{Target: t, Clock: target.Wall(), Rand: rand.New(rand.NewPCG(1, 1))}, kind.trial())
	for _, act := range before(fault) {
		if _, err := act(ctx); err != nil {
			return false, err
		}
	}
	effect, err := fault.Inject(ctx)
	_, healErr := fault.Heal(ctx)
	return effect.Took, errors.Join(err, healErr)
}

// trial returns arguments with which the fault can be tried: words for what has no
// default.
func (k Kind) trial() Args {
	args := newArgs(k)
	for _, p := range k.Parameters {
		if p.Trial != "" {
			args.values[p.Name] = p.Trial
		}
	}
	return args
}

// before returns what a fault does before it is injected.
func before(fault Fault) (acts []func(context.Context) (Effect, error)) {
	if f, ok := fault.(beginner); ok {
		acts = append(acts, f.Begin)
	}
	if f, ok := fault.(preparer); ok {
		acts = append(acts, f.Prepare)
	}
	return acts
}
