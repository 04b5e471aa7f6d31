package schedule

import (
	"hash/maphash"
	"strings"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// signer is a world whose state can be told from others.
type signer interface {
	// Sign writes everything that decides what the world will do, but for the
	// scripts that its servers know.
	Sign(h *maphash.Hash)
}

func (w *simulated) Sign(h *maphash.Hash) {
	w.group.Sign(h)
	for _, s := range w.states {
		maphash.WriteComparable(h, s)
	}
}

// memory is what a machine keeps so that its state can be told from others: what
// each client has seen, and in which order things began and ended.
type memory struct {
	seed maphash.Seed
	seen []maphash.Hash // by each client
	past maphash.Hash   // see note
	// invoked and completed count each client's operations.
	invoked, completed []int
	scripts            map[string]bool // that the servers know
}

func newMemory(seed maphash.Seed, clients int) *memory {
	m := &memory{seed: seed, seen: make([]maphash.Hash, clients), invoked: make([]int, clients), completed: make([]int, clients), scripts: map[string]bool{}}
	for i := range m.seen {
		m.seen[i].SetSeed(seed)
	}
	m.past.SetSeed(seed)
	return m
}

// saw takes down what a client has got to know, and when.
func (m *memory) saw(l *lane, text string) {
	if m == nil || l.number >= len(m.seen) {
		return
	}
	h := &m.seen[l.number]
	h.WriteString(text)
	maphash.WriteComparable(h, l.machine.world.Now().Milliseconds())
}

// invoke takes down which operations had ended when one began. What else the
// order of two events may be, no check can tell.
func (m *memory) invoke(l *lane, op Op) {
	if m == nil || l.number >= len(m.seen) {
		return
	}
	m.saw(l, op.String())
	for _, n := range m.completed {
		maphash.WriteComparable(&m.seen[l.number], n)
	}
	m.invoked[l.number]++
}

func (m *memory) complete(l *lane, outcome history.Type, v history.Value, reason string) {
	if m == nil || l.number >= len(m.seen) {
		return
	}
	text := reason
	if !v.IsAbsent() {
		text += v.String()
	}
	m.saw(l, outcome.String()+text)
	if outcome != history.Info {
		m.completed[l.number]++
	}
}

// executed takes down what a server has got to know of a client: its scripts, and
// what it watches, which later writes may spoil.
func (m *memory) executed(l *lane) {
	if m == nil || len(l.command) < 2 {
		return
	}
	switch strings.ToLower(l.command[0]) {
	case "eval", "script":
		m.scripts[strings.Join(l.command, " ")] = true
	case "watch":
		var h maphash.Hash
		h.SetSeed(m.seed)
		l.machine.world.(signer).Sign(&h)
		maphash.WriteComparable(&m.seen[l.number], h.Sum64())
	}
}

// fault takes down when a fault happened, as checks can tell it.
func (m *memory) fault(step Step) {
	if m == nil {
		return
	}
	m.past.WriteString(step.String())
	for i := range m.invoked {
		maphash.WriteComparable(&m.past, [2]int{m.invoked[i], m.completed[i]})
	}
	switch step.Verb {
	case Kill, PowerLoss, Restart, Start:
		clear(m.scripts)
	}
}

// signature tells the machine's state from others. Two machines of one schedule
// with the same signature have the same futures, and checks judge their pasts
// alike.
func (m *machine) signature() uint64 {
	var h maphash.Hash
	h.SetSeed(m.memory.seed)
	m.world.(signer).Sign(&h)
	for i, l := range m.lanes {
		maphash.WriteComparable(&h, [3]int{int(l.at), l.next, len(l.late)})
		maphash.WriteComparable(&h, m.memory.seen[i].Sum64())
		maphash.WriteComparable(&h, l.due.Milliseconds())
		for _, c := range l.late {
			maphash.WriteComparable(&h, c.Alive())
			for _, a := range c.Pending() {
				h.WriteString(a)
			}
		}
		if l.conn != nil {
			maphash.WriteComparable(&h, l.conn.Alive())
		}
		if l.at == executed {
			_, _ = h.Write(l.conn.Reply())
		}
	}
	maphash.WriteComparable(&h, m.memory.past.Sum64())
	known := uint64(0)
	for text := range m.memory.scripts {
		known ^= maphash.String(m.memory.seed, text) // in no order
	}
	maphash.WriteComparable(&h, known)
	return h.Sum64()
}
