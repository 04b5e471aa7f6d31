package nemesis

import (
	"context"
	"math/rand/v2"

	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/diskfault"
)

func powerlossKind() Kind {
	return Kind{
		Name: "powerloss", Healing: "power", Needs: Disks,
		About: "kills a server and drops what it had not synced; it starts again on what was durable",
		Parameters: []Parameter{
			{Name: "tail", About: "what survives of data that were not synced: nothing, a part down to a sector or a byte, any pages",
				Default: "lost", Type: oneOf("lost", "torn", "torn-byte", "pages")},
			placed(),
		},
		near: []string{"kill", "client-pause"}, can: all(canKill, canHarmDisk), Kills: true,
		make: func(e Env, a Args) Fault {
			return &powerloss{env: e, place: a.place(), survival: map[string]diskfault.Survival{
				"lost": diskfault.Nothing, "torn": diskfault.TornAtSector, "torn-byte": diskfault.TornAtByte, "pages": diskfault.SomePages,
			}[a.text("tail")]}
		},
	}
}

// powerloss cuts the power of a machine: of all servers of the place at once, as
// they may stand in one rack.
type powerloss struct {
	env      Env
	place    Place
	survival diskfault.Survival
	down     touched
}

func (p *powerloss) Inject(ctx context.Context) (Effect, error) {
	var dropped int64
	effect, err := p.env.at(ctx, p.place, func(node target.Node) (bool, error) {
		return p.down.touch(node, func() (bool, error) {
			killed, err := node.(target.Killer).Kill(ctx)
			if err != nil || !killed {
				return false, err
			}
			// Its own generator, so that how much there was to draw shifts nothing else.
			rng := rand.New(rand.NewPCG(p.env.Rand.Uint64(), 0))
			loss, err := node.(diskOwner).Disk().PowerLoss(rng, p.survival)
			dropped += loss.DroppedBytes()
			return true, err
		})
	})
	effect.Figures = map[string]int64{"dropped_bytes": dropped}
	return effect, err
}

func (p *powerloss) Heal(ctx context.Context) (Effect, error) { return p.down.start(ctx) }
