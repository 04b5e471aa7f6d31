package jepsenlite

import (
	"context"
	"fmt"
	"maps"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/schedule"
	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/workloads"
)

// Spec says what your clients do, what they promise, and what may go wrong. Zero
// values mean the default.
type Spec struct {
	// Client makes the client of one process, which lives until the outcome of an
	// operation is unknown: its operations by name. Clients may share nothing but
	// Redis: several schedules are performed at a time. A panic fails the test;
	// FailNow of the test is not for clients to call, an error is theirs.
	Client func(*Client) map[string]Func
	// Operations are what schedules are made of.
	Operations []Operation
	// Model is the promise: mutex, fifo-queue, counter, …; see jepsen-lite list.
	Model string
	// Checks are further promises, such as "delivery".
	Checks []string
	// Final names the operation that reads each key in the end; with Drain it is
	// repeated until its result is nil.
	Final string
	Drain bool
	// Faults may happen: kill, pause, restart, timeout, tick, …; nil: kill, timeout
	// and tick.
	Faults []string
	// Ticks are the times that a tick may take: one second.
	Ticks []time.Duration
	// Persistence is a preset's name: aof-always.
	Persistence string
	// Replicas is how many servers follow the primary.
	Replicas int
	// Clients is how many there are: 3. Ops is how many operations each has at
	// most: 4. Keys is how many keys they use: 1.
	Clients, Ops, Keys int
	// Schedules is how many are tried: 2,000.
	Schedules int
	// Seed decides every random choice: 1.
	Seed uint64
	// Real: a real redis-server on this machine, instead of a simulated one.
	Real bool
}

// Func performs an operation. arg and result are nil, a bool, an int64, a string,
// or what encoding/json makes of anything else. An error of the server or the
// network is for the test to classify; [Refused] says that nothing was done.
type Func func(ctx context.Context, key string, arg any) (result any, err error)

// Refused is the error of an operation that certainly did nothing, because the
// state did not allow it. The word says why: not-held.
func Refused(word string) error { return &workloads.Refusal{Word: word} }

// Client is what your code has to work with. It is used by one goroutine.
type Client struct {
	// Redis never retries, and must not be replaced by another client.
	Redis *redis.Client
	// Replica reads from a replica; nil without one.
	Replica *redis.Client
	env     workloads.Env
}

// Now is the time since the test began.
func (c *Client) Now() time.Duration { return c.env.Clock.Now() }

// Sleep waits. How late it gets is for the schedule to say.
func (c *Client) Sleep(ctx context.Context, d time.Duration) { c.env.Clock.Sleep(ctx, d) }

// IntN returns a number below n.
func (c *Client) IntN(n int) int { return c.env.Rand.IntN(n) }

// Operation is one of the things that clients do.
type Operation struct {
	// Name is what the model calls it: acquire, enqueue, read.
	Name string
	// Arg is what it is about.
	Arg Arg
	// Weight is how often it happens, compared with others; zero: 1.
	Weight int
}

// Arg says what an operation is about.
type Arg uint8

const (
	// Nothing: nil.
	Nothing Arg = iota
	// Number: an int64 that no other operation has.
	Number
	// One: the int64 1.
	One
	// Token: a string that no other operation has.
	Token
	// Held: what this client's last acquire of the key returned. Without one the
	// operation is left out.
	Held
)

// explorer returns what explores the spec, and what will know if it is misused.
func (s Spec) explorer() (schedule.Explorer, *misuse, error) {
	if s.Client == nil || len(s.Operations) == 0 {
		return schedule.Explorer{}, nil, errNoClient
	}
	wrong := &misuse{}
	x := schedule.Explorer{
		Workload: s.workload(wrong),
		Plan: schedule.Plan{
			Workload: schedule.Workload{Name: workloadName}, Target: schedule.Target{Persistence: s.Persistence, Replicas: s.Replicas},
			Clients: s.Clients, Ops: s.Ops, Keys: s.Keys, Faults: s.Faults, Ticks: s.Ticks, Schedules: s.Schedules, Seed: s.Seed,
			Workers: runtime.GOMAXPROCS(0),
		},
		NewWorld: func() (schedule.World, error) { return schedule.Simulated(), nil },
	}
	if x.Plan.Target.Persistence == "" {
		x.Plan.Target.Persistence = target.AOFAlways
	}
	if x.Plan.Schedules == 0 {
		x.Plan.Schedules = 2000
	}
	if s.Faults == nil {
		x.Plan.Faults = []string{"kill", "timeout", "tick"}
	}
	if s.Real {
		x.Plan.Workers, x.NewWorld = 1, newRealWorld
	}
	return x, wrong, nil
}

