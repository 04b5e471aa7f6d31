package nemesis

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/process/processtest"
	"github.com/jepsen-lite/jepsen-lite/target/virtual"
)

// Tracks overlap: a fault of one lasts while another one's comes and goes.
func TestTracksRunSideBySide(t *testing.T) {
	l, b := newLabs(t, 2), newBook(t)
	n := mustNew(t, mustParse(t, "pause(n1) once at 1ms for 1h, kill(n2) every 5ms for 1ms"), l.env(), b)
	stop := start(t, n)
	processtest.Eventually(t, "both last", func() bool { return n.Doing() == "pause n1, kill n2" && n.Effects() >= 3 })
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	if n.Doing() != "" {
		t.Errorf("at rest it does %q", n.Doing())
	}
	var first []entry
	for _, e := range b.entries(t) {
		if e.f == "pause" || e.f == "resume" {
			first = append(first, e)
		} else if e.f != "kill" && e.f != "start" || !strings.Contains(e.value, `"node":"n2"`) {
			t.Errorf("got %v", e)
		}
	}
	want := []entry{
		{"pause", `{"call":"pause(n1)","effect":true,"node":"n1"}`},
		{"resume", `{"call":"pause(n1)","effect":true,"heals":"pause","node":"n1"}`},
	}
	if !slices.Equal(first, want) {
		t.Errorf("got %v, want %v", first, want)
	}
}

// shy is a fault that wants to be alone while it acts.
type shy struct {
	acting *atomic.Int32
	met    *atomic.Int32
	acts   *atomic.Int32
}

func (s shy) act() (Effect, error) {
	if s.acting.Add(1) > 1 {
		s.met.Add(1)
	}
	time.Sleep(time.Millisecond)
	s.acting.Add(-1)
	s.acts.Add(1)
	return at("n1", true), nil
}

func (s shy) Inject(context.Context) (Effect, error) { return s.act() }
func (s shy) Heal(context.Context) (Effect, error)   { return s.act() }

func TestActsTakeTurns(t *testing.T) {
	l, b := newLab(t), newBook(t)
	n := mustNew(t, mustParse(t, "kill every 1ms for 1ms, pause every 1ms for 1ms, restart every 1ms, kill every 2ms for 1ms"), l.env(), b)
	s := shy{new(atomic.Int32), new(atomic.Int32), new(atomic.Int32)}
	for _, f := range n.tracks {
		f.charges[0].fault = s
	}
	stop := start(t, n)
	processtest.Eventually(t, "a hundred acts", func() bool { return s.acts.Load() > 100 })
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	if s.met.Load() > 0 {
		t.Errorf("%d of %d acts met another one", s.met.Load(), s.acts.Load())
	}
}

// A panic in one track ends the others, heals what they did, and goes on.
func TestPanicInATrack(t *testing.T) {
	l, b := newLab(t), newBook(t)
	n := mustNew(t, mustParse(t, "pause once at 1ms for 1h, kill once at 50ms for 1h"), l.env(), b)
	c := n.charge("kill")
	c.fault = wild{Fault: c.fault, injected: panics}
	mustPanic(t, n)
	l.mustBeUp(t)
}

// stuck is a healing that does not succeed while something is in its way.
type stuck struct {
	Fault
	inTheWay func() bool
}

func (s stuck) Heal(ctx context.Context) (Effect, error) {
	if s.inTheWay() {
		return Effect{}, errors.New("stuck")
	}
	return s.Fault.Heal(ctx)
}

// What cannot be healed while another fault lasts is healed once that one is, and
// does not end the run.
func TestAHealingWaitsForAnother(t *testing.T) {
	l, b := newLab(t), newBook(t)
	n := mustNew(t, mustParse(t, "pause, kill"), l.env(), b)
	pause, kill := n.charge("pause"), n.charge("kill")
	kill.fault = stuck{kill.fault, func() bool { return pause.lasts }}
	ctx := testContext(t)
	if err := errors.Join(n.inject(ctx, pause), n.inject(ctx, kill), n.heal(kill, false)); err != nil {
		t.Fatal(err)
	}
	if l.node.Running() || !kill.owed {
		t.Fatalf("runs: %v, owed: %v", l.node.Running(), kill.owed)
	}
	if err := n.heal(pause, false); err != nil {
		t.Fatal(err)
	}
	l.mustBeUp(t)
	want := []entry{
		{"pause", `{"effect":true,"node":"n1"}`}, {"kill", `{"effect":true,"node":"n1"}`},
		{"start", `{"effect":false,"error":"heal kill: stuck","heals":"kill"}`},
		{"start", `{"effect":true,"heals":"kill","node":"n1"}`},
	}
	if got := b.entries(t); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// Two faults that are in each other's way are an error in the end.
func TestHealingsThatWaitForEachOtherFail(t *testing.T) {
	l, b := newLab(t), newBook(t)
	n := mustNew(t, mustParse(t, "pause, kill"), l.env(), b)
	always := func() bool { return true }
	for _, name := range []string{"pause", "kill"} {
		c := n.charge(name)
		c.fault = stuck{c.fault, always}
		if err := n.inject(testContext(t), c); err != nil {
			t.Fatal(err)
		}
		c.lasts = true
	}
	if err := n.HealAll(); err == nil || !strings.Contains(err.Error(), "heal pause: stuck") || !strings.Contains(err.Error(), "heal kill: stuck") {
		t.Errorf("got %v", err)
	}
}

// The turn passes in virtual time as well, where whoever waits must let time pass.
func TestTurnInVirtualTime(t *testing.T) {
	v := virtual.New(rand.New(rand.NewPCG(1, 1)))
	turn := newTurn(v)
	var ends []time.Duration
	v.Run(func() {
		g := v.Group()
		for range 3 {
			g.Go(func() {
				turn.take()
				defer turn.give()
				v.Sleep(context.Background(), time.Hour)
				ends = append(ends, v.Now())
			})
		}
		g.Wait()
	})
	if want := []time.Duration{time.Hour, 2 * time.Hour, 3 * time.Hour}; !slices.Equal(ends, want) {
		t.Errorf("got %v, want %v", ends, want)
	}
}

func TestTable(t *testing.T) {
	l := newLab(t)
	for _, row := range Table(l.target) {
		if (row.Err != nil) != (row.Kind.Needs != "" || row.Kind.whole != nil) {
			t.Errorf("%s on a local server: %v", row.Kind.Name, row.Err)
		}
	}
	for _, row := range Table(bare{l.target}) {
		if row.Kind.Name == "client-pause" {
			if row.Err != nil {
				t.Errorf("client-pause: %v", row.Err)
			}
		} else if row.Err == nil || !strings.HasSuffix(row.Err.Error(), "; the nearest that works there is client-pause") {
			t.Errorf("%s: got %v", row.Kind.Name, row.Err)
		}
	}
}

var _ target.Roler = (*labs)(nil)
