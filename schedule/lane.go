package schedule

import (
	"context"
	"errors"
	"math/rand/v2"
	"net"
	"os"
	"runtime"
	"time"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/target/held"
	"github.com/jepsen-lite/jepsen-lite/workloads"
)

// point is where a lane stands.
type point uint8

const (
	// resting: between two operations.
	resting point = iota
	// dialing: the server that it connects to is frozen.
	dialing
	// ready: its request is under way.
	ready
	// executed: the reply is under way.
	executed
	// asleep: it waits for a time.
	asleep
	// finished: it has no more operations.
	finished
)

// order tells a lane that stands how to go on.
type order uint8

const (
	goOn order = iota
	// giveUp: wait no longer.
	giveUp
	// abandon: the schedule is over.
	abandon
)

// lane is a client in a schedule.
type lane struct {
	machine *machine
	number  int
	helper  int                                  // of the client of that number; 0: it is the client
	body    func(context.Context, workloads.Env) // what a helper does
	stopped bool                                 // a helper that is to end
	spawned []*lane                              // the helpers of the present process
	ops     []Op
	script  workloads.Script
	// rand lasts longer than a process: the next one takes other chances.
	rand *rand.Rand

	next      int // of ops
	at        point
	due       time.Duration // when it wakes, if asleep
	orders    chan order    // nil: it has not begun
	toReplica bool          // it dials a replica, if dialing
	// through: it goes on without standing anywhere.
	through   bool
	abandoned bool
	returned  bool // run came to its end

	conn    *held.Conn // it stands at a request of this one
	command []string   // that request
	worker  *workloads.Worker
	conns   []*held.Conn // all of them
	late    []*held.Conn // with requests that were given up
}

// stand lets the others go on, until an order comes.
func (l *lane) stand(at point) order {
	if l.through {
		return goOn
	}
	if l.abandoned {
		return abandon
	}
	l.at = at
	l.machine.stood <- struct{}{}
	o := <-l.orders
	l.abandoned = o == abandon
	return o
}

// errAbandoned ends whatever a lane does when the schedule is over.
var errAbandoned = errors.New("the schedule is over")

// run performs the lane's operations.
func (l *lane) run() {
	defer func() {
		l.at = finished
		l.machine.stood <- struct{}{}
	}()
	defer l.catch()
	if l.body != nil {
		l.help()
		l.returned = true
		return
	}
	if l.worker == nil {
		l.open()
	}
	for {
		if op, possible := l.take(); possible {
			l.perform(op)
		}
		if l.next == len(l.ops) || l.stand(resting) == abandon {
			l.returned = true
			return
		}
	}
}

// take returns the next operation, or false if it makes no sense now.
func (l *lane) take() (workloads.Op, bool) {
	op := l.ops[l.next]
	l.next++
	return l.script.Next(workloads.Op{F: op.F, Key: op.Key, Value: op.Value})
}

func (l *lane) perform(op workloads.Op) {
	outcome, result, _ := l.worker.Perform(op) // a tape takes everything
	l.script.Done(op, outcome, result)
}

// open makes the lane's first process.
func (l *lane) open() {
	l.rand = rand.New(rand.NewPCG(l.machine.schedule.Seed, uint64(l.number)))
	stride := history.Process(len(l.machine.schedule.Clients) + 1) // one is for the final reads
	l.worker = workloads.NewWorker(l, history.Process(l.number), stride, l.connect)
}

// keyPrefix comes before every key in Redis.
const keyPrefix = "jl:"

// forever is the timeout of clients that give up when they are told to.
const forever = 24 * time.Hour

// connect makes the environment and the client of a new process.
func (l *lane) connect() (workloads.Env, workloads.Client) {
	env := l.environment()
	env.Spawn, env.End = l.spawn, l.stopHelpers
	return env, l.machine.instance.Client(env)
}

// environment makes what a client, or a helper, works with.
func (l *lane) environment() workloads.Env {
	env := workloads.Env{
		Conn:   workloads.NewConn(l.dial(false), forever, l.pass),
		Prefix: keyPrefix,
		Clock:  l,
		Rand:   l.rand,
	}
	if l.machine.schedule.Target.Replicas > 0 {
		env.Replica = workloads.NewConn(l.dial(true), forever, l.pass)
	}
	return env
}

// pass ends a lane whose schedule is over before it does anything more.
func (l *lane) pass() {
	if l.abandoned {
		runtime.Goexit()
	}
}

func (l *lane) dial(replica bool) workloads.Dialer {
	return func(context.Context) (net.Conn, error) {
		for l.machine.world.Frozen(replica) {
			l.toReplica = replica
			if err := l.verdict(l.stand(dialing)); err != nil {
				return nil, err
			}
		}
		var c *held.Conn
		c, err := l.machine.world.Dial(replica, func(moment held.Moment) error { return l.hold(c, moment) })
		if err != nil {
			return nil, err
		}
		l.conns = append(l.conns, c)
		return c, nil
	}
}

// hold stands at a moment of a request.
func (l *lane) hold(c *held.Conn, moment held.Moment) error {
	l.conn = c
	at := ready
	if moment == held.Executed {
		at = executed
		l.machine.trace.executed(l.machine, l)
		l.machine.memory.executed(l)
	} else {
		l.command = c.Pending()
		l.machine.trace.ready(l.machine, l)
	}
	err := l.verdict(l.stand(at))
	switch {
	case err != nil && at == ready && !l.abandoned:
		l.late = append(l.late, c)
	case err == nil && at == executed:
		l.machine.memory.saw(l, string(c.Reply()))
	}
	return err
}

// verdict turns an order into what a client's socket says.
func (l *lane) verdict(o order) error {
	switch o {
	case giveUp:
		return os.ErrDeadlineExceeded
	case abandon:
		return errAbandoned
	}
	return nil
}

// Invoke, Complete: what a lane records, until the schedule is over.
func (l *lane) Invoke(p history.Process, f, key string, v history.Value, final bool) error {
	op := Op{f, key, v}
	l.machine.trace.invoke(l.machine, l, op)
	l.machine.memory.invoke(l, op)
	return l.machine.tape.Invoke(p, f, key, v, final)
}

// Complete records how an operation ended.
func (l *lane) Complete(p history.Process, t history.Type, f, key string, v history.Value, reason string) error {
	if l.abandoned {
		return nil
	}
	l.machine.trace.complete(l.machine, l, t, v, reason)
	l.machine.memory.complete(l, t, v, reason)
	return l.machine.tape.Complete(p, t, f, key, v, reason)
}

// Now is the time as the client sees it.
func (l *lane) Now() time.Duration { return l.machine.world.Now() }

// Sleep stands until a time has come. The schedule decides how late it gets.
func (l *lane) Sleep(ctx context.Context, d time.Duration) bool {
	l.pass()
	if l.stopped {
		return false
	}
	l.machine.trace.sleep(l.machine, l, d)
	l.due = l.machine.world.Now() + d
	switch l.stand(asleep) {
	case abandon:
		runtime.Goexit()
	}
	return ctx.Err() == nil && !l.stopped
}
