package nemesis

import (
	"context"
	"errors"
	"math/rand/v2"
	"path/filepath"

	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/diskfault"
)

func aofTruncateKind() Kind {
	return Kind{
		Name: "aof-truncate", Healing: "aof-appended",
		About: "kills a server and cuts bytes off the end of its append-only file; it starts again, or is repaired first",
		Parameters: []Parameter{
			{Name: "bytes", About: "how much is cut off", Default: "100b", Type: aSize()}, placed(),
		},
		near: []string{"rollback", "kill", "client-pause"}, can: canDamageLog, Kills: true,
		make: func(e Env, a Args) Fault {
			size := a.size("bytes")
			return &logDamage{env: e, place: a.place(), harm: func(path string, _ *rand.Rand) (diskfault.Damage, error) {
				return diskfault.TruncateTail(path, size)
			}}
		},
	}
}

func aofCorruptKind() Kind {
	return Kind{
		Name: "aof-corrupt", Healing: "aof-repaired",
		About:      "kills a server and spoils a sector in the middle of its append-only file; it starts again once that is repaired",
		Parameters: []Parameter{placed()}, near: []string{"aof-truncate", "rollback", "kill", "client-pause"}, can: canDamageLog, Kills: true,
		make: func(e Env, a Args) Fault {
			return &logDamage{env: e, place: a.place(), harm: func(path string, random *rand.Rand) (diskfault.Damage, error) {
				return diskfault.CorruptMiddle(random, path)
			}}
		},
	}
}

// logRepairer is a node whose append-only file can be repaired while it is down.
type logRepairer interface {
	// RepairLog cuts the append-only file off where it stops making sense, as
	// redis-check-aof --fix does.
	RepairLog(ctx context.Context) error
}

func canRepairLog(node target.Node) error {
	if _, ok := node.(logRepairer); !ok {
		return lacks(node, "repaired")
	}
	return nil
}

func canDamageLog(node target.Node) error { return all(canKill, canStore, canRepairLog)(node) }

// logDamage spoils the file that a server appends to at present. One that is empty
// or not there cannot be spoilt.
type logDamage struct {
	env   Env
	place Place
	harm  func(path string, random *rand.Rand) (diskfault.Damage, error)
	down  touched
}

func (l *logDamage) Inject(ctx context.Context) (Effect, error) {
	var spoilt int64
	effect, err := l.env.at(ctx, l.place, func(node target.Node) (took bool, err error) {
		_, err = l.down.touch(node, func() (bool, error) {
			killed, err := node.(target.Killer).Kill(ctx)
			if err != nil || !killed {
				return false, err
			}
			path, err := diskfault.NewestIncrement(filepath.Join(node.(target.Storer).DataDir(), "appendonlydir"))
			if err != nil {
				return true, err
			}
			damage, err := l.harm(path, l.env.Rand)
			took = damage.Bytes > 0
			spoilt += damage.Bytes
			return true, err
		})
		return took, err
	})
	effect.Figures = map[string]int64{"spoilt_bytes": spoilt}
	return effect, err
}

// Heal starts the servers. One that refuses its log is started once that is
// repaired, as an operator would.
func (l *logDamage) Heal(ctx context.Context) (Effect, error) {
	return l.down.heal(func(node target.Node) (bool, error) {
		started, err := node.Start(ctx)
		if err == nil {
			return started, nil
		}
		if repairErr := node.(logRepairer).RepairLog(ctx); repairErr != nil {
			return false, errors.Join(err, repairErr)
		}
		return node.Start(ctx)
	})
}
