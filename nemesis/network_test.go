package nemesis

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/process/processtest"
	"github.com/jepsen-lite/jepsen-lite/target/topology"
	"github.com/jepsen-lite/jepsen-lite/target/topology/topologytest"
)

// netLab is servers, and two clients that reach them by a network.
type netLab struct{ *topology.Target }

func newNetLab(t *testing.T, c topology.Config) netLab {
	t.Helper()
	tg, _ := topologytest.Start(t, c)
	return netLab{tg}
}

func (l netLab) env() Env {
	return Env{Target: l, Clients: &crew{members: make([]*member, 2)}, Rand: rand.New(rand.NewPCG(1, 2)), Clock: target.Wall()}
}

// fault returns the fault that a plan names.
func (l netLab) fault(t *testing.T, plan string) Fault {
	t.Helper()
	item := mustParse(t, plan).Items[0]
	kind, _ := Find(item.Fault)
	args, err := kind.ReadArgs(item.Arguments)
	if err != nil {
		t.Fatal(err)
	}
	return kind.make(l.env(), args)
}

// front is the address at which clients reach a server: the first one of all, or
// what the Sentinels call the primary.
func (l netLab) front(t *testing.T) string {
	t.Helper()
	for _, n := range l.Nodes() {
		if !strings.HasPrefix(n.Name(), "s") {
			continue
		}
		reply, err := target.Command(testContext(t), n.Addr(), "SENTINEL", "GET-MASTER-ADDR-BY-NAME", "main")
		addr, _ := reply.([]any)
		if err != nil || len(addr) != 2 {
			t.Fatalf("got %v, %v", reply, err)
		}
		return fmt.Sprintf("%s:%s", addr...)
	}
	return l.Access("c0").Addrs[0]
}

// dial connects a client, and waits a short time for an answer.
func (l netLab) dial(client, addr string) (*wire, error) {
	ctx, cancel := context.WithTimeout(context.Background(), soon)
	defer cancel()
	conn, err := l.Access(client).Dial(ctx, addr)
	if err != nil {
		return nil, err
	}
	return &wire{conn, bufio.NewReader(conn)}, nil
}

// soon is how long one waits for what does not come. Nothing fails if something
// that does come takes longer.
const soon = 200 * time.Millisecond

func (l netLab) mustDial(t *testing.T, client, addr string) *wire {
	t.Helper()
	var w *wire
	processtest.Eventually(t, client+" connects", func() (ok bool) {
		var err error
		w, err = l.dial(client, addr)
		return err == nil
	})
	t.Cleanup(func() { w.Close() })
	return w
}

// on performs a command directly on a node, by no network.
func (l netLab) on(t *testing.T, node string, args ...any) any {
	t.Helper()
	for _, n := range l.Nodes() {
		if n.Name() == node {
			reply, err := target.Command(testContext(t), n.Addr(), args...)
			if err != nil && !strings.HasSuffix(err.Error(), "redis: nil") {
				t.Fatal(err)
			}
			return reply
		}
	}
	t.Fatalf("there is no node %s", node)
	return nil
}

// chatter lets a client ask again and again until the test ends, on a connection that
// it has and on new ones.
func (l netLab) chatter(t *testing.T, client string) {
	addr := l.front(t)
	ctx, cancel := context.WithCancel(context.Background())
	var talk sync.WaitGroup
	t.Cleanup(func() { cancel(); talk.Wait() })
	talk.Go(func() {
		old, err := l.dial(client, addr)
		for ctx.Err() == nil {
			if err == nil {
				_ = old.SetDeadline(time.Now().Add(soon))
				if _, err = old.ask("PING"); err != nil {
					_ = old.Close()
				}
			}
			next, dialErr := l.dial(client, addr)
			switch {
			case dialErr != nil:
			case err == nil:
				_ = next.Close()
			default:
				old, err = next, nil
			}
			target.Wall().Sleep(ctx, time.Millisecond)
		}
		if err == nil {
			_ = old.Close()
		}
	})
}

// mustBeSilent checks that a request is not answered.
func (w *wire) mustBeSilent(t *testing.T, command string) {
	t.Helper()
	_ = w.SetDeadline(time.Now().Add(soon))
	var timeout net.Error
	if reply, err := w.ask(command); !errors.As(err, &timeout) || !timeout.Timeout() {
		t.Errorf("%s: got %q, %v; want no answer", command, reply, err)
	}
}

