package schedule

import (
	"time"

	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/held"
	"github.com/jepsen-lite/jepsen-lite/target/sim"
)

// Simulated returns a world of simulated servers in virtual time. The same
// schedule gives the same history there.
func Simulated() World { return &simulated{} }

type simulated struct {
	server *sim.Server
	paused bool
	slow   bool
	killed string // by which fault
}

// beat is how long a step takes.
const beat = time.Microsecond

func (w *simulated) Name() string { return "sim" }

func (w *simulated) Can(v Verb) error {
	switch v {
	case Replicate, Failover, Partition, Heal:
		return ErrCannot
	}
	return nil
}

func (w *simulated) Reset(t Target) error {
	p, err := target.ParsePersistence(t.Persistence)
	if err != nil {
		return err
	}
	if w.server == nil {
		w.server = sim.NewServer(p)
	}
	w.server.Reset(p)
	*w = simulated{server: w.server}
	_, err = w.server.Start()
	return err
}

func (w *simulated) Now() time.Duration { return w.server.Now() }

func (w *simulated) Beat() { w.server.Advance(beat) }

func (w *simulated) Pass(d time.Duration) error {
	w.server.Advance(d)
	return nil
}

func (w *simulated) Dial(replica bool, hook held.Hook) (*held.Conn, error) {
	return w.server.Dial(hook)
}

func (w *simulated) Frozen() bool { return w.paused }

func (w *simulated) Stands(*held.Conn) bool { return w.paused }

func (w *simulated) Do(step Step) (Effect, error) {
	e := Effect{Node: "n1"}
	running := w.server.Running()
	down := func(did bool) (Effect, error) {
		if e.Took = did; did {
			w.killed, w.paused = step.Verb.String(), false
		} else {
			e.Why = "the server is down"
		}
		return e, nil
	}
	switch step.Verb {
	case Kill:
		return down(w.server.Kill())
	case PowerLoss:
		if running {
			w.server.PowerLoss()
		}
		return down(running)
	case Start:
		e.Why = "the server runs"
		if running {
			return e, nil
		}
		e.Took, e.Heals = true, w.killed
		_, err := w.server.Start()
		return e, err
	}
	if !running {
		e.Why = "the server is down"
		return e, nil
	}
	return w.doRunning(step, e)
}

// doRunning does what needs a server that runs.
func (w *simulated) doRunning(step Step, e Effect) (Effect, error) {
	e.Took = true
	switch step.Verb {
	case Pause:
		e.Took, e.Why = !w.paused, "the server is paused already"
		w.paused = true
		return e, nil
	case Resume:
		e.Took, e.Why, e.Heals = w.paused, "the server is not paused", "pause"
		w.paused = false
		return e, nil
	case FastFsync:
		e.Took, e.Why, e.Heals = w.slow, "the disk is fast", "slow-fsync"
		w.slow = false
		w.server.Busy(false)
		return e, nil
	}
	if w.paused {
		e.Took, e.Why = false, "the server is paused"
		return e, nil
	}
	switch step.Verb {
	case Restart:
		w.server.Stop()
		_, err := w.server.Start()
		return e, err
	case BGSave:
		w.server.Save()
	case BGRewriteAOF:
		if e.Took = w.server.Rewrite(); !e.Took {
			e.Why = "there is no append-only file"
		}
	case Fsync:
		w.server.Sync()
	case SlowFsync:
		e.Took, e.Why = !w.slow, "the disk is slow already"
		w.slow = true
		w.server.Busy(true)
	default:
		return e, ErrCannot
	}
	return e, nil
}

func (w *simulated) Heal() error {
	w.paused = false
	if w.slow {
		w.server.Busy(false)
	}
	_, err := w.server.Start()
	return err
}

func (w *simulated) Close() error {
	if w.server != nil {
		w.server.Close()
		w.server = nil
	}
	return nil
}
