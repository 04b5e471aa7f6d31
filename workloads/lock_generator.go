package workloads

import (
	"fmt"
	"time"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// Locking returns an instance of a lock whose clients choose a token, ask for the
// lock, keep it for a while and release it. One that does not know whether it was
// granted the lock leaves it alone.
func Locking(o Options, client func(Env) Client) Instance {
	return Instance{
		Generator: func(lane Lane) Generator { return &lockGenerator{lane: lane, hold: o.hold(), tokens: true} },
		Client:    client,
		Script:    newLockScript(false),
	}
}

// Renewing returns an instance of a lock as [Locking] does, whose clients ask for
// more time once before they release it.
func Renewing(o Options, client func(Env) Client) Instance {
	i := Locking(o, client)
	i.Generator = func(lane Lane) Generator {
		return &lockGenerator{lane: lane, hold: o.hold(), tokens: true, renews: true}
	}
	return i
}

// lockGenerator takes a lock, keeps it for a while, works under it if the
// workload says so, and releases it.
type lockGenerator struct {
	lane Lane
	hold time.Duration
	// tokens: the client chooses a token before it asks.
	tokens bool
	// works: the holder writes to the protected resource before it releases.
	works bool
	// renews: the holder asks for more time before it releases.
	renews bool
	// abandons: an acquire of unknown outcome is followed by a release.
	abandons bool

	taken int
	queue []Op
}

func (g *lockGenerator) Next() Op {
	if len(g.queue) > 0 {
		op := g.queue[0]
		g.queue = g.queue[1:]
		return op
	}
	op := Op{F: "acquire", Key: g.lane.Keys.Pick(g.lane.Rand), Value: history.NullValue}
	if g.tokens {
		g.taken++
		op.Value = history.Str(fmt.Sprintf("%d.%d", g.lane.Number, g.taken))
	}
	return op
}

func (g *lockGenerator) Done(op Op, outcome history.Type, result history.Value) {
	switch {
	case op.F == "write" && outcome != history.OK:
		g.queue = nil // rejected by the resource: no longer the holder
	case op.F == "renew" && (outcome == history.Info || result.IsFalse()):
		g.queue = nil // lost
	case op.F != "acquire":
	case outcome == history.Info && g.abandons:
		g.queue = []Op{{F: "release", Key: op.Key, Value: op.Value, Follows: true}}
	case outcome == history.OK && gotLock(result):
		think := time.Duration(g.lane.Rand.Int64N(int64(g.hold) + 1))
		if g.works {
			g.queue = append(g.queue, Op{F: "write", Key: op.Key, Value: result, Think: think, Follows: true})
			think = 0
		}
		if g.renews {
			g.queue = append(g.queue, Op{F: "renew", Key: op.Key, Value: result, Think: think, Follows: true})
		}
		g.queue = append(g.queue, Op{F: "release", Key: op.Key, Value: result, Think: think, Follows: true})
	}
}

// gotLock reports whether an acquire's result is a grant.
func gotLock(result history.Value) bool {
	_, held := result.Field("held_by")
	return !held && !result.IsFalse()
}
