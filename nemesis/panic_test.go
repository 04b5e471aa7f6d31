package nemesis

import (
	"context"
	"errors"
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
			n := mustNew(t, Plan{Faults: []string{fault}, Interval: time.Millisecond}, l.env(), b)
			n.faults[fault] = wild{Fault: n.faults[fault], injected: panics}
			mustPanic(t, n)
			l.mustBeUp(t)
			if got := b.entries(t); len(got) != 1 || got[0].f != n.kinds[fault].Healing {
				t.Errorf("got %v, want the healing", got)
			}
		})
	}
}

// One fault that cannot even be healed must not keep the others from it.
func TestPanicOfAHealing(t *testing.T) {
	l, b := newLab(t), newBook(t)
	n := mustNew(t, Plan{Faults: []string{"kill", "pause"}, Interval: time.Millisecond}, l.env(), b)
	n.faults["kill"] = wild{Fault: n.faults["kill"], injected: panics, healed: panics}
	n.faults["pause"] = wild{Fault: n.faults["pause"], injected: panics}
	n.next = func() Step { return Step{Fault: "pause"} }
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
	return Effect{"n1", true}, nil
}

// The end of the run cuts off no injection and no healing: half a fault is not
// the one that was recorded.
func TestTheEndCutsNothingOff(t *testing.T) {
	l, b := newLab(t), newBook(t)
	n := mustNew(t, Plan{Faults: []string{"kill"}, Interval: time.Millisecond, Duration: time.Hour}, l.env(), b)
	ctx, cancel := context.WithCancel(testContext(t))
	fault := &contexts{end: cancel}
	n.faults["kill"] = fault
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
	n := mustNew(t, Plan{Faults: []string{"pause"}, Interval: time.Millisecond}, l.env(), b)
	n.faults["pause"] = wild{Fault: n.faults["pause"], injected: func() error { return errors.New("half done") }}
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

// two is a target that names its node twice, as if it had two.
type two struct{ target.Target }

func (w two) Nodes() []target.Node { return append(w.Target.Nodes(), w.Target.Nodes()...) }

// A node that cannot be healed does not keep the next one from being healed.
func TestEveryNodeIsHealed(t *testing.T) {
	l := newLab(t)
	env := l.env()
	env.Target = two{l.target}
	var asked int
	first := errors.New("first")
	got, err := env.everyNode(func(target.Node) (bool, error) {
		asked++
		if asked == 1 {
			return false, first
		}
		return true, nil
	})
	if asked != 2 || !errors.Is(err, first) || got != (Effect{"n1", true}) {
		t.Errorf("asked %d nodes, got %+v, %v", asked, got, err)
	}
}

// HealAll goes through the plan in its order, each fault once, and may be called
// as often as one likes.
func TestHealAll(t *testing.T) {
	l, b := newLab(t), newBook(t)
	n := mustNew(t, Plan{Faults: []string{"restart", "pause", "kill", "pause"}, Interval: time.Second}, l.env(), b)
	if want := []string{"restart", "pause", "kill"}; !slices.Equal(n.names, want) {
		t.Errorf("got %v, want %v", n.names, want)
	}
	if _, err := l.node.Kill(testContext(t)); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := n.HealAll(); err != nil {
			t.Fatal(err)
		}
		l.mustBeUp(t)
	}
	want := []entry{{"restart", `{"effect":true,"heals":"restart","node":"n1"}`}}
	if got := b.entries(t); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
