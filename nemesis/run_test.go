package nemesis

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/target/process/processtest"
)

// start makes a nemesis and lets it run; stop ends it and returns its error.
func start(t *testing.T, n *Nemesis) (stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- n.Run(ctx) }()
	return func() error {
		cancel()
		select {
		case err := <-ended:
			return err
		case <-time.After(patience):
			return errors.New("the nemesis does not end")
		}
	}
}

func mustNew(t *testing.T, plan Plan, env Env, journal Journal) *Nemesis {
	t.Helper()
	n, err := New(plan, env, journal)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// The events are those of the package comment, in order, a fault and its healing
// in turn.
func TestEvents(t *testing.T) {
	tests := []struct {
		fault          string
		inject, healed entry // of a healing that is never recorded: zero
	}{
		{"kill", entry{"kill", `{"effect":true,"node":"n1"}`}, entry{"start", `{"effect":true,"heals":"kill","node":"n1"}`}},
		{"pause", entry{"pause", `{"effect":true,"node":"n1"}`}, entry{"resume", `{"effect":true,"heals":"pause","node":"n1"}`}},
		{"restart", entry{"restart", `{"effect":true,"node":"n1"}`}, entry{}},
		{"client-pause", entry{"client-pause", `{"client":"c0","effect":true}`}, entry{"client-resume", `{"client":"c0","effect":true,"heals":"client-pause"}`}},
	}
	for _, test := range tests {
		t.Run(test.fault, func(t *testing.T) {
			l, b := newLab(t), newBook(t)
			env := l.env()
			if test.fault == "client-pause" {
				env.Clients = newCrew(t, l, 1)
			}
			n := mustNew(t, Plan{Items: plain(test.fault), Interval: 10 * time.Millisecond}, env, b)
			stop := start(t, n)
			processtest.Eventually(t, "three faults", func() bool { return n.Effects() >= 3 })
			if err := stop(); err != nil {
				t.Fatal(err)
			}
			l.mustBeUp(t)
			if n.Doing() != "" {
				t.Errorf("at rest it does %q", n.Doing())
			}
			got := b.entries(t)
			var want []entry
			for range n.Effects() {
				want = append(want, test.inject)
				if test.healed.f != "" {
					want = append(want, test.healed)
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}

func TestNoFaults(t *testing.T) {
	l, b := newLab(t), newBook(t)
	n := mustNew(t, Plan{}, l.env(), b)
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	if err := n.Run(ctx); err != nil || ctx.Err() == nil {
		t.Errorf("got %v; has its time ended: %v", err, ctx.Err())
	}
	if got := b.entries(t); len(got) != 0 || n.Effects() != 0 {
		t.Errorf("got %v, %d effects", got, n.Effects())
	}
}

func TestEndBeforeTheFirstFault(t *testing.T) {
	l, b := newLab(t), newBook(t)
	n := mustNew(t, Plan{Items: plain("kill"), Interval: time.Hour}, l.env(), b)
	if err := start(t, n)(); err != nil {
		t.Fatal(err)
	}
	if got := b.entries(t); len(got) != 0 || n.Effects() != 0 || !l.node.Running() {
		t.Errorf("got %v, %d effects, running %v", got, n.Effects(), l.node.Running())
	}
}

// A run that ends in the middle of a fault must leave a whole target behind.
func TestEndDuringAFault(t *testing.T) {
	tests := []struct{ fault, doing, healing string }{
		{"kill", "kill n1", "start"},
		{"pause", "pause n1", "resume"},
		{"client-pause", "client-pause c0", "client-resume"},
	}
	for _, test := range tests {
		t.Run(test.fault, func(t *testing.T) {
			l, b := newLab(t), newBook(t)
			env := l.env()
			var clients *crew
			if test.fault == "client-pause" {
				clients = newCrew(t, l, 1)
				env.Clients = clients
			}
			n := mustNew(t, Plan{Items: plain(test.fault), Interval: time.Millisecond, Duration: time.Hour}, env, b)
			stop := start(t, n)
			processtest.Eventually(t, "the fault has begun", func() bool { return n.Doing() == test.doing })
			if n.Effects() != 1 {
				t.Errorf("got %d effects, want 1", n.Effects())
			}
			if err := stop(); err != nil {
				t.Fatal(err)
			}
			l.mustBeUp(t)
			if clients != nil && !clients.members[0].moves() {
				t.Error("the client still stands")
			}
			got := b.entries(t)
			if len(got) != 2 || got[0].f != test.fault || got[1].f != test.healing {
				t.Errorf("got %v, want %s and %s", got, test.fault, test.healing)
			}
		})
	}
}

// A fault without effect is recorded, and not counted.
func TestFaultWithoutEffect(t *testing.T) {
	l, b := newLab(t), newBook(t)
	if _, err := l.node.Kill(testContext(t)); err != nil {
		t.Fatal(err)
	}
	n := mustNew(t, Plan{Items: plain("pause"), Interval: time.Millisecond, Duration: time.Hour}, l.env(), b)
	stop := start(t, n)
	processtest.Eventually(t, "the fault has begun", func() bool { return n.Doing() == "pause n1" })
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	want := []entry{{"pause", `{"effect":false,"node":"n1"}`}, {"start", `{"effect":true,"heals":"exit","node":"n1"}`}}
	if got := b.entries(t); !slices.Equal(got, want) || n.Effects() != 0 {
		t.Errorf("got %v, %d effects, want %v", got, n.Effects(), want)
	}
}

// spoil makes the node's data unreadable.
func spoil(t *testing.T, l lab) {
	t.Helper()
	manifest := filepath.Join(l.dir, "data", "appendonlydir", "appendonly.aof.manifest")
	if _, err := os.Stat(manifest); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(manifest, []byte("spoilt\n"), 0o644); err != nil {
		t.Fatal(err)
	}
}

// A server that does not come back ends the run, with the server's own words.
func TestHealingFails(t *testing.T) {
	for fault, healing := range map[string]string{"kill": "start", "restart": "restart"} {
		t.Run(fault, func(t *testing.T) {
			l, b := newLab(t), newBook(t)
			spoil(t, l)
			n := mustNew(t, Plan{Items: plain(fault), Interval: time.Millisecond}, l.env(), b)
			ctx, cancel := context.WithTimeout(context.Background(), patience)
			defer cancel()
			err := n.Run(ctx)
			if err == nil || ctx.Err() != nil {
				t.Fatalf("got %v, want it to end by an error", err)
			}
			for _, part := range []string{"heal " + fault + ": start n1: ", "manifest"} {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("got %v, want it to say %q", err, part)
				}
			}
			got := b.entries(t)
			// The second healing is the one with which a run always ends.
			if len(got) != 3 || got[0].f != fault || got[1].f != healing || got[2].f != healing {
				t.Fatalf("got %v, want %s, and %s twice", got, fault, healing)
			}
			if !strings.HasPrefix(got[1].value, `{"effect":false,"error":"heal `+fault) {
				t.Errorf("got %s", got[1].value)
			}
		})
	}
}

// Without a journal there is no evidence: the run ends at its first event,
// healed.
func TestJournalFails(t *testing.T) {
	for _, fault := range []string{"kill", "restart"} {
		t.Run(fault, func(t *testing.T) {
			l, b := newLab(t), newBook(t)
			if err := b.Close(); err != nil {
				t.Fatal(err)
			}
			n := mustNew(t, Plan{Items: plain(fault), Interval: time.Millisecond}, l.env(), b)
			ctx, cancel := context.WithTimeout(context.Background(), patience)
			defer cancel()
			err := n.Run(ctx)
			if err == nil || ctx.Err() != nil || !strings.Contains(err.Error(), "the journal is closed") {
				t.Errorf("got %v, want the journal's error", err)
			}
			if n.Effects() != 1 {
				t.Errorf("got %d faults, want it to end with the first", n.Effects())
			}
			l.mustBeUp(t)
		})
	}
}
