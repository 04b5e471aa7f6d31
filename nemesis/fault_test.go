package nemesis

import (
	"context"
	"errors"
	"math/rand/v2"
	"net"
	"reflect"
	"syscall"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/target"
)

// make1 returns the fault of that name, on the environment.
func make1(t *testing.T, name string, env Env) Fault {
	t.Helper()
	kind, err := Find(name)
	if err != nil {
		t.Fatal(err)
	}
	env.Clock = target.Wall()
	return kind.make(env, newArgs(kind))
}

// at is an effect on a node, or a fault of one that changed nothing.
func at(node string, took bool) Effect { return Effect{Where: []string{node}, Took: took} }

// act checks what an injection or a healing reports.
func act(t *testing.T, what string, action func(context.Context) (Effect, error), want Effect) {
	t.Helper()
	if got, err := action(testContext(t)); !reflect.DeepEqual(got, want) || err != nil {
		t.Fatalf("%s: got %+v, %v; want %+v", what, got, err, want)
	}
}

func TestKill(t *testing.T) {
	l := newLab(t)
	kill := make1(t, "kill", l.env())
	act(t, "heal what is well", kill.Heal, Effect{})
	if _, err := l.ask("SET k kept"); err != nil {
		t.Fatal(err)
	}
	act(t, "kill", kill.Inject, at("n1", true))
	if l.node.Running() {
		t.Error("the server is still there")
	}
	if _, err := l.ask("PING"); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("got %v, want a refused dial", err)
	}
	act(t, "kill again", kill.Inject, at("n1", false))
	act(t, "heal", kill.Heal, at("n1", true))
	act(t, "heal again", kill.Heal, Effect{})
	mustHold(t, l, "kept")
}

func TestPause(t *testing.T) {
	l := newLab(t)
	pause := make1(t, "pause", l.env())
	act(t, "heal what is well", pause.Heal, Effect{})
	act(t, "pause", pause.Inject, at("n1", true))
	var timeout net.Error
	if _, err := l.ask("PING"); !errors.As(err, &timeout) || !timeout.Timeout() {
		t.Errorf("got %v, want a timeout", err)
	}
	act(t, "pause again", pause.Inject, at("n1", false))
	act(t, "heal", pause.Heal, at("n1", true))
	l.mustBeUp(t)
	act(t, "heal again", pause.Heal, Effect{})

	kill := make1(t, "kill", l.env())
	act(t, "kill", kill.Inject, at("n1", true))
	act(t, "pause a dead server", pause.Inject, at("n1", false))
	act(t, "heal a dead server of its pause", pause.Heal, Effect{})
}

func TestRestart(t *testing.T) {
	l := newLab(t)
	restart := make1(t, "restart", l.env())
	if _, err := l.ask("SET k kept"); err != nil {
		t.Fatal(err)
	}
	pid := l.node.PID()
	act(t, "restart", restart.Inject, at("n1", true))
	if l.node.PID() == pid || syscall.Kill(pid, 0) == nil {
		t.Errorf("process %d became %d: want another one, and the first gone", pid, l.node.PID())
	}
	mustHold(t, l, "kept")
	act(t, "heal", restart.Heal, Effect{})

	act(t, "kill", make1(t, "kill", l.env()).Inject, at("n1", true))
	act(t, "restart a dead server", restart.Inject, at("n1", false))
	l.mustBeUp(t)
	act(t, "pause", make1(t, "pause", l.env()).Inject, at("n1", true))
	act(t, "restart a paused server", restart.Inject, at("n1", true))
	mustHold(t, l, "kept")
	act(t, "kill", make1(t, "kill", l.env()).Inject, at("n1", true))
	act(t, "heal what another fault has done", restart.Heal, Effect{})
}

// mustHold checks the value of k.
func mustHold(t *testing.T, l lab, want string) {
	t.Helper()
	if got, err := l.ask("GET k"); got != want || err != nil {
		t.Errorf("k is %q, %v; want %q", got, err, want)
	}
}

func TestClientPause(t *testing.T) {
	l := newLab(t)
	clients := newCrew(t, l, 3)
	env := l.env()
	env.Clients = clients
	pause := make1(t, "client-pause", env)
	act(t, "heal what is well", pause.Heal, Effect{})
	for range 3 {
		effect, err := pause.Inject(testContext(t))
		if err != nil || !effect.Took || len(effect.Where) != 1 {
			t.Fatalf("got %+v, %v", effect, err)
		}
		victim := int(effect.Where[0][1] - '0')
		for i, m := range clients.members {
			if got := m.moves(); got == (i == victim) {
				t.Errorf("%s is frozen: c%d moves: %v", effect.Where, i, got)
			}
		}
		act(t, "heal", pause.Heal, effect)
		act(t, "heal again", pause.Heal, Effect{})
		if !clients.members[victim].moves() {
			t.Errorf("%s still stands", effect.Where)
		}
	}
}

// The fault chooses its victims from its generator: all of them, in the end, and
// the same ones for the same seed.
func TestClientPauseChoosesBySeed(t *testing.T) {
	l := newLab(t)
	choose := func() (chosen string) {
		env := l.env()
		env.Clients, env.Rand = newCrew(t, l, 3), rand.New(rand.NewPCG(3, 4))
		pause := make1(t, "client-pause", env)
		for range 8 {
			effect, err := pause.Inject(testContext(t))
			if err != nil {
				t.Fatal(err)
			}
			chosen += effect.Where[0]
			act(t, "heal", pause.Heal, effect)
		}
		return chosen
	}
	first, second := choose(), choose()
	if first != second {
		t.Errorf("the same seed chose %s and %s", first, second)
	}
}

// A client in the middle of a long command cannot be frozen. Then it must not
// come to stand later either, when nobody expects it.
func TestClientPauseDoesNotTakeHold(t *testing.T) {
	m := &member{}
	release, entered := make(chan struct{}), make(chan struct{})
	ended := make(chan struct{})
	ctx, cancel := context.WithCancel(testContext(t))
	go func() {
		defer close(ended)
		first := true
		m.work(ctx, func() {
			if first {
				first = false
				close(entered)
				<-release
			}
			time.Sleep(time.Millisecond)
		})
	}()
	<-entered
	env := Env{Clients: &crew{members: []*member{m}}, Rand: rand.New(rand.NewPCG(1, 2))}
	pause := make1(t, "client-pause", env)
	short, cancelShort := context.WithTimeout(testContext(t), 20*time.Millisecond)
	defer cancelShort()
	if got, err := pause.Inject(short); !reflect.DeepEqual(got, at("c0", false)) || err != nil {
		t.Errorf("got %+v, %v", got, err)
	}
	close(release)
	if !m.moves() {
		t.Error("the client came to stand after all")
	}
	act(t, "heal", pause.Heal, Effect{})
	cancel()
	<-ended
}
