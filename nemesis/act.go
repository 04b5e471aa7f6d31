package nemesis

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jepsen-lite/jepsen-lite/target"
)

// Limits of one injection and one healing, and of what a fault does before the
// clients set to work. They are long because a server may have to save or load much
// data; before the run that may be one server after the other.
const (
	injectLimit = time.Minute
	healLimit   = 2 * time.Minute
	beginLimit  = 5 * time.Minute
)

// Begin lets faults do what they need before the clients set to work. Call it
// once, before Run. The error is the journal's; what goes wrong is recorded.
func (n *Nemesis) Begin() (err error) {
	for _, f := range n.tracks {
		for _, c := range f.charges {
			if first, ok := c.fault.(beginner); ok {
				_, noteErr := n.prepare(c, beginLimit, first.Begin)
				err = errors.Join(err, noteErr)
			}
		}
	}
	return err
}

// perform injects a fault, lets it last and heals it.
func (n *Nemesis) perform(ctx context.Context, c *charge, last time.Duration) error {
	if p, ok := c.fault.(preparer); ok {
		took, err := n.prepareInTurn(ctx, c, p)
		if err != nil || !took || !n.env.Clock.Sleep(ctx, last) {
			return err
		}
	}
	if err := n.inject(ctx, c); err != nil {
		return err
	}
	if c.kind.Healing != "" {
		n.env.Clock.Sleep(ctx, last)
	}
	n.turn.take()
	defer n.turn.give()
	return n.heal(c, false)
}

func (n *Nemesis) prepareInTurn(ctx context.Context, c *charge, p preparer) (took bool, err error) {
	n.turn.take()
	defer n.turn.give()
	if ctx.Err() != nil {
		return false, nil
	}
	return n.prepare(c, injectLimit, p.Prepare)
}

// prepare does what comes before an injection. The error is the journal's.
func (n *Nemesis) prepare(c *charge, limit time.Duration, do func(context.Context) (Effect, error)) (took bool, err error) {
	e := n.act(c, limit, do)
	e.prepares = c.kind.Name
	return e.Took && e.err == nil, n.journal.Note(c.kind.Preparing, e.value())
}

// inject injects a fault, unless the run has ended while others had the turn.
func (n *Nemesis) inject(ctx context.Context, c *charge) error {
	n.turn.take()
	defer n.turn.give()
	if ctx.Err() != nil {
		return nil
	}
	n.remember(c)
	n.show(c, c.kind.Name)
	c.began = n.env.Clock.Now()
	e := n.act(c, injectLimit, c.fault.Inject)
	if e.Took {
		c.lasts = c.kind.Healing != ""
		n.count(c)
	}
	n.show(c, strings.TrimSpace(c.kind.Name+" "+strings.Join(e.Where, ",")))
	return n.journal.Note(c.kind.Name, e.value())
}

// count counts a fault that took effect.
func (n *Nemesis) count(c *charge) {
	if c.kind.IsFault() {
		n.took.Add(1)
	}
}

// noteLate records a fault again that took effect after its injection.
func (n *Nemesis) noteLate(c *charge, healing event) error {
	n.count(c)
	return n.journal.Note(c.kind.Name, event{
		Effect: Effect{Where: healing.Where, Took: true}, kind: c.kind, call: c.call, took: n.env.Clock.Now() - c.began,
	}.value())
}

// remember puts the fault last among those that were injected. It does so before
// the injection: one that panics may have done its harm.
func (n *Nemesis) remember(c *charge) {
	if i := slices.Index(n.injected, c); i >= 0 {
		n.injected = slices.Delete(n.injected, i, i+1)
	}
	n.injected = append(n.injected, c)
}

// heal heals a fault. What cannot be healed while other faults last is no error
// unless strict: it is tried again once one of those is healed.
func (n *Nemesis) heal(c *charge, strict bool) error {
	defer n.show(c, "")
	e := n.act(c, healLimit, c.fault.Heal)
	e.heals = c.kind.Name
	healing := c.kind.Healing
	if healing == "" {
		healing = c.kind.Name // a restart that stopped in the middle
	}
	if e.err != nil {
		e.err = fmt.Errorf("heal %s: %w", c.kind.Name, e.err)
	}
	var noteErr error
	if e.Late {
		noteErr = n.noteLate(c, e)
	}
	if e.Took || e.err != nil {
		noteErr = errors.Join(noteErr, n.journal.Note(healing, e.value()))
	}
	c.owed = e.err != nil && !strict && n.lastsBeside(c)
	if c.owed || noteErr != nil {
		return noteErr
	}
	if e.err != nil {
		return e.err
	}
	c.lasts = false
	return n.healOwed(false)
}

// lastsBeside tells whether another fault lasts.
func (n *Nemesis) lastsBeside(c *charge) bool {
	return slices.ContainsFunc(n.injected, func(other *charge) bool { return other != c && other.lasts })
}

// healOwed heals what could not be healed before.
func (n *Nemesis) healOwed(strict bool) (err error) {
	for _, c := range slices.Clone(n.injected) {
		if c.owed {
			c.owed = false
			err = errors.Join(err, n.heal(c, strict))
		}
	}
	return err
}

// act lets a fault do something within a limit.
//
// Why not the run's context: a shutdown cut off in the middle by the run's end
// would be another fault than the one recorded, and healing must happen.
func (n *Nemesis) act(c *charge, limit time.Duration, do func(context.Context) (Effect, error)) event {
	ctx, cancel := target.WithTimeout(context.Background(), n.env.Clock, limit)
	defer cancel()
	began := n.env.Clock.Now()
	effect, err := do(ctx)
	return event{Effect: effect, kind: c.kind, call: c.call, took: n.env.Clock.Now() - began, err: err}
}

// HealAll heals every fault, the last one first, and then starts whatever server
// is still down. Run has done so when it returns.
func (n *Nemesis) HealAll() (err error) {
	defer func() {
		if err == nil {
			err = n.startAll()
		}
	}()
	last := slices.Clone(n.injected)
	slices.Reverse(last)
	return errors.Join(n.healEach(last), n.healOwed(true))
}

// healEach heals each of the faults, also if the healing of another one panics.
func (n *Nemesis) healEach(faults []*charge) (err error) {
	if len(faults) == 0 {
		return nil
	}
	defer func() { err = errors.Join(err, n.healEach(faults[1:])) }()
	return n.heal(faults[0], false)
}

// Exited is what the start of a server heals that no fault had ended.
const Exited = "exit"

// startAll starts what is down although every fault is healed: servers that ended
// by themselves.
func (n *Nemesis) startAll() error {
	for _, node := range n.env.Target.Nodes() {
		if node.Running() {
			continue
		}
		e := n.act(&charge{}, healLimit, func(ctx context.Context) (Effect, error) {
			return each([]target.Node{node}, func(node target.Node) (bool, error) { return node.Start(ctx) })
		})
		e.heals = Exited
		if err := errors.Join(e.err, n.journal.Note("start", e.value())); err != nil {
			return err
		}
	}
	return nil
}
