package nemesis

import (
	"context"
	"fmt"
	"time"

	"github.com/jepsen-lite/jepsen-lite/target"
)

func loadingKind() Kind {
	return Kind{
		Name: "loading", Preparing: "preload",
		About: "gives the primaries much data before the run, and restarts a server, which then spends seconds LOADING",
		Parameters: []Parameter{
			{Name: "members", About: "how many members of a sorted set there are to load", Default: "1000000", Trial: "10000", Type: aCount()},
			placed(),
		},
		near: []string{"restart", "kill", "client-pause"}, can: all(canStop, canCommand),
		make: func(e Env, a Args) Fault {
			return &loading{env: e, place: a.place(), ballast: ballast{target: e.Target, members: a.count("members")}}
		},
	}
}

// loading restarts servers with so much data that loading them takes long. An
// error says so if they are not there afterwards.
type loading struct {
	env     Env
	place   Place
	ballast ballast
	down    touched
}

// Begin gives the primaries their data; replicas have them from there.
func (l *loading) Begin(ctx context.Context) (Effect, error) {
	roles, err := l.env.roles(ctx)
	if err != nil {
		return Effect{}, err
	}
	var primaries []target.Node
	for _, node := range l.env.Target.Nodes() {
		if role := roles[node.Name()]; role == target.Primary || role == "" {
			primaries = append(primaries, node)
		}
	}
	return each(primaries, func(node target.Node) (bool, error) { return l.ballast.give(ctx, node) })
}

func (l *loading) Inject(ctx context.Context) (Effect, error) {
	var took time.Duration
	effect, err := l.env.at(ctx, l.place, func(node target.Node) (bool, error) {
		if err := keepsData(ctx, node); err != nil {
			return false, err
		}
		began := l.env.Clock.Now()
		restarted, err := l.down.restart(ctx, node, nothing)
		took += l.env.Clock.Now() - began
		if err != nil || !restarted {
			return false, err
		}
		return true, l.ballast.check(ctx, node)
	})
	effect.Figures = map[string]int64{"restart_ns": int64(took)}
	return effect, err
}

// keepsData returns an error if the server would have nothing to load: then a
// restart is another fault.
func keepsData(ctx context.Context, node target.Node) error {
	appends, err := setting(ctx, node, "appendonly")
	if err != nil || appends == "yes" {
		return err
	}
	if saves, err := setting(ctx, node, "save"); err != nil || saves != "" {
		return err
	}
	return fmt.Errorf("%s keeps nothing on disk that it could load", node.Name())
}

func (l *loading) Heal(ctx context.Context) (Effect, error) { return l.down.start(ctx) }
