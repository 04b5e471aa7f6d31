package nemesis

import (
	"context"
	"time"

	"github.com/jepsen-lite/jepsen-lite/target"
)

func clockJumpKind() Kind {
	return Kind{
		Name: "clock-jump", Healing: "clock-back", About: "puts a server's wall clock forward or back, and right again", Needs: Clocks,
		Parameters: []Parameter{{Name: "by", About: "how far", Default: "1h", Type: aShift()}, placed()},
		near:       []string{"pause", "client-pause"}, can: canSetClock,
		make: func(e Env, a Args) Fault {
			return &clockJump{env: e, place: a.place(), by: a.shift("by")}
		},
	}
}

func clockDriftKind() Kind {
	return Kind{
		Name: "clock-drift", Healing: "clock-steady", About: "lets a server's wall clock go too fast or too slowly, and puts it right again", Needs: Clocks,
		Parameters: []Parameter{{Name: "rate", About: "how many times as fast as time", Default: "2", Type: aFactor()}, placed()},
		near:       []string{"pause", "client-pause"}, can: canSetClock,
		make: func(e Env, a Args) Fault { return &clockDrift{env: e, place: a.place(), rate: a.factor("rate")} },
	}
}

func canSetClock(node target.Node) error {
	if c, ok := node.(target.ClockSetter); !ok || c.ClockFixed() != nil {
		return lacks(node, "given another time")
	}
	return nil
}

// clockJump puts clocks forward at one moment, as somebody does who sets them by
// hand, or a time server that corrects them by a step.
type clockJump struct {
	env   Env
	place Place
	by    time.Duration
	wrong touched
}

func (c *clockJump) Inject(ctx context.Context) (Effect, error) {
	return c.env.at(ctx, c.place, func(node target.Node) (bool, error) {
		return c.wrong.touch(node, func() (bool, error) { return c.by != 0, node.(target.ClockSetter).ShiftClock(c.by) })
	})
}

func (c *clockJump) Heal(context.Context) (Effect, error) {
	return c.wrong.heal(func(node target.Node) (bool, error) { return true, node.(target.ClockSetter).ShiftClock(-c.by) })
}

// clockDrift lets clocks go wrong little by little.
type clockDrift struct {
	env   Env
	place Place
	rate  float64
	wrong touched
}

func (c *clockDrift) Inject(ctx context.Context) (Effect, error) {
	return c.env.at(ctx, c.place, func(node target.Node) (bool, error) {
		return c.wrong.touch(node, func() (bool, error) { return c.rate != 1, node.(target.ClockSetter).DriftClock(c.rate) })
	})
}

func (c *clockDrift) Heal(context.Context) (Effect, error) {
	return c.wrong.heal(func(node target.Node) (bool, error) { return true, node.(target.ClockSetter).DriftClock(1) })
}
