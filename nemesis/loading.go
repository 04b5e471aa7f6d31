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
		make: func(e Env, a Args) Fault { return &loading{env: e, place: a.place(), members: a.count("members")} },
	}
}

// loadingKey is beside the keys of the workloads: theirs have no colon.
const loadingKey = "jepsen-lite:loading"

// loading restarts servers with so much data that loading them takes long. An
// error says so if they are not there afterwards.
type loading struct {
	env     Env
	place   Place
	members int64
	down    touched
}

// Begin gives the primaries their data; replicas have them from there.
//
// Why five members a command: while it loads an append-only file, Redis answers its
// clients once in 1024 commands (Redis 7.0, aof.c, loadSingleAppendOnlyFile). With
// few long ones it would seem dead instead of LOADING.
//
// Why a sorted set: loading one takes longer than loading as many keys. Why scripts:
// they write some hundred thousand members a second with one connection waiting for
// them; DEBUG POPULATE would need a server that permits DEBUG.
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
	return each(primaries, func(node target.Node) (bool, error) { return true, l.preload(ctx, node) })
}

// slice is how many members one script writes, and sliceLimit how long it may
// take: other clients wait meanwhile.
const (
	slice      = 10_000
	sliceLimit = 20 * time.Second
)

func (l *loading) preload(ctx context.Context, node target.Node) error {
	const script = `
		local pairs = {}
		for i = ARGV[1], ARGV[2] do
			pairs[#pairs + 1] = i
			pairs[#pairs + 1] = 'member-' .. i
			if #pairs == 10 or i == tonumber(ARGV[2]) then
				redis.call('ZADD', KEYS[1], unpack(pairs))
				pairs = {}
			end
		end
		return 'OK'`
	for from := int64(1); from <= l.members; from += slice {
		to := min(from+slice-1, l.members)
		if _, err := commandWithin(ctx, sliceLimit, node, "EVAL", script, 1, loadingKey, from, to); err != nil {
			return fmt.Errorf("preload: %w", err)
		}
	}
	return nil
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
		reply, err := command(ctx, node, "ZCARD", loadingKey)
		if err == nil && reply != l.members {
			err = fmt.Errorf("%s has not loaded what it was given: a sorted set of %v members instead of %d", node.Name(), reply, l.members)
		}
		return true, err
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
