package nemesis

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/process/processtest"
)

// wild is a fault that does what it should, and then what it should not.
type wild struct {
	Fault
	injected, healed func() error
}

func (w wild) Inject(ctx context.Context) (Effect, error) {
	effect, err := w.Fault.Inject(ctx)
	if w.injected != nil {
		err = errors.Join(err, w.injected())
	}
	return effect, err
}

func (w wild) Heal(ctx context.Context) (Effect, error) {
	if w.healed != nil {
		if err := w.healed(); err != nil {
			return Effect{}, err
		}
	}
	return w.Fault.Heal(ctx)
}

func panics() error { panic("wild") }

// mustPanic runs the nemesis, which must panic and not return.
func mustPanic(t *testing.T, n *Nemesis) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	defer func() {
		if got := recover(); got != "wild" {
			t.Errorf("got the panic %v, want that of the fault", got)
		}
	}()
	t.Errorf("the run returned %v", n.Run(ctx))
}

func TestPanicOfAnInjection(t *testing.T) {
	for _, fault := range []string{"kill", "pause"} {
		t.Run(fault, func(t *testing.T) {
			l, b := newLab(t), newBook(t)
			n := mustNew(t, Plan{Items: plain(fault), Interval: time.Millisecond}, l.env(), b)
			c := n.charge(fault)
			c.fault = wild{Fault: c.fault, injected: panics}
			mustPanic(t, n)
			l.mustBeUp(t)
			if got := b.entries(t); len(got) != 1 || got[0].f != c.kind.Healing {
				t.Errorf("got %v, want the healing", got)
			}
		})
	}
}

// One fault that cannot even be healed must not keep the others from it.
func TestPanicOfAHealing(t *testing.T) {
	l, b := newLab(t), newBook(t)
	n := mustNew(t, Plan{Items: plain("kill", "pause"), Interval: time.Millisecond}, l.env(), b)
	kill, pause := n.charge("kill"), n.charge("pause")
	kill.fault = wild{Fault: kill.fault, healed: panics}
	pause.fault = wild{Fault: pause.fault, injected: panics}
	n.remember(pause)
	n.remember(kill)
	n.tracks[0].next = func(time.Duration) (Step, bool) { return Step{Item: 1}, true }
	mustPanic(t, n)
	l.mustBeUp(t)
}

// contexts is a fault that looks at the contexts it gets, after the run has ended.
type contexts struct {
	end  func()
	errs []error
}

func (c *contexts) Inject(ctx context.Context) (Effect, error) { return c.look(ctx) }
func (c *contexts) Heal(ctx context.Context) (Effect, error)   { return c.look(ctx) }

func (c *contexts) look(ctx context.Context) (Effect, error) {
	c.end()
	if _, bounded := ctx.Deadline(); !bounded {
		c.errs = append(c.errs, errors.New("no deadline"))
	}
	c.errs = append(c.errs, ctx.Err())
	return at("n1", true), nil
}

// The end of the run cuts off no injection and no healing: half a fault is not
// the one that was recorded.
func TestTheEndCutsNothingOff(t *testing.T) {
	l, b := newLab(t), newBook(t)
	n := mustNew(t, Plan{Items: plain("kill"), Interval: time.Millisecond, Duration: time.Hour}, l.env(), b)
	ctx, cancel := context.WithCancel(testContext(t))
	fault := &contexts{end: cancel}
	n.charge("kill").fault = fault
	if err := n.Run(ctx); err != nil {
		t.Fatal(err)
	}
	if want := []error{nil, nil, nil}; !slices.Equal(fault.errs, want) { // and once more in the end
		t.Errorf("got %v, want an injection and two healings undisturbed", fault.errs)
	}
}

// A fault that could not be injected is recorded, and the run goes on.
func TestInjectionFails(t *testing.T) {
	l, b := newLab(t), newBook(t)
	n := mustNew(t, Plan{Items: plain("pause"), Interval: time.Millisecond}, l.env(), b)
	pause := n.charge("pause")
	pause.fault = wild{Fault: pause.fault, injected: func() error { return errors.New("half done") }}
	stop := start(t, n)
	processtest.Eventually(t, "two faults", func() bool { return n.Effects() >= 2 })
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	l.mustBeUp(t)
	got := b.entries(t)
	want := []entry{{"pause", `{"effect":true,"error":"half done","node":"n1"}`}, {"resume", `{"effect":true,"heals":"pause","node":"n1"}`}}
	if len(got) < 4 || !slices.Equal(got[:2], want) || !slices.Equal(got[2:4], want) {
		t.Errorf("got %v, want %v again and again", got, want)
	}
}

// A node on which a fault fails does not keep it from the next one, and stays in
// mind until it is healed.
func TestEveryNodeIsHealed(t *testing.T) {
	l := newLabs(t, 2)
	first := errors.New("first")
	var down touched
	for _, node := range l.Nodes() {
		if took, err := down.touch(node, func() (bool, error) { return true, nil }); !took || err != nil {
			t.Fatal(took, err)
		}
	}
	undo := func(wrong error) func(target.Node) (bool, error) {
		return func(node target.Node) (bool, error) {
			return wrong == nil || node.Name() != "n1", either(node.Name() == "n1", wrong)
		}
	}
	if got, err := down.heal(undo(first)); !errors.Is(err, first) || !reflect.DeepEqual(got, at("n2", true)) {
		t.Errorf("got %+v, %v", got, err)
	}
	if got, err := down.heal(undo(nil)); err != nil || !reflect.DeepEqual(got, at("n1", true)) {
		t.Errorf("got %+v, %v", got, err)
	}
	if got, err := down.heal(undo(nil)); err != nil || got.Took {
		t.Errorf("got %+v, %v; want that nothing is left", got, err)
	}
}

func either(when bool, err error) error {
	if when {
		return err
	}
	return nil
}

// HealAll heals what the faults did, then starts what has ended by itself, and may
// be called as often as one likes.
func TestHealAll(t *testing.T) {
	l, b := newLab(t), newBook(t)
	n := mustNew(t, Plan{Items: plain("restart", "pause", "kill", "pause"), Interval: time.Second}, l.env(), b)
	if _, err := l.node.Kill(testContext(t)); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := n.HealAll(); err != nil {
			t.Fatal(err)
		}
		l.mustBeUp(t)
	}
	want := []entry{{"start", `{"effect":true,"heals":"exit","node":"n1"}`}}
	if got := b.entries(t); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
