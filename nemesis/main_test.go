package nemesis

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/process"
	"github.com/jepsen-lite/jepsen-lite/target/process/processtest"
)

// patience bounds every wait of a test; none should come near it.
const patience = 30 * time.Second

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// testContext ends after patience.
func testContext(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return ctx
}

// lab is a target of one server, that runs until the test ends.
type lab struct {
	target *process.Target
	node   *process.Node
	dir    string // the node's folder
}

// newLab starts a server that keeps what it acknowledged. It skips the test where
// there is no server to run.
func newLab(t *testing.T) lab {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "servers")
	tg := processtest.StartIn(t, dir, target.AOFAlways)
	return lab{tg, tg.Nodes()[0].(*process.Node), filepath.Join(dir, "n1")}
}

// plain are faults without arguments or times.
func plain(names ...string) (items []Item) {
	for _, name := range names {
		items = append(items, Item{Fault: name})
	}
	return items
}

// charge returns the charge of a fault of that name.
func (n *Nemesis) charge(name string) *charge {
	for _, f := range n.tracks {
		for _, c := range f.charges {
			if c.kind.Name == name {
				return c
			}
		}
	}
	return nil
}

func (l lab) env() Env { return Env{Target: l.target, Rand: rand.New(rand.NewPCG(1, 2))} }

// wire is a connection to the server, that speaks to it as one does by telnet
// (https://redis.io/docs/latest/develop/reference/protocol-spec/#inline-commands).
type wire struct {
	net.Conn
	replies *bufio.Reader
}

// dial connects for as long as the timeout.
func (l lab) dial(timeout time.Duration) (*wire, error) {
	conn, err := net.Dial("tcp", l.node.Addr())
	if err != nil {
		return nil, err
	}
	return &wire{conn, bufio.NewReader(conn)}, conn.SetDeadline(time.Now().Add(timeout))
}

// ask performs a command without blanks in its arguments, and returns the reply's
// last line.
func (w *wire) ask(command string) (string, error) {
	if _, err := fmt.Fprintf(w, "%s\r\n", command); err != nil {
		return "", err
	}
	reply, err := w.replies.ReadString('\n')
	if err == nil && reply[0] == '$' && reply[1] != '-' {
		reply, err = w.replies.ReadString('\n')
	}
	if err == nil && reply[0] == '-' {
		err = errors.New(reply)
	}
	return strings.TrimSpace(reply), err
}

// ask performs a command on a connection of its own, within a short time.
func (l lab) ask(command string) (string, error) {
	w, err := l.dial(200 * time.Millisecond)
	if err != nil {
		return "", err
	}
	defer w.Close()
	return w.ask(command)
}

// mustBeUp checks that the server answers.
func (l lab) mustBeUp(t *testing.T) {
	t.Helper()
	if reply, err := l.ask("PING"); err != nil || reply != "+PONG" {
		t.Errorf("the server does not answer: %q, %v", reply, err)
	}
}

// book is a history on disk, as a run has it.
type book struct {
	*history.Recorder
	path string
}

func newBook(t *testing.T) book {
	t.Helper()
	path := filepath.Join(t.TempDir(), "history.jsonl")
	journal, err := history.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	b := book{history.NewRecorder(journal, history.Monotonic()), path}
	t.Cleanup(func() { b.Close() })
	return b
}

// entry is an event of the nemesis: its f and its value.
type entry struct{ f, value string }

// entries closes the book and reads it.
func (b book) entries(t *testing.T) []entry {
	t.Helper()
	if err := errors.Join(b.Note(history.End, history.Value{}), b.Close()); err != nil {
		t.Fatal(err)
	}
	h, err := history.LoadFile(b.path)
	if err != nil {
		t.Fatal(err)
	}
	var all []entry
	for _, e := range h.Nemesis[:len(h.Nemesis)-1] { // without the end
		if e.Process != history.Nemesis || e.Type != history.Info {
			t.Errorf("%v %v: want all events to be info of the nemesis", e.Process, e.Type)
		}
		all = append(all, entry{e.F, withoutDuration(t, e.Value)})
	}
	return all
}

// withoutDuration returns the value as text without took_ns, which must be there.
func withoutDuration(t *testing.T, v history.Value) string {
	t.Helper()
	var fields map[string]any
	if err := json.Unmarshal([]byte(v.String()), &fields); err != nil {
		t.Fatal(err)
	}
	if took, ok := fields["took_ns"].(float64); !ok || took <= 0 {
		t.Errorf("%s does not tell how long it took", v)
	}
	delete(fields, "took_ns")
	rest, err := history.JSON(fields)
	if err != nil {
		t.Fatal(err)
	}
	return rest.String()
}

// labs is a target of several servers that know nothing of each other. Its roles
// are what a test says.
type labs struct {
	targets []*process.Target
	roles   map[string]target.Role
	unknown error // why the roles cannot be told
}

// newLabs starts so many servers, n1, n2, …
func newLabs(t *testing.T, count int) *labs {
	t.Helper()
	l := &labs{roles: map[string]target.Role{}}
	for range count {
		l.targets = append(l.targets, processtest.Start(t, target.AOFAlways))
	}
	return l
}

func (l *labs) Start(context.Context) error { return nil }
func (l *labs) Close() error                { return nil }

func (l *labs) Roles(context.Context) (map[string]target.Role, error) { return l.roles, l.unknown }

func (l *labs) Nodes() (nodes []target.Node) {
	for i, tg := range l.targets {
		nodes = append(nodes, &renamed{tg.Nodes()[0].(*process.Node), fmt.Sprintf("n%d", i+1)})
	}
	return nodes
}

func (l *labs) env() Env {
	return Env{Target: l, Rand: rand.New(rand.NewPCG(1, 2)), Clock: target.Wall()}
}

// renamed is a server under another name.
type renamed struct {
	*process.Node
	name string
}

func (m *renamed) Name() string { return m.name }
