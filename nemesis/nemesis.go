package nemesis

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/target"
)

// forever is longer than any run.
const forever = math.MaxInt64 * time.Nanosecond

// Journal takes the events of the nemesis. *history.Recorder is one.
type Journal interface {
	Note(f string, v history.Value) error
}

// Nemesis injects faults by a plan. Run it once.
type Nemesis struct {
	tracks  []*follower
	env     Env
	journal Journal
	turn    *turn
	// injected are the faults that were, the last one last; belongs to the holder
	// of the turn.
	injected []*charge
	took     atomic.Int64

	mu    sync.Mutex
	doing []string // what goes on now
}

// follower is a track with what it needs to be followed.
type follower struct {
	charges []*charge // one for each item
	next    func(now time.Duration) (Step, bool)
}

// New prepares a nemesis for a target that runs. The error says which fault cannot
// work, and where.
func New(plan Plan, env Env, journal Journal) (*Nemesis, error) {
	if err := plan.Validate(); err != nil {
		return nil, err
	}
	if env.Clock == nil {
		env.Clock = target.Wall()
	}
	if env.Crew == nil {
		env.Crew = func() Crew { return &sync.WaitGroup{} }
	}
	if err := Check(plan, env.Target); err != nil {
		return nil, err
	}
	env.held = map[directive]bool{}
	n := &Nemesis{env: env, journal: journal, turn: newTurn(env.Clock)}
	numbers := map[string]int{}
	for _, track := range plan.Tracks() {
		own := env
		if item := track.Items[0]; item.When.Track() {
			own.Rand = stream(env.Seed, item, numbers[item.String()])
			numbers[item.String()]++
		}
		f := &follower{next: track.Steps(own.Rand)}
		for _, item := range track.Items {
			charge, err := newCharge(item, own, f.charges)
			if err != nil {
				return nil, fmt.Errorf("fault %s: %w", item.Call(), err)
			}
			f.charges = append(f.charges, charge)
		}
		n.tracks = append(n.tracks, f)
	}
	return n, nil
}

// Check returns why one of the plan's faults cannot work on a target, or nil. The
// target need not run; what only its roles can tell is found out by [New].
func Check(plan Plan, t target.Target) error {
	for _, item := range plan.Items {
		kind, err := Find(item.Fault)
		if err != nil {
			return err
		}
		args, err := kind.ReadArgs(item.Arguments)
		if err == nil {
			err = kind.Available(t, args)
		}
		if err != nil {
			return fmt.Errorf("fault %s: %w", item.Call(), err)
		}
	}
	return nil
}

// Doing says what the nemesis does now, for people: "kill n1, pause n2", or "".
func (n *Nemesis) Doing() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return strings.Join(n.doing, ", ")
}

// show says what goes on because of a fault; empty: nothing any more.
func (n *Nemesis) show(c *charge, now string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	before := slices.Index(n.doing, c.shown)
	switch {
	case c.shown == "" && now != "":
		n.doing = append(n.doing, now)
	case c.shown != "" && now == "":
		n.doing = slices.Delete(n.doing, before, before+1)
	case c.shown != "":
		n.doing[before] = now
	}
	c.shown = now
}

// Effects is how many faults took effect so far. It is safe to call at any time.
func (n *Nemesis) Effects() int { return int(n.took.Load()) }

// Run injects and heals faults until ctx ends, and returns with everything
// healed. An error means that the target could not be healed, or that the
// journal failed; a fault that could not be injected is only recorded.
func (n *Nemesis) Run(ctx context.Context) (err error) {
	// Deferred, so that a panic below leaves nothing behind either.
	defer func() { err = errors.Join(err, n.HealAll()) }()
	began := n.env.Clock.Now()
	switch len(n.tracks) {
	case 0:
		n.env.Clock.Sleep(ctx, forever)
		return nil
	case 1:
		return n.follow(ctx, n.tracks[0], began)
	}
	return n.followAll(ctx, began)
}

// follow follows one track until ctx ends.
func (n *Nemesis) follow(ctx context.Context, f *follower, began time.Duration) error {
	for {
		step, more := f.next(n.env.Clock.Now() - began)
		if !more {
			n.env.Clock.Sleep(ctx, forever)
			return nil
		}
		if !n.env.Clock.Sleep(ctx, step.Wait) {
			return nil
		}
		if err := n.perform(ctx, f.charges[step.Item], step.Last); err != nil {
			return err
		}
	}
}

// followAll follows all tracks side by side. If one of them ends by an error or a
// panic, the others end as well; a panic goes on once they have.
func (n *Nemesis) followAll(ctx context.Context, began time.Duration) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	errs, panics := make([]error, len(n.tracks)), make([]any, len(n.tracks))
	crew := n.env.Crew()
	for i, f := range n.tracks {
		crew.Go(func() {
			defer cancel() // it ends by itself only when it cannot go on
			defer func() { panics[i] = recover() }()
			errs[i] = n.follow(ctx, f, began)
		})
	}
	crew.Wait()
	for _, p := range panics {
		if p != nil {
			panic(p)
		}
	}
	return errors.Join(errs...)
}
