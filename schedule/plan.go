package schedule

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jepsen-lite/jepsen-lite/nearest"
	"github.com/jepsen-lite/jepsen-lite/workloads"
)

// Plan says what to explore. The zero value of a field means its default.
type Plan struct {
	Workload Workload
	Target   Target
	// Checks judge; nil: those of the workload.
	Checks []string
	// Clients is how many there are: 3. Ops is how many operations each has at
	// most: 4.
	Clients, Ops int
	// Keys is how many keys they work on: 1.
	Keys int
	// Faults are the names of faults that may happen; what heals one happens too.
	Faults []string
	// MaxFaults is how many happen at most: 2.
	MaxFaults int
	// Ticks are the times that a tick may take: those that matter to the
	// workload.
	Ticks []time.Duration
	// Strategy chooses the word: uniform, pct, or both in turn.
	Strategy Strategy
	// Schedules is how many are tried: 10,000.
	Schedules int
	// TimeLimit ends the search for a failure; zero: nothing does. Shrinking has
	// ShrinkLimit: a minute.
	TimeLimit, ShrinkLimit time.Duration
	// Seed decides everything.
	Seed uint64
	// Workers is how many schedules are performed at a time: 1.
	Workers int
}

// PlanError says what is impossible in a plan or a schedule.
type PlanError struct{ Err error }

func (e *PlanError) Error() string { return e.Err.Error() }

// Unwrap returns what is wrong.
func (e *PlanError) Unwrap() error { return e.Err }

// Strategy is a way to choose a word.
type Strategy string

const (
	// Uniform moves any client that can move.
	Uniform Strategy = "uniform"
	// PCT moves the one of highest priority, and changes priorities at few
	// places (Burckhardt et al., "A Randomized Scheduler with Probabilistic
	// Guarantees of Finding Bugs", ASPLOS 2010).
	PCT Strategy = "pct"
	// Both takes one or the other.
	Both Strategy = "both"
)

// withDefaults fills in what is zero.
func (p Plan) withDefaults() Plan {
	for _, d := range []struct {
		field   *int
		instead int
	}{{&p.Clients, 3}, {&p.Ops, 4}, {&p.Keys, 1}, {&p.MaxFaults, 2}, {&p.Schedules, 10_000}, {&p.Workers, 1}} {
		if *d.field == 0 {
			*d.field = d.instead
		}
	}
	if p.Strategy == "" {
		p.Strategy = Both
	}
	if p.ShrinkLimit == 0 {
		p.ShrinkLimit = time.Minute
	}
	if p.Seed == 0 {
		p.Seed = 1
	}
	if len(p.Ticks) == 0 {
		p.Ticks = []time.Duration{time.Second}
		if ttl := p.Workload.TTL; ttl > 0 {
			p.Ticks = []time.Duration{ttl, ttl / 2}
		}
	}
	return p
}

// validate returns what is wrong with the plan.
func (p Plan) validate(w workloads.Workload) error {
	switch {
	case p.Clients < 1 || p.Clients > maxClients:
		return fmt.Errorf("there are %d clients: expected 1 to %d", p.Clients, maxClients)
	case p.Ops < 1 || p.Ops > 1000:
		return fmt.Errorf("each client has %d operations: expected 1 to 1000", p.Ops)
	case p.Keys < 1 || p.Keys > 100:
		return fmt.Errorf("there are %d keys: expected 1 to 100", p.Keys)
	case p.MaxFaults < 0 || p.MaxFaults > 100:
		return fmt.Errorf("there are up to %d faults: expected 0 to 100", p.MaxFaults)
	case p.Schedules < 0:
		return errors.New("how many schedules to try must not be negative")
	case p.Workers < 0:
		return errors.New("how many schedules are performed at a time must not be negative")
	case p.TimeLimit < 0 || p.ShrinkLimit < 0:
		return errors.New("a time limit must not be negative")
	case p.Strategy != Uniform && p.Strategy != PCT && p.Strategy != Both:
		return fmt.Errorf("unknown strategy %q: expected uniform, pct or both", p.Strategy)
	}
	harms, err := p.harms()
	if err != nil {
		return err
	}
	for _, h := range harms {
		if h.verb.takes() == onTarget && p.Target.Replicas == 0 {
			return fmt.Errorf("fault %s: there are no replicas: allow one with --replicas 1", h.verb)
		}
	}
	for _, tick := range p.Ticks {
		if tick <= 0 || tick > maxTick {
			return fmt.Errorf("a tick of %v: expected more than 0s, and %v at most", tick, maxTick)
		}
	}
	s := Schedule{Workload: p.Workload, Target: p.Target, Checks: p.Checks, Clients: [][]Op{{}}}
	return s.Validate(func(string) (workloads.Workload, error) { return w, nil })
}

// harm is a fault that a plan may choose, and what heals it.
type harm struct{ verb, healing Verb }

func allHarms() []harm {
	return []harm{
		{Kill, Start}, {Pause, Resume}, {Restart, 0}, {BGSave, 0}, {BGRewriteAOF, 0}, {PowerLoss, Start}, {Fsync, 0},
		{SlowFsync, FastFsync}, {Replicate, 0}, {Failover, 0}, {Partition, Heal}, {Timeout, Late}, {Tick, 0},
	}
}

// harms returns the plan's faults. The name of a healing alone says nothing.
func (p Plan) harms() ([]harm, error) {
	var harms []harm
	for _, name := range p.Faults {
		known := false
		for _, h := range allHarms() {
			if h.verb.String() == name {
				harms, known = append(harms, h), true
			}
			known = known || h.healing != 0 && h.healing.String() == name
		}
		if !known {
			names := HarmNames()
			return nil, fmt.Errorf("unknown fault %q: did you mean %s? (there are %s)", name, nearest.Word(name, names), strings.Join(names, ", "))
		}
	}
	return harms, nil
}

// HarmNames are the faults that a plan may name.
func HarmNames() []string {
	var names []string
	for _, h := range allHarms() {
		names = append(names, h.verb.String())
	}
	return names
}
