package nemesis

import (
	"context"
	"errors"
	"math/rand/v2"

	"github.com/jepsen-lite/jepsen-lite/target"
)

// Try injects a fault once and heals it, to see whether it works on the target.
// Clients there are none: a fault of clients has nothing to be tried on and is
// taken to work.
func Try(ctx context.Context, kind Kind, t target.Target) (took bool, err error) {
	if kind.ofClients {
		return true, nil
	}
	fault := kind.make(Env{Target: t, Rand: rand.New(rand.NewPCG(1, 1))})
	effect, err := fault.Inject(ctx)
	_, healErr := fault.Heal(ctx)
	return effect.Took, errors.Join(err, healErr)
}
