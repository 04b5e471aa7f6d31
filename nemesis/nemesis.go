package nemesis

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/target"
)

// Limits of one injection and one healing. They are long because a server may
// have to save or load much data.
const (
	injectLimit = time.Minute
	healLimit   = 2 * time.Minute
)

// forever is longer than any run.
const forever = math.MaxInt64 * time.Nanosecond

// Journal takes the events of the nemesis. *history.Recorder is one.
type Journal interface {
	Note(f string, v history.Value) error
}

// Nemesis injects faults by a plan. Run it once.
type Nemesis struct {
	next    func() Step // nil: no faults
	names   []string    // of the plan's faults, each once
	kinds   map[string]Kind
	faults  map[string]Fault
	journal Journal
	clock   target.Clock
	current atomic.Pointer[string]
	took    atomic.Int64
}

// New prepares a nemesis. The error says which fault cannot work, and where.
func New(plan Plan, env Env, journal Journal) (*Nemesis, error) {
	if err := plan.Validate(); err != nil {
		return nil, err
	}
	if env.Clock == nil {
		env.Clock = target.Wall()
	}
	n := &Nemesis{kinds: map[string]Kind{}, faults: map[string]Fault{}, journal: journal, clock: env.Clock}
	for _, name := range plan.Faults {
		if n.faults[name] != nil {
			continue // named twice
		}
		kind, err := Find(name)
		if err != nil {
			return nil, err
		}
		if err := kind.possible(env); err != nil {
			return nil, fmt.Errorf("fault %s: %w", name, err)
		}
		n.names = append(n.names, name)
		n.kinds[name], n.faults[name] = kind, kind.make(env)
	}
	if len(plan.Faults) > 0 {
		n.next = plan.Steps(env.Rand)
	}
	return n, nil
}

// Doing says what the nemesis does now, for people: "kill n1", or "".
func (n *Nemesis) Doing() string {
	if text := n.current.Load(); text != nil {
		return *text
	}
	return ""
}

// Effects is how many faults took effect so far. It is safe to call at any time.
func (n *Nemesis) Effects() int { return int(n.took.Load()) }

// Run injects and heals faults until ctx ends, and returns with everything
// healed. An error means that the target could not be healed, or that the
// journal failed; a fault that could not be injected is only recorded.
func (n *Nemesis) Run(ctx context.Context) (err error) {
	// Deferred, so that a panic below leaves nothing behind either.
	defer func() { err = errors.Join(err, n.HealAll()) }()
	if n.next == nil {
		n.clock.Sleep(ctx, forever)
		return nil
	}
	for {
		step := n.next()
		if !n.clock.Sleep(ctx, step.Wait) {
			return nil
		}
		if err := n.inject(step.Fault); err != nil {
			return err
		}
		if n.kinds[step.Fault].Healing != "" {
			n.clock.Sleep(ctx, step.Last)
		}
		if err := n.heal(step.Fault); err != nil {
			return err
		}
	}
}

func (n *Nemesis) inject(name string) error {
	// Why not the run's context: a shutdown cut off in the middle by the run's
	// end would be another fault than the one recorded.
	ctx, cancel := target.WithTimeout(context.Background(), n.clock, injectLimit)
	defer cancel()
	doing := name
	n.current.Store(&doing)
	began := n.clock.Now()
	effect, err := n.faults[name].Inject(ctx)
	took := n.clock.Now() - began
	if effect.Took {
		n.took.Add(1)
	}
	doingAt := strings.TrimSpace(name + " " + effect.Where)
	n.current.Store(&doingAt)
	return n.journal.Note(name, effect.value(n.kinds[name], "", took, err))
}

func (n *Nemesis) heal(name string) error {
	defer n.current.Store(nil)
	// Why a fresh context: the run's may have ended, and healing must happen.
	ctx, cancel := target.WithTimeout(context.Background(), n.clock, healLimit)
	defer cancel()
	began := n.clock.Now()
	effect, err := n.faults[name].Heal(ctx)
	took := n.clock.Now() - began
	if err != nil {
		err = fmt.Errorf("heal %s: %w", name, err)
	}
	healing := n.kinds[name].Healing
	if healing == "" {
		healing = name // a restart that stopped in the middle
	}
	if effect.Took || err != nil {
		err = errors.Join(err, n.journal.Note(healing, effect.value(n.kinds[name], name, took, err)))
	}
	return err
}

// HealAll heals every fault of the plan, in the plan's order. Run has done so
// when it returns.
func (n *Nemesis) HealAll() error { return n.healEach(n.names) }

// healEach heals each of the faults, also if the healing of another one panics.
func (n *Nemesis) healEach(names []string) (err error) {
	if len(names) == 0 {
		return nil
	}
	defer func() { err = errors.Join(err, n.healEach(names[1:])) }()
	return n.heal(names[0])
}

// value returns the event's value, as the package comment describes it.
func (e Effect) value(kind Kind, heals string, took time.Duration, err error) history.Value {
	fields := map[string]any{"effect": e.Took, "took_ns": int64(took)}
	switch {
	case e.Where == "":
	case kind.ofClients:
		fields["client"] = e.Where
	default:
		fields["node"] = e.Where
	}
	if heals != "" {
		fields["heals"] = heals
	}
	if err != nil {
		fields["error"] = err.Error()
	}
	v, _ := history.JSON(fields) // booleans and strings always encode
	return v
}
