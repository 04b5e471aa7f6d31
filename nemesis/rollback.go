package nemesis

import (
	"context"
	"errors"

	"github.com/jepsen-lite/jepsen-lite/target"
)

func rollbackKind() Kind {
	return Kind{
		Name: "rollback", Preparing: "backup",
		About:      "stops a server, puts back a backup of its data that was taken before, and starts it",
		Parameters: []Parameter{placed()}, near: []string{"restart", "kill", "client-pause"}, can: all(canStop, canStore, canCommand),
		make: func(e Env, a Args) Fault { return &rollback{env: e, place: a.place()} },
	}
}

// rollback does what an operator does in a hurry. Its preparation takes the
// backups.
type rollback struct {
	env     Env
	place   Place
	backups []*backup
	down    touched
}

func (r *rollback) Prepare(ctx context.Context) (Effect, error) {
	r.backups = nil
	return r.env.at(ctx, r.place, func(node target.Node) (bool, error) {
		b, err := takeBackup(ctx, r.env, node)
		if err != nil {
			return false, err
		}
		r.backups = append(r.backups, b)
		return true, nil
	})
}

func (r *rollback) Inject(ctx context.Context) (Effect, error) {
	if len(r.backups) == 0 {
		return Effect{}, errors.New("there is no backup to put back")
	}
	var nodes []target.Node
	age := r.env.Clock.Now() - r.backups[0].taken
	for _, b := range r.backups {
		nodes = append(nodes, b.node)
	}
	effect, err := each(nodes, func(node target.Node) (bool, error) {
		b := r.backups[0]
		r.backups = r.backups[1:]
		changed := false
		_, err := r.down.restart(ctx, node, func() error {
			changed = true // its data are gone even if the backup cannot be put back
			return b.putBack()
		})
		return changed, err // whether or not the server ran before
	})
	effect.Figures = map[string]int64{"backup_age_ns": int64(age)}
	return effect, err
}

func (r *rollback) Heal(ctx context.Context) (Effect, error) {
	r.backups = nil // one that was not put back is of no use any more
	return r.down.start(ctx)
}
