package nemesis

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/target"
)

func TestKinds(t *testing.T) {
	l := newLab(t)
	words := map[string]bool{}
	for _, k := range Kinds() {
		for _, word := range []string{k.Name, k.Healing, k.Preparing} {
			if words[word] && word != "" {
				t.Errorf("%s: the word %q has another meaning already", k.Name, word)
			}
			words[word] = true
		}
		if k.About == "" || k.Name == "" || k.make == nil {
			t.Errorf("%+v: incomplete", k)
		}
		if err := k.Available(l.target, newArgs(k)); (err != nil) != (k.Needs != "" || k.whole != nil) {
			t.Errorf("%s on a local server: %v", k.Name, err)
		}
		if found, err := Find(k.Name); err != nil || found.Name != k.Name {
			t.Errorf("find %s: got %q, %v", k.Name, found.Name, err)
		}
	}
}

// The manual has every fault with its arguments, every place and every other word
// of events.
func TestTheManualIsComplete(t *testing.T) {
	text, err := os.ReadFile("../docs/faults.md")
	if err != nil {
		t.Fatal(err)
	}
	words := slices.Concat(placeNames(), firsts(Layouts()), firsts(Ends()))
	for _, k := range Kinds() {
		words = append(words, k.Signature(), k.Healing, k.Preparing)
	}
	for _, word := range words {
		if word != "" && !strings.Contains(string(text), "`"+word+"`") && !strings.Contains(string(text), "**"+word+"**") {
			t.Errorf("%s is not in docs/faults.md", word)
		}
	}
}

func TestFindUnknown(t *testing.T) {
	_, err := Find("kil")
	want := `unknown fault "kil": did you mean kill? (there are kill, pause, restart, client-pause, `
	if err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got %v, want %s", err, want)
	}
}

// bare is a target whose nodes can do nothing but run.
type bare struct{ target.Target }

func (b bare) Nodes() []target.Node {
	var nodes []target.Node
	for _, n := range b.Target.Nodes() {
		nodes = append(nodes, struct{ target.Node }{n})
	}
	return nodes
}

func TestNewRefuses(t *testing.T) {
	l := newLab(t)
	tests := []struct {
		name    string
		faults  []string
		bare    bool
		clients Clients
		want    string
	}{
		{name: "kill", faults: []string{"kill"}, bare: true, want: "fault kill: node n1 cannot be killed on this target; the nearest that works there is client-pause"},
		{name: "pause", faults: []string{"pause"}, bare: true, want: "fault pause: node n1 cannot be paused on this target"},
		{name: "restart", faults: []string{"restart"}, bare: true, want: "fault restart: node n1 cannot be stopped on this target"},
		{name: "second of two", faults: []string{"client-pause", "kill"}, bare: true, clients: &crew{members: make([]*member, 1)}, want: "fault kill: "},
		{name: "client-pause on any target", faults: []string{"client-pause"}, bare: true, clients: &crew{members: make([]*member, 1)}},
		{name: "clients unknown", faults: []string{"client-pause"}, want: "fault client-pause: there are no clients"},
		{name: "no clients", faults: []string{"client-pause"}, clients: &crew{}, want: "fault client-pause: there are no clients"},
		{name: "unknown fault", faults: []string{"flood"}, want: `unknown fault "flood"`},
		{name: "all on a local server", faults: []string{"kill", "pause", "restart"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			env := l.env()
			env.Clients = test.clients
			if test.bare {
				env.Target = bare{l.target}
			}
			_, err := New(Plan{Items: plain(test.faults...), Interval: time.Second}, env, newBook(t))
			if test.want == "" && err != nil {
				t.Errorf("got %v", err)
			}
			if test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("got %v, want it to say %q", err, test.want)
			}
		})
	}
}

func TestTry(t *testing.T) {
	l := newLab(t)
	for _, k := range Kinds() {
		if k.Available(l.target, newArgs(k)) != nil {
			continue
		}
		if took, err := Try(testContext(t), k, l.target); !took || err != nil {
			t.Errorf("%s: got %v, %v", k.Name, took, err)
		}
		l.mustBeUp(t)
	}
	if _, err := l.node.Kill(testContext(t)); err != nil {
		t.Fatal(err)
	}
	kill, err := Find("kill")
	if err != nil {
		t.Fatal(err)
	}
	if took, err := Try(testContext(t), kill, l.target); took || err != nil {
		t.Errorf("kill of a dead server: got %v, %v", took, err)
	}
	if l.node.Running() {
		t.Error("a server was started that the fault had not killed")
	}
}
