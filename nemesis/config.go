package nemesis

import (
	"context"

	"github.com/jepsen-lite/jepsen-lite/target"
)

func configKind() Kind {
	return Kind{
		Name: "config", Healing: "config-back", About: "changes a directive with CONFIG SET, and back", Noise: true,
		Parameters: []Parameter{
			{Name: "name", About: "the directive", Trial: "maxmemory-samples", Type: anyText("a directive, as maxmemory")},
			{Name: "value", About: "what it is set to", Trial: "4", Type: anyText("a value, as 10mb")},
			placed(),
		},
		near: []string{"client-pause"}, can: canCommand,
		make: func(e Env, a Args) Fault {
			return &config{env: e, place: a.place(), pair: [2]string{a.text("name"), a.text("value")}, settings: e.settings()}
		},
	}
}

// config changes a directive for a while.
type config struct {
	env      Env
	place    Place
	pair     [2]string
	settings settings
}

func (c *config) Inject(ctx context.Context) (Effect, error) {
	return c.env.at(ctx, c.place, func(node target.Node) (bool, error) {
		err := c.settings.change(ctx, node, c.pair)
		return err == nil, err
	})
}

func (c *config) Heal(ctx context.Context) (Effect, error) { return c.settings.restore(ctx) }
