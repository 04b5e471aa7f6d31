package workloads

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/nearest"
	"github.com/jepsen-lite/jepsen-lite/target"
)

// Workload is an entry of the table of workloads.
type Workload struct {
	Name  string
	About string
	// Checks names the checks that judge a history of it.
	Checks func(Options) []string
	// New makes what the clients of one run share.
	New func(Options) Instance
}

// Options are what a user can choose about workloads.
type Options struct {
	// TTL is the time to live of locks.
	TTL time.Duration
	// Hold is the longest time a client keeps a lock before it begins to release
	// it; the actual times are spread evenly from 0.
	Hold time.Duration
	// Stock is what each article of an inventory starts with.
	Stock int64
}

// Instance is a workload in one run.
type Instance struct {
	// Generator makes the generator of a lane; it lives as long as the run.
	Generator func(Lane) Generator
	// Client makes the client of a process; a new process gets a new one.
	Client func(Env) Client
	// Script makes the script of a lane in a schedule; nil: operations are
	// performed as they stand there.
	Script func() Script
	// Shared: clients share something outside Redis.
	Shared bool
	// Final is the operation that reads an object for the last time, once
	// everything has healed. Its F is empty if the workload has none.
	Final Op
	// Drain: Final is repeated until its result is null.
	Drain bool
}

// Op is an operation to perform.
type Op struct {
	F     string
	Key   string
	Value history.Value
	// Think is how long the client thinks before it begins.
	Think time.Duration
	// Follows: it goes on from the operation before, so that the rate at which
	// clients work does not hold it back. A lock would be kept too long.
	Follows bool
	// Final: the last read of its key. It goes where writes go, even if others go to
	// replicas, and the history says that it is final.
	Final bool
}

// Lane is one of the run's concurrent sequences of operations. Its processes
// change when an outcome is unknown; the lane goes on.
type Lane struct {
	Number, Of int
	Keys       *Keys
	Rand       *rand.Rand
}

// Generator chooses a lane's operations. It is used by one goroutine.
type Generator interface {
	// Next returns the next operation.
	Next() Op
	// Done tells how the last operation ended.
	Done(op Op, outcome history.Type, result history.Value)
}

// Env is what a client works with.
type Env struct {
	Conn *Conn
	// Replica is a connection to a replica, for clients that read there; nil
	// where there is none.
	Replica *Conn
	// Reads is a connection for what only reads, which may then be late; nil: Conn.
	Reads *Conn
	// Prefix comes before every key in Redis, and Suffix after it.
	Prefix, Suffix string
	// Clock is the only time a client may look at.
	Clock target.Clock
	// Rand is the only chance it may take.
	Rand *rand.Rand
	// Spawn starts a helper: something that the client does besides, the renewal of
	// a lock, say. The helper gets an environment of its own, with a connection of
	// its own, and spawns nothing itself. Stop asks it to end: its Clock.Sleep then
	// reports false. It is stopped when the client's process ends, at the latest.
	Spawn func(helper func(ctx context.Context, env Env)) (stop func())
	// End, if not nil, is called when the client's process ends.
	End func()
}

// Key returns the key in Redis of what the operation is about.
func (e Env) Key(op Op) string { return e.Prefix + op.Key + e.Suffix }

// Close closes the connections.
func (e Env) Close() {
	e.Conn.Close()
	for _, c := range []*Conn{e.Replica, e.Reads} {
		if c != nil {
			c.Close()
		}
	}
}

// Reader returns the client for an operation that only reads.
func (e Env) Reader(op Op) redis.Cmdable {
	if e.Reads == nil || op.Final {
		return e.Conn.Redis
	}
	return e.Reads.Redis
}

// Client performs operations for one process, one at a time.
type Client interface {
	// Do performs the operation and returns its result. What an error means is
	// for [Conn.Outcome] to say; a *[Refusal] is a definite failure.
	Do(ctx context.Context, op Op) (history.Value, error)
}

// Refusal is the error of an operation that certainly had no effect because the
// object's state did not allow it.
type Refusal struct {
	Word string
	// Value is what the refusal says about the state, if anything.
	Value history.Value
}

func (r *Refusal) Error() string { return r.Word }

// Saw returns what an error says about the object's state: something only if it
// is a *[Refusal].
func Saw(err error) history.Value {
	var refusal *Refusal
	if errors.As(err, &refusal) {
		return refusal.Value
	}
	return history.Value{}
}

// All returns the table of all workloads.
func All() []Workload {
	return []Workload{
		register(), counter(), inventory(), lock(), lockNaive(), lockFenced(), queue(), set(),
	}
}

// Find returns the workload of that name. The error names the nearest one.
func Find(name string) (Workload, error) {
	var names []string
	for _, w := range All() {
		if w.Name == name {
			return w, nil
		}
		names = append(names, w.Name)
	}
	return Workload{}, fmt.Errorf("unknown workload %q: did you mean %s? (there are %s)",
		name, nearest.Word(name, names), strings.Join(names, ", "))
}

// values gives a lane values that no other lane has.
type values struct {
	lane Lane
	next int64
}

func (v *values) fresh() history.Value {
	v.next++
	return history.Int((v.next-1)*int64(v.lane.Of) + int64(v.lane.Number) + 1)
}