// mustAnswer checks what comes next, when it comes.
func (w *wire) mustAnswer(t *testing.T, want string) {
	t.Helper()
	_ = w.SetDeadline(time.Now().Add(patience))
	if reply, err := w.replies.ReadString('\n'); err != nil || strings.TrimSpace(reply) != want {
		t.Errorf("got %q, %v; want %s", reply, err, want)
	}
}

func (w *wire) mustBeReset(t *testing.T) {
	t.Helper()
	_ = w.SetDeadline(time.Now().Add(patience))
	if reply, err := io.ReadAll(w.replies); !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("got %q, %v; want a reset", reply, err)
	}
}

// knows tells whether the server has a client's connection.
func (l netLab) knows(t *testing.T, client string) bool {
	t.Helper()
	list, _ := l.on(t, "n1", "CLIENT", "LIST").(string)
	return strings.Contains(list, "name="+client+" ")
}

// Each fault does to a client what its name says, and tells so when it heals.
func TestFaultsOfTheNetwork(t *testing.T) {
	l := newNetLab(t, topology.Config{})
	l.chatter(t, "c1")
	for _, test := range []struct {
		plan   string
		during func(*testing.T, *wire)
		after  func(*testing.T, *wire)
		figure string
	}{
		{"partition(clients)", func(t *testing.T, w *wire) { w.mustBeSilent(t, "PING") }, func(t *testing.T, w *wire) { w.mustAnswer(t, "+PONG") }, "held_bytes"},
		{"partition(clients->n1)", func(t *testing.T, w *wire) { w.mustBeSilent(t, "PING") }, func(t *testing.T, w *wire) { w.mustAnswer(t, "+PONG") }, "held_bytes"},
		{"partition(n1->clients)", func(t *testing.T, w *wire) {
			w.mustBeSilent(t, "SET heard yes")
			processtest.Eventually(t, "the server has it", func() bool { return l.on(t, "n1", "GET", "heard") == "yes" })
		}, func(t *testing.T, w *wire) { w.mustAnswer(t, "+OK") }, "held_bytes"},
		{"partition(clients, drop)", func(t *testing.T, w *wire) { w.mustBeSilent(t, "PING") }, func(t *testing.T, w *wire) { w.mustBeReset(t) }, "resets"},
		{"latency(clients, 1h, jitter=1m)", func(t *testing.T, w *wire) { w.mustBeSilent(t, "PING") }, func(t *testing.T, w *wire) { w.mustAnswer(t, "+PONG") }, "held_bytes"},
		{"bandwidth(clients, 1)", func(t *testing.T, w *wire) { w.mustBeSilent(t, "PING") }, func(t *testing.T, w *wire) {
			_ = w.SetDeadline(time.Now().Add(patience))
			if rest, err := w.replies.ReadString('\n'); err != nil || !strings.HasSuffix("+PONG\r\n", rest) {
				t.Errorf("got %q, %v", rest, err)
			}
		}, "held_bytes"},
		{"half-open(clients->n1)", func(t *testing.T, w *wire) {
			w.mustBeSilent(t, "PING")
			processtest.Eventually(t, "the server sees it gone", func() bool { return !l.knows(t, "me") })
		}, func(t *testing.T, w *wire) { w.mustBeReset(t) }, "half_opened"},
		{"half-open(n1->clients)", func(t *testing.T, w *wire) {
			w.mustBeReset(t)
			if !l.knows(t, "me") {
				t.Error("the server knows that its client has gone")
			}
		}, func(t *testing.T, _ *wire) {
			processtest.Eventually(t, "the server sees it gone", func() bool { return !l.knows(t, "me") })
		}, "half_opened"},
		{"slow-close(clients, 1h)", func(t *testing.T, w *wire) {
			w.Close()
			if !l.knows(t, "me") {
				t.Error("the server knows that its client has gone")
			}
		}, func(t *testing.T, _ *wire) {
			processtest.Eventually(t, "the server sees it gone", func() bool { return !l.knows(t, "me") })
		}, "slow_closes"},
		{"refuse(clients)", func(t *testing.T, w *wire) {
			if other, err := l.dial("c0", l.front(t)); !errors.Is(err, syscall.ECONNREFUSED) {
				t.Errorf("got %v, %v; want a refused connection", other, err)
			}
			fmt.Fprint(w, "PING\r\n")
			w.mustAnswer(t, "+PONG")
		}, func(t *testing.T, w *wire) { w.mustClose(t) }, "refused"},
	} {
		t.Run(test.plan, func(t *testing.T) {
			w := l.mustDial(t, "c0", l.front(t))
			fmt.Fprint(w, "CLIENT SETNAME me\r\n")
			w.mustAnswer(t, "+OK")
			fault := l.fault(t, test.plan)
			effect, err := fault.Inject(testContext(t))
			if err != nil || !effect.Took || len(effect.Where) != 1 {
				t.Errorf("injected: %+v, %v", effect, err)
			}
			test.during(t, w)
			healed, err := fault.Heal(testContext(t))
			if err != nil || !healed.Took || healed.Late || healed.Where[0] != effect.Where[0] || healed.Figures[test.figure] == 0 {
				t.Errorf("healed: %+v, %v; want %s", healed, err, test.figure)
			}
			test.after(t, w)
			act(t, "heal again", fault.Heal, Effect{})
			again := l.mustDial(t, "c0", l.front(t))
			fmt.Fprint(again, "PING\r\n")
			again.mustAnswer(t, "+PONG")
		})
	}
}

