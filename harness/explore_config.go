package harness

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jepsen-lite/jepsen-lite/schedule"
	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/workloads"
)

// ExploreConfig says what to explore, and where. Get one from [DefaultExplore]
// and change it.
type ExploreConfig struct {
	Plan schedule.Plan
	// Target is sim, process or auto.
	Target string
	// RedisServer is the binary of process; empty: the one that is found.
	RedisServer string
	Store       string
	// Exhaustive visits every interleaving within the plan's bounds.
	Exhaustive bool
}

// DefaultExplore returns an exploration that shows something in seconds.
func DefaultExplore() ExploreConfig {
	return ExploreConfig{
		Plan: schedule.Plan{
			Workload: schedule.Workload{Name: "register", Options: workloads.Options{TTL: 300 * time.Millisecond, Hold: 10 * time.Millisecond, Stock: 2}},
			Target:   schedule.Target{Persistence: target.AOFAlways},
			Clients:  3, Ops: 4, Keys: 1,
			Faults: []string{"kill", "timeout", "tick"}, MaxFaults: 2,
			Strategy: schedule.Both, Schedules: 10_000,
			ShrinkLimit: time.Minute,
		},
		Target: simTarget,
		Store:  "store",
	}
}

// Validate returns a *[UsageError] naming the first of the command's flags that
// is wrong, or nil. What the plan itself says is for [Explore] to find out.
func (c ExploreConfig) Validate() error {
	p := c.Plan
	for _, f := range []struct {
		flag  string
		value int
	}{{"clients", p.Clients}, {"ops", p.Ops}, {"keys", p.Keys}, {"checks", p.Schedules}} {
		if f.value < 1 {
			return &UsageError{fmt.Errorf("--%s must be at least 1", f.flag)}
		}
	}
	for _, d := range p.Ticks {
		if d <= 0 {
			return &UsageError{errors.New("--tick must be longer than 0s")}
		}
	}
	switch {
	case p.Workers < 0:
		return &UsageError{errors.New("--workers must not be negative (0 means one for each processor)")}
	case p.MaxFaults < 0:
		return &UsageError{errors.New("--max-faults must not be negative (0 means none)")}
	case p.TimeLimit < 0:
		return &UsageError{errors.New("--time-limit must not be negative (0s means until all schedules are tried)")}
	case p.ShrinkLimit <= 0:
		return &UsageError{errors.New("--shrink-limit must be longer than 0s")}
	case p.Workload.TTL < time.Millisecond:
		return &UsageError{errors.New("--ttl must be at least 1ms")}
	case p.Workload.Stock < 1:
		return &UsageError{errors.New("--stock must be at least 1")}
	}
	return nil
}

// Command returns the command that repeats the exploration.
func (c ExploreConfig) Command() string {
	d, p := DefaultExplore(), c.Plan
	words := []string{"jepsen-lite explore --workload " + p.Workload.Name}
	flag := func(name string, differs bool, value any) {
		if differs {
			words = append(words, fmt.Sprintf("--%s %s", name, quote(fmt.Sprint(value))))
		}
	}
	faults := "none"
	if len(p.Faults) > 0 {
		faults = strings.Join(p.Faults, ",")
	}
	flag("target", c.Target != d.Target, c.Target)
	flag("redis-server", c.RedisServer != "", c.RedisServer)
	flag("persistence", p.Target.Persistence != d.Plan.Target.Persistence, p.Target.Persistence)
	flag("replicas", p.Target.Replicas != 0, p.Target.Replicas)
	flag("faults", !slices.Equal(p.Faults, d.Plan.Faults), faults)
	flag("max-faults", p.MaxFaults != d.Plan.MaxFaults, p.MaxFaults)
	flag("clients", p.Clients != d.Plan.Clients, p.Clients)
	flag("ops", p.Ops != d.Plan.Ops, p.Ops)
	flag("keys", p.Keys != d.Plan.Keys, p.Keys)
	flag("checks", p.Schedules != d.Plan.Schedules, p.Schedules)
	for _, name := range p.Checks {
		flag("check", true, name)
	}
	if c.Exhaustive {
		words = append(words, "--exhaustive")
	}
	flag("strategy", p.Strategy != d.Plan.Strategy, p.Strategy)
	for _, tick := range p.Ticks {
		flag("tick", true, tick)
	}
	flag("time-limit", p.TimeLimit != 0, p.TimeLimit)
	flag("shrink-limit", p.ShrinkLimit != d.Plan.ShrinkLimit, p.ShrinkLimit)
	flag("ttl", p.Workload.TTL != d.Plan.Workload.TTL, p.Workload.TTL)
	flag("stock", p.Workload.Stock != d.Plan.Workload.Stock, p.Workload.Stock)
	flag("store", c.Store != d.Store, c.Store)
	flag("seed", true, p.Seed)
	return strings.Join(words, " ")
}
