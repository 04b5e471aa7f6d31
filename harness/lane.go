package harness

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/workloads"
)

// lane is one client: operations one after another, by one process until an
// outcome is unknown, then by the next.
type lane struct {
	run       *run
	number    int
	gate      gate
	rand      *rand.Rand
	chance    *rand.Rand // of its clients, one after another
	generator workloads.Generator
	worker    *workloads.Worker
	helpers   helpers
	spawned   int           // helpers so far
	due       time.Duration // when the next operation may begin
}

func (r *run) newLane(number int) *lane {
	rng := r.config.rand(laneStream + uint64(number))
	l := &lane{run: r, number: number, gate: r.world.gate(), rand: rng, chance: r.config.rand(clientStream + uint64(number))}
	l.generator = r.instance.Generator(workloads.Lane{Number: number, Of: r.config.Concurrency, Keys: r.keys, Rand: rng})
	l.worker = workloads.NewWorker(r.recorder, history.Process(number), history.Process(r.config.Concurrency), l.connect)
	return l
}

// connect makes the client of a new process, with a connection of its own.
func (l *lane) connect() (workloads.Env, workloads.Client) {
	env := l.environment()
	env.Rand, env.Spawn, env.End = l.chance, l.spawn, l.endHelpers
	return env, l.run.instance.Client(env)
}

// environment makes what a client, or a helper of it, works with.
func (l *lane) environment() workloads.Env {
	access, timeout := l.run.world.route(l.number)
	options := workloads.ConnOptions{Timeout: timeout, Gate: l.gate.pass, Acks: l.run.config.Wait}
	// The braces keep what clients derive from a key in the slot of that key
	// (cluster-spec, hash tags).
	env := workloads.Env{
		Conn: workloads.Connect(access, options), Prefix: l.run.world.prefix() + "{", Suffix: "}", Clock: l.run.world,
	}
	if l.run.config.Reads == readReplicas {
		options.Replica = true
		env.Reads = workloads.Connect(access, options)
	}
	return env
}

// ownPrefix comes before every key on servers that have no other keys.
const ownPrefix = "jl:"

// work performs operations until ctx ends. An error means that the history can
// no longer be written.
func (l *lane) work(ctx context.Context) error {
	l.due = l.run.world.Now() + l.pace() // lanes do not start in step
	for ctx.Err() == nil {
		op := l.generator.Next()
		if !l.run.world.Sleep(ctx, l.untilTurn(op, l.run.world.Now())) {
			return nil
		}
		l.gate.pass()
		outcome, result, err := l.worker.Perform(op)
		if err != nil {
			return err
		}
		l.generator.Done(op, outcome, result)
		if outcome != history.Fail {
			l.run.keys.Used(op.Key)
		} else if result.IsAbsent() {
			l.run.world.Sleep(ctx, refusedRest) // nobody answers, or not yet: no use hurrying
		}
	}
	return nil
}

// untilTurn returns how long the lane has to wait before the operation. Each
// operation puts off the turn of the next; one that follows does not wait for
// its own.
func (l *lane) untilTurn(op workloads.Op, now time.Duration) time.Duration {
	wait := op.Think
	if !op.Follows {
		wait += max(0, l.due-now)
	}
	l.due = max(l.due, now+wait) + l.pace()
	return wait
}

// refusedRest is how long a client waits after an operation was refused.
const refusedRest = 10 * time.Millisecond

// pace returns the time until the lane's next operation, so that all lanes
// together come to the rate asked for.
func (l *lane) pace() time.Duration {
	c := l.run.config
	if c.Rate == 0 {
		return 0
	}
	mean := float64(c.Concurrency) / c.Rate * float64(time.Second)
	return time.Duration(mean * (0.5 + l.rand.Float64()))
}