func (w *wire) mustClose(t *testing.T) {
	t.Helper()
	if err := w.Close(); err != nil {
		t.Error(err)
	}
}

func TestReset(t *testing.T) {
	l := newNetLab(t, topology.Config{})
	fault := l.fault(t, "reset(clients)")
	act(t, "reset without connections", fault.Inject, Effect{Where: []string{"clients<->n1"}, Figures: map[string]int64{"resets": 0}})
	a, b := l.mustDial(t, "c0", l.front(t)), l.mustDial(t, "c1", l.front(t))
	act(t, "reset", fault.Inject, Effect{Where: []string{"clients<->n1"}, Took: true, Figures: map[string]int64{"resets": 2}})
	a.mustBeReset(t)
	b.mustBeReset(t)
	act(t, "heal", fault.Heal, Effect{})
}

// What is noticed only after the injection counts, and what nobody notices does not.
func TestAPartitionNobodyNoticesIsNoFault(t *testing.T) {
	for _, used := range []bool{false, true} {
		t.Run(fmt.Sprint("used=", used), func(t *testing.T) {
			l := newNetLab(t, topology.Config{})
			b := newBook(t)
			n, err := New(mustParse(t, "partition(c1<->n1) once at 1ms for 1h"), l.env(), b)
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(testContext(t))
			var running sync.WaitGroup
			running.Go(func() {
				if err := n.Run(ctx); err != nil {
					t.Error(err)
				}
			})
			processtest.Eventually(t, "it is injected", func() bool { return n.Doing() == "partition c1<->n1" })
			if used {
				if w, err := l.dial("c1", l.front(t)); err == nil {
					w.Close()
					t.Error("the client is not cut off")
				}
			}
			cancel()
			running.Wait()
			const where = `"call":"partition(c1<->n1)","effect":%s"links":"c1<->n1"%s}`
			want := []entry{
				{"partition", "{" + fmt.Sprintf(where, "false,", "")},
				{"rejoin", "{" + fmt.Sprintf(where, `true,"heals":"partition",`, "")},
			}
			if used {
				late := entry{"partition", "{" + fmt.Sprintf(where, "true,", "")}
				want = []entry{want[0], late, {"rejoin", "{" + fmt.Sprintf(where, `true,"heals":"partition",`, `,"unanswered":1`)}}
			}
			if got := b.entries(t); fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("got  %v\nwant %v", got, want)
			}
			if got := n.Effects(); got != len(want)-2 {
				t.Errorf("%d effects", got)
			}
		})
	}
}

func TestFaultsOfTheNetworkAreRefused(t *testing.T) {
	l := newNetLab(t, topology.Config{})
	for plan, want := range map[string]string{
		"partition":                     "",
		"latency(clients->primary, 1s)": "",
		"partition(n2)":                 "fault partition(n2): there is no node n2: did you mean n1?",
		"latency(primary->replicas)":    "fault latency(primary->replicas): there are no replicas here; try primary",
		"reset(c5)":                     "fault reset(c5): there is no client c5: there are 2, from c0",
	} {
		_, err := New(mustParse(t, plan), l.env(), newBook(t))
		if want == "" && err != nil || want != "" && (err == nil || err.Error() != want) {
			t.Errorf("%s: got %v, want %q", plan, err, want)
		}
	}
	without := newLab(t).env()
	without.Clients = l.env().Clients
	_, err := New(mustParse(t, "partition(halves)"), without, newBook(t))
	if want := "fault partition(halves): there is no network on this target that could be harmed; the nearest that works there is pause"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
