package nemesis

import (
	"context"
	"fmt"
	"time"

	"github.com/jepsen-lite/jepsen-lite/target"
)

func clientPauseKind() Kind {
	return Kind{
		Name: "client-pause", Healing: "client-resume",
		About: "freezes one client between two of its commands, as a long garbage collection does",
		make:  func(e Env, _ Args) Fault { return &clientPause{env: e} }, ofClients: true,
	}
}

// clientPause freezes one client between two of its commands. It takes effect
// once the client stands still.
type clientPause struct {
	env    Env
	frozen []int
}

// freezeLimit bounds the wait for a client that is in the middle of a command.
const freezeLimit = 3 * time.Second

func (c *clientPause) Inject(ctx context.Context) (Effect, error) {
	ctx, cancel := target.WithTimeout(ctx, c.env.Clock, freezeLimit)
	defer cancel()
	client := c.env.Rand.IntN(c.env.Clients.Len())
	c.frozen = append(c.frozen, client)
	took := c.env.Clients.Freeze(ctx, client)
	if !took {
		// It would come to stand later, with no event to tell when.
		c.env.Clients.Thaw(client)
	}
	return Effect{Where: []string{clientName(client)}, Took: took}, nil
}

func (c *clientPause) Heal(context.Context) (effect Effect, _ error) {
	for _, client := range c.frozen {
		if c.env.Clients.Thaw(client) {
			effect.Where, effect.Took = append(effect.Where, clientName(client)), true
		}
	}
	c.frozen = nil
	return effect, nil
}

func clientName(client int) string { return fmt.Sprintf("c%d", client) }
