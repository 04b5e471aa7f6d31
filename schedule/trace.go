package schedule

import (
	"time"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/target/held"
)

// Kind says what happened in a line of a [Trace].
type Kind uint8

// The kinds, and what Text is then.
const (
	// Invoked: an operation begins: the operation.
	Invoked Kind = iota + 1
	// Requested: a request is ready: the command.
	Requested
	// Executed: the server has executed a request: the reply.
	Executed
	// Completed: an operation ends: its result, or why there is none.
	Completed
	// GaveUp: a client waits no longer.
	GaveUp
	// ExecutedLate: the server has executed a request that nobody waits for: the
	// command.
	ExecutedLate
	// Harmed: a fault, or the healing of one: its step.
	Harmed
	// Passed: time has passed: how much.
	Passed
	// Slept: a client sleeps: how long it means to.
	Slept
)

// Happening is one thing that happened when a schedule was performed.
type Happening struct {
	// Step is the place in the word of the steps that were taken; -1: after the
	// last one.
	Step int
	// At is the time since the beginning.
	At time.Duration
	// Client is whose it is; -1: the server's. The number after the last client is
	// the one that reads everything in the end.
	Client int
	// Helper is the number of the client's helper whose it is; 0: the client's own.
	Helper  int
	Kind    Kind
	Text    string
	Outcome history.Type // of Completed
}

// Trace is what happened, in order. A nil trace takes nothing down.
type Trace struct {
	Happenings []Happening
	ending     bool
}

func (t *Trace) add(m *machine, client int, kind Kind, text string) {
	at := len(m.word)
	if t.ending {
		at = -1
	}
	t.Happenings = append(t.Happenings, Happening{Step: at, At: m.world.Now(), Client: client, Kind: kind, Text: text})
}

// sleep, helps and helped: what helpers do between their commands.
func (t *Trace) sleep(m *machine, l *lane, d time.Duration) {
	if t != nil {
		t.of(m, l, Slept, d.String())
	}
}

func (t *Trace) helps(m *machine, l *lane) {
	if t != nil {
		t.of(m, l, Invoked, "helper")
	}
}

func (t *Trace) helped(m *machine, l *lane) {
	if t != nil {
		t.of(m, l, Completed, "")
		t.Happenings[len(t.Happenings)-1].Outcome = history.OK
	}
}

// of adds something that a lane does.
func (t *Trace) of(m *machine, l *lane, kind Kind, text string) {
	t.add(m, l.number, kind, text)
	t.Happenings[len(t.Happenings)-1].Helper = l.helper
}

// end tells that the word is over.
func (t *Trace) end() {
	if t != nil {
		t.ending = true
	}
}

func (t *Trace) invoke(m *machine, l *lane, op Op) {
	if t != nil {
		t.add(m, l.number, Invoked, op.String())
	}
}

func (t *Trace) ready(m *machine, l *lane) {
	if t != nil {
		command := showCommand(l.conn.Pending())
		if m.schedule.Target.Replicas > 0 {
			command = m.world.Node(l.conn) + ": " + command
		}
		t.of(m, l, Requested, command)
	}
}

func (t *Trace) executed(m *machine, l *lane) {
	if t != nil {
		t.of(m, l, Executed, showReply(l.conn.Reply()))
	}
}

func (t *Trace) complete(m *machine, l *lane, outcome history.Type, v history.Value, reason string) {
	if t == nil {
		return
	}
	text := ""
	if !v.IsAbsent() {
		text = v.String()
	}
	if reason != "" {
		text = reason
	}
	t.add(m, l.number, Completed, text)
	t.Happenings[len(t.Happenings)-1].Outcome = outcome
}

func (t *Trace) timeout(m *machine, l *lane) {
	if t != nil {
		t.of(m, l, GaveUp, "")
	}
}

func (t *Trace) late(m *machine, l *lane, c *held.Conn) {
	if t != nil {
		t.of(m, l, ExecutedLate, showCommand(c.Pending()))
	}
}

func (t *Trace) fault(m *machine, step Step, e Effect) {
	if t == nil {
		return
	}
	text := step.Verb.String()
	if m.schedule.Target.Replicas > 0 && e.Node != "" {
		text += " " + e.Node
	}
	t.add(m, -1, Harmed, text)
}

func (t *Trace) tick(m *machine, d time.Duration) {
	if t != nil {
		t.add(m, -1, Passed, d.Round(10*time.Microsecond).String())
	}
}
