package nemesis

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/jepsen-lite/jepsen-lite/target"
)

func evictionKind() Kind {
	return Kind{
		Name: "eviction", Healing: "no-eviction",
		About: "limits a server's memory with maxmemory and an eviction policy, so that it throws keys away",
		Parameters: []Parameter{
			{Name: "size", About: "how much memory it may use", Default: usedNow, Type: aSize().or(usedNow)},
			{Name: "policy", About: "which keys go first", Default: "allkeys-lru",
				Type: oneOf("allkeys-lru", "allkeys-lfu", "allkeys-random", "volatile-lru", "volatile-lfu", "volatile-random", "volatile-ttl")},
			placed(),
		},
		near: []string{"client-pause"}, can: canCommand, needsLoad: true,
		make: func(e Env, a Args) Fault {
			return &eviction{env: e, place: a.place(), size: a.text("size"), policy: a.text("policy"), settings: e.settings()}
		},
	}
}

// usedNow is the size that a server uses at the moment: the next write is one too
// many.
const usedNow = "used"

// evictionWait is how long it may take until the first key is gone.
const evictionWait = time.Second

// eviction makes a server throw keys away. It takes effect if that happens within
// a second: a limit that is not reached harms nobody.
type eviction struct {
	env          Env
	place        Place
	size, policy string
	settings     settings
	began        map[string]int64 // keys evicted before, by node
}

func (v *eviction) Inject(ctx context.Context) (Effect, error) {
	v.began = map[string]int64{}
	return v.env.at(ctx, v.place, func(node target.Node) (bool, error) {
		size, err := v.limit(ctx, node)
		if err != nil {
			return false, err
		}
		before, err := figure(ctx, node, "stats", "evicted_keys")
		if err != nil {
			return false, err
		}
		v.began[node.Name()] = before
		if err := v.settings.change(ctx, node, [2]string{"maxmemory-policy", v.policy}, [2]string{"maxmemory", size}); err != nil {
			return false, err
		}
		return v.awaitEviction(ctx, node, before)
	})
}

// limit returns the limit in bytes.
func (v *eviction) limit(ctx context.Context, node target.Node) (string, error) {
	if v.size != usedNow {
		return fmt.Sprint(value(readSize(v.size))), nil
	}
	used, err := figure(ctx, node, "memory", "used_memory")
	return strconv.FormatInt(used, 10), err
}

func (v *eviction) awaitEviction(ctx context.Context, node target.Node, before int64) (bool, error) {
	for until := v.env.Clock.Now() + evictionWait; ; {
		now, err := figure(ctx, node, "stats", "evicted_keys")
		if err != nil || now > before || v.env.Clock.Now() > until {
			return err == nil && now > before, err
		}
		v.env.Clock.Sleep(ctx, 20*time.Millisecond)
	}
}

// Heal gives the memory back, and tells how many keys are gone.
func (v *eviction) Heal(ctx context.Context) (Effect, error) {
	var evicted int64
	for _, node := range v.settings.changed.nodes {
		if now, err := figure(ctx, node, "stats", "evicted_keys"); err == nil {
			evicted += max(now-v.began[node.Name()], 0) // a restart counts from 0
			v.began[node.Name()] = now
		}
	}
	effect, err := v.settings.restore(ctx)
	if effect.Took {
		effect.Figures = map[string]int64{"evicted_keys": evicted}
	}
	return effect, err
}