// workloadName stands in schedules of a spec.
const workloadName = "yours"

func newRealWorld() (schedule.World, error) {
	folder, err := schedule.Scratch()
	if err != nil {
		return nil, err
	}
	return realWorld{schedule.Process("", folder), folder}, nil
}

// realWorld removes the servers' files in the end.
type realWorld struct {
	schedule.World
	folder string
}

func (w realWorld) Close() error {
	err := w.World.Close()
	_ = os.RemoveAll(w.folder)
	return err
}

// only finds the spec's workload.
func (s Spec) only(w workloads.Workload) schedule.Finder {
	return func(name string) (workloads.Workload, error) {
		if name != workloadName {
			return w, fmt.Errorf("the schedule is of the workload %q, not of a test", name)
		}
		return w, nil
	}
}

func (s Spec) workload(wrong *misuse) workloads.Workload {
	checks := s.Checks
	if s.Model != "" {
		checks = append([]string{"linearizable(" + s.Model + ")"}, checks...)
	}
	return workloads.Workload{
		Name:   workloadName,
		Checks: func(workloads.Options) []string { return checks },
		New: func(workloads.Options) workloads.Instance {
			i := workloads.Instance{
				Generator: s.generator, Drain: s.Drain,
				Client: func(env workloads.Env) workloads.Client { return newClient(s, env, wrong) },
			}
			if s.Final != "" {
				i.Final = workloads.Op{F: s.Final, Value: history.NullValue}
			}
			for _, op := range s.Operations {
				if op.Arg == Held {
					i.Script = workloads.LockScript
				}
			}
			return i
		},
	}
}

func (s Spec) generator(lane workloads.Lane) workloads.Generator {
	var choices []workloads.Choice
	fresh := workloads.FreshValues(lane)
	for _, op := range s.Operations {
		choices = append(choices, workloads.Choice{Weight: max(1, op.Weight), Op: func() workloads.Op {
			o := workloads.Op{F: op.Name, Value: history.NullValue}
			switch op.Arg {
			case Number:
				o.Value = fresh()
			case One:
				o.Value = history.Int(1)
			case Token:
				o.Value = history.Str("t" + fresh().String())
			case Held:
				o.Value = history.Value{}
			}
			return o
		}})
	}
	return workloads.Mix(lane, choices...)
}

// client performs the user's functions.
type client struct {
	funcs map[string]Func
	wrong *misuse
}

func newClient(s Spec, env workloads.Env, wrong *misuse) workloads.Client {
	c := &Client{Redis: single(env.Conn), env: env}
	if env.Replica != nil {
		c.Replica = single(env.Replica)
	}
	return client{s.Client(c), wrong}
}

// single returns the client of a schedule's connection: there is one server.
func single(c *workloads.Conn) *redis.Client { return c.Redis.(*redis.Client) }

func (c client) Do(ctx context.Context, op workloads.Op) (history.Value, error) {
	do := c.funcs[op.F]
	if do == nil {
		names := slices.Sorted(maps.Keys(c.funcs))
		return history.Value{}, c.wrong.say("there is no operation %q among those that Client returns: they are %s", op.F, strings.Join(names, ", "))
	}
	result, err := do(ctx, op.Key, toAny(op.Value))
	if err != nil {
		return history.Value{}, err
	}
	value, err := history.JSON(result)
	if err != nil {
		return value, c.wrong.say("the result of %s cannot be recorded: %w", op.F, err)
	}
	return value, nil
}

// toAny returns a value as the user's functions see it.
func toAny(v history.Value) any {
	if n, ok := v.Int(); ok {
		return n
	}
	if text, ok := v.Text(); ok {
		return text
	}
	switch {
	case v.IsAbsent(), v.IsNull():
		return nil
	case v.Kind() == history.Boolean:
		return !v.IsFalse()
	}
	return v
}
